import assert from 'node:assert/strict';
import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type ErrorCode } from '../../src/common/errors';
import type { EngineStatus, TranslateResult } from '../../src/protocol/engine';
import type { EngineClient } from '../../src/host/engine/client';
import {
  buildEngine,
  type BuiltEngine,
  clientOf,
  GREEDY,
  loadParams,
  translateParams,
} from './support/engine';
import { editHeader, type TinyModel, writeTinyModel } from './support/tinyModel';

const ENGLISH = 'Open the settings and select a language for the new project.';
const KOREAN = '설정을 열고 새 프로젝트의 언어를 선택하세요.';
const DOCUMENT = Array.from(
  { length: 80 },
  (_, index) => `The file number ${index} was saved in the folder of the project.`,
).join('\n');

function hasCode(code: ErrorCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, code, error.message);
    return true;
  };
}

/** Resolves with the first status of that state from now on. */
function stateOf(client: EngineClient, state: EngineStatus['state']): Promise<EngineStatus> {
  return new Promise((resolve) => {
    const listener = client.onNotification('state', (status) => {
      if (status.state !== state) return;
      listener.dispose();
      resolve(status);
    });
  });
}

describe('the engine process', function () {
  this.timeout(120_000);
  let engine: BuiltEngine;
  let client: EngineClient;

  before(async () => {
    engine = await buildEngine();
  });

  after(() => engine.remove());

  beforeEach(() => {
    client = clientOf(engine.path);
  });

  afterEach(async () => {
    await client.stop();
    client.dispose();
  });

  it('starts nothing before the first request, and says what it has', async () => {
    assert.equal(client.state, 'stopped');
    assert.equal(client.pid, undefined);
    const status = await client.request('status', {});
    assert.equal(status.state, 'empty');
    assert.equal(status.model, undefined);
    assert.ok(status.residentBytes > 1e6);
    assert.equal(client.state, 'running');
  });

  it('loads the default model and translates both ways', async () => {
    const info = await client.request('load', loadParams());
    assert.equal(info.device, 'cpu');
    assert.equal(info.precision, 'int8');
    assert.equal(info.vocabularySize, 16_000);
    assert.deepEqual(info.devices, [{ device: 'cpu', available: true, chosen: true }]);
    const { results } = await client.request(
      'translate',
      translateParams([`// ${ENGLISH}`, KOREAN, '{}']),
    );
    assert.match(results[0]?.text ?? '', /^\/\/ .*설정.*언어/u);
    assert.match(results[1]?.text ?? '', /settings.*language/iu);
    assert.equal(results[2]?.text, '{}');
    const { state } = await client.request('status', {});
    assert.equal(state, 'ready');
  });

  it('refuses to translate before a model was loaded', async () => {
    await assert.rejects(
      client.request('translate', translateParams([ENGLISH])),
      hasCode('modelNotFound'),
    );
    await assert.rejects(client.request('devices', {}), hasCode('modelNotFound'));
  });

  it('refuses parameters that are none, before they leave and where they arrive', async () => {
    await assert.rejects(
      client.request('load', loadParams({ threads: -1 })),
      hasCode('invalidArgument'),
    );
    assert.equal(client.pid, undefined, 'nothing was started for it');
    await client.request('load', loadParams());
    await assert.rejects(
      client.request('translate', translateParams([ENGLISH], { protectPatterns: ['('] })),
      hasCode('invalidArgument'),
    );
    assert.equal(client.state, 'running');
  });

  it('sends progress and partial text with the number of the call', async () => {
    await client.request('load', loadParams());
    const progress: number[] = [];
    const partial: string[] = [];
    const params = translateParams([ENGLISH], { stream: true });
    client.onNotification('progress', ({ call, done, total }) => {
      assert.equal(call, params.call);
      assert.equal(total, 1);
      progress.push(done);
    });
    client.onNotification('partial', ({ call, index, text }) => {
      assert.deepEqual([call, index], [params.call, 0]);
      partial.push(text);
    });
    const { results } = await client.request('translate', params);
    assert.deepEqual(progress, [0, 1]);
    assert.ok(partial.length >= 2);
    assert.equal(partial.at(-1), results[0]?.text);
  });

  it('a cancelled call settles at once, and the engine is free for the next', async () => {
    await client.request('load', loadParams());
    const { pid } = client;
    const abort = new AbortController();
    let steps = 0;
    const params = translateParams([DOCUMENT]);
    client.onNotification('progress', ({ done, total }) => {
      steps = done;
      if (done < total) abort.abort();
    });
    await assert.rejects(client.request('translate', params, abort.signal), hasCode('cancelled'));
    const result = await client.request('translate', translateParams([ENGLISH]));
    assert.equal(result.results.length, 1);
    assert.ok(steps < 80, 'the document was not finished first');
    assert.equal(client.pid, pid, 'the same process goes on');
  });

  it('answers a short request while a document is under way', async () => {
    await client.request('load', loadParams());
    const order: string[] = [];
    const document = client
      .request('translate', translateParams([DOCUMENT]))
      .then((result) => (order.push('document'), result));
    const started = new Promise<void>((resolve) => {
      client.onNotification('progress', () => resolve());
    });
    await started;
    const hover = client
      .request('translate', translateParams([ENGLISH]))
      .then((result) => (order.push('hover'), result));
    const [long, short] = await Promise.all([document, hover]);
    assert.deepEqual(order, ['hover', 'document']);
    assert.equal(long.sentences, 80);
    assert.equal(short.sentences, 1);
  });

  it('remembers translations, and forgets them when told', async () => {
    await client.request('load', loadParams({ cacheBytes: 1_000_000 }));
    const ask = (): Promise<TranslateResult> =>
      client.request('translate', translateParams([ENGLISH]));
    const first = await ask();
    const second = await ask();
    assert.equal(second.fromCache, 1);
    assert.deepEqual(second.results, first.results);
    const status = await client.request('status', {});
    assert.equal(status.cacheEntries, 1);
    assert.ok(status.cacheBytes > 0);
    assert.deepEqual(await client.request('clearCache', {}), { entries: 1 });
    assert.equal((await ask()).fromCache, 0);
  });

  it('lets the model go when told, and loads it again for the next translation', async () => {
    await client.request('load', loadParams());
    assert.deepEqual(await client.request('unload', {}), { freed: true });
    assert.deepEqual(await client.request('unload', {}), { freed: false });
    const { state, model } = await client.request('status', {});
    assert.equal(state, 'unloaded');
    assert.equal(model?.device, 'cpu');
    const ready = stateOf(client, 'ready');
    const { results } = await client.request('translate', translateParams([ENGLISH]));
    assert.match(results[0]?.text ?? '', /[가-힣]/u);
    await ready;
  });

  it('lets the model go when it is idle', async () => {
    const unloaded = stateOf(client, 'unloaded');
    await client.request('load', loadParams({ idleUnloadMinutes: 0.001 }));
    await unloaded;
    const again = stateOf(client, 'unloaded');
    const { results } = await client.request('translate', translateParams([KOREAN]));
    assert.match(results[0]?.text ?? '', /[a-z]/u);
    await again;
  });

  it('lets a translation end with its model although it is unloaded meanwhile', async () => {
    await client.request('load', loadParams());
    const started = new Promise<void>((resolve) => {
      client.onNotification('progress', () => resolve());
    });
    const document = client.request('translate', translateParams([DOCUMENT]));
    await started;
    assert.deepEqual(await client.request('unload', {}), { freed: true });
    assert.equal((await document).sentences, 80);
    assert.equal((await client.request('status', {})).state, 'unloaded');
  });

  it('gives the same by beam in a batch as alone', async () => {
    await client.request('load', loadParams());
    const decoding = { ...GREEDY, beam: 4 };
    const texts = [ENGLISH, 'Save the file.', 'The server could not be started.'];
    const together = await client.request('translate', translateParams(texts, { decoding }));
    for (const [index, text] of texts.entries()) {
      const alone = await client.request('translate', translateParams([text], { decoding }));
      assert.equal(together.results[index]?.text, alone.results[0]?.text);
    }
  });

  describe('with a model folder that is broken', () => {
    let tiny: TinyModel;

    beforeEach(async () => {
      tiny = await writeTinyModel();
    });

    afterEach(() => tiny.remove());

    const weights = () => join(tiny.path, 'model.safetensors');
    const shared = 'model.shared.weight';
    for (const [what, code, spoil] of [
      ['no folder', 'modelNotFound', () => tiny.remove()],
      ['no weights', 'modelNotFound', () => rm(weights())],
      ['no tokenizer', 'modelNotFound', () => rm(join(tiny.path, 'tokenizer.json'))],
      ['no config', 'modelNotFound', () => rm(join(tiny.path, 'config.json'))],
      ['half of the weights', 'modelWeightsInvalid', () => truncate(weights(), 50_000)],
      ['weights of 4 bytes', 'modelWeightsInvalid', () => truncate(weights(), 4)],
      ['empty weights', 'modelWeightsInvalid', () => truncate(weights(), 0)],
      ['weights that are text', 'modelWeightsInvalid', () => writeFile(weights(), 'not weights')],
      [
        'offsets outside the file',
        'modelWeightsInvalid',
        () =>
          editHeader(tiny.path, (header) => {
            const [start = 0, end = 0] = header[shared]?.data_offsets ?? [];
            header[shared]!.data_offsets = [start + 2 ** 40, end + 2 ** 40];
          }),
      ],
      [
        'negative offsets',
        'modelWeightsInvalid',
        () => editHeader(tiny.path, (header) => (header[shared]!.data_offsets = [-64, 0])),
      ],
      [
        'a shape that is not the config’s',
        'modelWeightsInvalid',
        () => editHeader(tiny.path, (header) => header[shared]!.shape.reverse()),
      ],
      [
        'a tensor missing',
        'modelWeightsInvalid',
        () => editHeader(tiny.path, (header) => delete header['model.encoder.layers.0.fc1.bias']),
      ],
      [
        'a config that is no JSON',
        'modelConfigInvalid',
        () => writeFile(join(tiny.path, 'config.json'), '{'),
      ],
      [
        'a config of no Transformer',
        'modelConfigInvalid',
        () => writeFile(join(tiny.path, 'config.json'), '{"model_type":"marian","vocab_size":-1}'),
      ],
      [
        'a tokenizer that is no JSON',
        'tokenizerInvalid',
        () => writeFile(join(tiny.path, 'tokenizer.json'), '['),
      ],
      [
        'a tokenizer that is none',
        'tokenizerInvalid',
        () => writeFile(join(tiny.path, 'tokenizer.json'), '{}'),
      ],
    ] as const) {
      it(`${what}: ${code}, and the engine and its model live on`, async () => {
        await client.request('load', loadParams());
        const { pid } = client;
        await spoil();
        await assert.rejects(
          client.request('load', loadParams({ modelPath: tiny.path })),
          hasCode(code),
        );
        assert.equal(client.pid, pid);
        const { results } = await client.request('translate', translateParams([ENGLISH]));
        assert.match(results[0]?.text ?? '', /[가-힣]/u);
      });
    }

    it('whole: it loads in place of the other', async () => {
      await client.request('load', loadParams());
      const info = await client.request('load', loadParams({ modelPath: tiny.path }));
      assert.deepEqual([info.name, info.precision, info.heads], ['tiny', 'fp32', 4]);
      const { model } = await client.request('status', {});
      assert.equal(model?.name, 'tiny');
    });
  });
});
