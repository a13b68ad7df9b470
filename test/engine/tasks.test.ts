import assert from 'node:assert/strict';
import { readTokenizer } from '../../src/engine/folder';
import { openModel } from '../../src/engine/model';
import { Summarizer } from '../../src/engine/summarizer';
import { Turns } from '../../src/engine/turns';
import type { Model } from '../../src/engine/types';
import { Writer } from '../../src/engine/writer';
import type { GenerateParams } from '../../src/protocol/tasks';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';
import { DEFAULT_MODEL } from './support/engine';
import { FakeModel, type Writer as FakeWriter } from './support/fakeModel';

const DECODING = { beam: 4, lengthPenalty: 1, maxTokens: 64 };

describe('Writer', () => {
  let tokenizer: Tokenizer;
  before(async () => {
    tokenizer = await readTokenizer(DEFAULT_MODEL);
  });

  async function generate(write: FakeWriter, changes: Partial<GenerateParams> = {}) {
    const model = new FakeModel(tokenizer, write);
    const writer = new Writer({ model, tokenizer, turns: new Turns() });
    const result = await writer.generate({
      task: 'title',
      language: 'en',
      text: 'The `cache` of 3 results is kept.',
      decoding: DECODING,
      nBest: 4,
      protectPatterns: [],
      ...changes,
    });
    return { result, model };
  }

  it('asks with the tag of the task and language, spans protected', async () => {
    for (const [task, language, source] of [
      ['title', 'en', '<title> The <c0> of 3 results is kept.'],
      ['title', 'ko', '<titlek> The <c0> of 3 results is kept.'],
      ['oneLine', 'en', '<sum> The <c0> of 3 results is kept.'],
      ['explain', 'en', '<explain> The `cache` of 3 results is kept.'],
      ['translate', 'ko', '<2ko> The <c0> of 3 results is kept.'],
    ] as const) {
      const { model } = await generate(() => [{ text: 'A' }], { task, language });
      assert.deepEqual(model.calls[0]?.sources, [source]);
    }
  });

  it('gives the candidates that may stand, best first, each once, spans restored', async () => {
    const { result, model } = await generate(
      () => [
        { text: 'Cache of 7 results' },
        { text: 'The <c0>' },
        { text: 'The <c5>' },
        { text: 'The <c0>' },
        { text: 'Results' },
      ],
      { decoding: { ...DECODING, beam: 5 } },
    );
    assert.deepEqual(
      result.candidates.map(({ text }) => text),
      ['The `cache`', 'Results'],
    );
    assert.equal(result.refused, undefined);
    assert.equal(model.calls.length, 1);
  });

  for (const [reason, text, ended] of [
    ['repeated', 'the file the file the file the file', true],
    ['repeated', 'Update cache cache', true],
    ['spanLost', 'The <c3>', true],
    ['numberChanged', 'Keep 12 results', true],
    ['noOutput', '...', true],
    ['runaway', 'It goes on and on', false],
  ] as const) {
    it(`tries a wider beam and then refuses: ${reason} (${text})`, async () => {
      const { result, model } = await generate(() => [{ text, ended }]);
      assert.deepEqual(result, { candidates: [], refused: reason, cut: false });
      assert.deepEqual(
        model.calls.map(({ options }) => options.beam),
        [4, 8],
      );
    });
  }

  it('wants every span and number in a translation', async () => {
    const write: FakeWriter = () => [{ text: '<c0>를 보관' }, { text: '결과 3개의 <c0>를 보관' }];
    const { result } = await generate(write, { task: 'translate', language: 'ko' });
    assert.deepEqual(
      result.candidates.map(({ text }) => text),
      ['결과 3개의 `cache`를 보관'],
    );
  });

  it('does not ask where there is nothing to read, or code is too long to be read whole', async () => {
    const empty = await generate(() => [{ text: 'A' }], { text: ' --- ' });
    assert.equal(empty.result.refused, 'noText');
    const long = await generate(() => [{ text: 'A' }], {
      task: 'explain',
      text: 'ls a b c; '.repeat(200),
    });
    assert.equal(long.result.refused, 'tooLong');
    assert.equal(empty.model.calls.length + long.model.calls.length, 0);
  });

  it('reads the beginning of a long passage and says so', async () => {
    const text = 'The results of the last requests are kept in memory. '.repeat(100);
    const { result, model } = await generate(() => [{ text: 'Results' }], { text });
    assert.equal(result.cut, true);
    assert.ok((model.calls[0]?.sources[0]?.length ?? 0) > 500);
  });

  it('stops when it is cancelled', async () => {
    const model = new FakeModel(tokenizer, () => [{ text: 'A title' }]);
    const abort = new AbortController();
    model.beforeStep = () => Promise.resolve(abort.abort());
    const writer = new Writer({ model, tokenizer, turns: new Turns() });
    const params = {
      task: 'title',
      language: 'en',
      text: 'A sentence.',
      decoding: DECODING,
      nBest: 1,
      protectPatterns: [],
    } as const;
    await assert.rejects(writer.generate(params, abort.signal), { code: 'cancelled' });
  });
});

describe('Summarizer', function () {
  this.timeout(120_000);
  let model: Model;
  let tokenizer: Tokenizer;
  before(async () => {
    tokenizer = await readTokenizer(DEFAULT_MODEL);
    model = await openModel(DEFAULT_MODEL, { device: 'cpu', threads: 1 });
  });
  after(() => model.dispose());

  const summarize = (text: string, sentences: number) =>
    new Summarizer({ model, tokenizer, turns: new Turns() }).summarize({
      text,
      sentences,
      language: 'auto',
    });

  it('chooses sentences of the text, in its order, the first among them', async () => {
    const text =
      'The cache keeps results in memory. Bananas are yellow. The cache of results in memory can be cleared. ' +
      'When memory is short, the cache drops its oldest results. See the list.';
    const { sentences, total, language } = await summarize(text, 3);
    assert.equal(total, 5);
    assert.equal(language, 'en');
    assert.equal(sentences.length, 3);
    assert.equal(sentences[0]?.start, 0);
    let before = -1;
    for (const { start, end, text: sentence, score } of sentences) {
      assert.equal(text.slice(start, end), sentence);
      assert.ok(start > before && score > 0 && score < 1);
      before = start;
    }
    assert.ok(!sentences.some((sentence) => sentence.text.includes('Bananas')));
  });

  it('chooses no sentence about something else, however short, in Korean too', async () => {
    const { sentences } = await summarize(
      '서버는 요청마다 로그를 남깁니다. 날씨가 좋습니다. 로그는 하루에 한 번 압축됩니다. ' +
        '서버가 다시 시작되면 로그 파일이 새로 만들어집니다.',
      3,
    );
    assert.deepEqual(
      sentences.map(({ text }) => text.includes('날씨')),
      [false, false, false],
    );
  });

  it('gives nothing of nothing, and all of little', async () => {
    assert.deepEqual(await summarize('...', 3), { language: 'en', sentences: [], total: 0 });
    const { sentences, language } = await summarize('캐시는 결과를 메모리에 보관합니다.', 3);
    assert.equal(sentences.length, 1);
    assert.equal(language, 'ko');
  });

  it('means the same whatever else is in the batch', async () => {
    const ids = (text: string) => tokenizer.encode(`<2ko> ${text}`).ids;
    const short = ids('Open the file.');
    const [alone] = await model.encode([short]);
    const [, beside] = await model.encode([ids('A much longer sentence about the cache.'), short]);
    assert.ok(alone && beside);
    assert.equal(alone.length, model.config.modelSize);
    const distance = Math.hypot(...alone.map((value, index) => value - (beside[index] ?? 0)));
    // int8 scales are found per call, so that padding moves the last digits.
    assert.ok(distance < 0.05 * Math.hypot(...alone), String(distance));
  });
});
