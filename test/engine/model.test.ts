/** openModel: what it refuses, what it gives back, and the variants that have no oracle of their own. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError, type ErrorCode } from '../../src/common/errors';
import { generate } from '../../src/engine/generate';
import { openModel } from '../../src/engine/model';
import type { DecodeOptions, Hypothesis, Model } from '../../src/engine/types';
import { FIXTURES, readGoldens, type Golden } from './support/golden';
import { Graphs } from './support/graphs';
import { writeRandomModel, type MarianFields } from './support/randomModel';

const GREEDY: DecodeOptions = { beam: 1, lengthPenalty: 1, maxTokens: 14, nBest: 1 };
const CPU = { device: 'cpu', threads: 1 } as const;

/** The base model of the paper, Table 3. */
const BASE: MarianFields = {
  vocab_size: 37000,
  d_model: 512,
  encoder_layers: 6,
  decoder_layers: 6,
  encoder_attention_heads: 8,
  decoder_attention_heads: 8,
  encoder_ffn_dim: 2048,
  decoder_ffn_dim: 2048,
  activation_function: 'relu',
  scale_embedding: true,
  max_position_embeddings: 512,
  pad_token_id: 36999,
  eos_token_id: 0,
  decoder_start_token_id: 36999,
};

function goldenNamed(name: string): Golden {
  const found = readGoldens().find((golden) => golden.name === name);
  if (!found) throw new Error(`No fixture ${name}`);
  return found;
}

async function single(
  model: Model,
  source: readonly number[],
  options: DecodeOptions,
): Promise<Hypothesis> {
  const [hypotheses] = await model.generate([source], options);
  assert.ok(hypotheses?.[0]);
  return hypotheses[0];
}

function rejectsWith(promise: Promise<unknown>, code: ErrorCode, named?: string): Promise<void> {
  return assert.rejects(promise, (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code, error.message);
    if (named !== undefined) assert.ok(Object.values(error.data).includes(named), error.message);
    return true;
  });
}

/** One pass over the whole output must give each token the probability that decoding step by step gave it. */
async function sameAsTeacherForcing(
  model: Model,
  source: readonly number[],
  best: Hypothesis,
): Promise<void> {
  const { logits } = await model.inspect(source, best.ids);
  const [rows, vocabulary] = logits.dims as [number, number];
  assert.ok(rows >= best.ids.length);
  best.ids.forEach((id, position) => {
    const row = [...logits.data.subarray(position * vocabulary, (position + 1) * vocabulary)];
    const sum = Math.log(row.reduce((total, logit) => total + Math.exp(logit), 0));
    const expected = best.tokenLogProbabilities[position] ?? NaN;
    assert.ok(Math.abs((row[id] ?? NaN) - sum - expected) < 1e-4);
  });
}

describe('openModel', function () {
  this.timeout(60_000);
  let temporary: string;
  let folder: string;
  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), 'headlight-model-'));
    folder = join(temporary, 'model');
    cpSync(join(FIXTURES, 'one-head'), folder, { recursive: true });
  });
  afterEach(() => rmSync(temporary, { recursive: true, force: true }));

  const weights = () => join(folder, 'model.safetensors');
  /** Rewrites the JSON of the weights' header, padded to the length it had so that the data stay in place. */
  const editHeader = (edit: (text: string) => string) => {
    const bytes = readFileSync(weights());
    const length = Number(bytes.readBigUInt64LE(0));
    const text = edit(bytes.toString('utf8', 8, 8 + length));
    assert.ok(text.length <= length);
    bytes.write(text.padEnd(length), 8);
    writeFileSync(weights(), bytes);
  };

  it('refuses a folder that is not there', () =>
    rejectsWith(openModel(join(temporary, 'none'), CPU), 'modelNotFound', 'config.json'));

  it('refuses a folder without weights', async () => {
    rmSync(weights());
    await rejectsWith(openModel(folder, CPU), 'modelNotFound', 'model.safetensors');
  });

  it('refuses a config.json that is not JSON', async () => {
    writeFileSync(join(folder, 'config.json'), '{"d_model":');
    await rejectsWith(openModel(folder, CPU), 'modelConfigInvalid', 'config.json');
  });

  it('refuses weights that are cut off anywhere', async () => {
    for (const size of [0, 5, 100, readFileSync(weights()).length - 1]) {
      truncateSync(weights(), size);
      await rejectsWith(openModel(folder, CPU), 'modelWeightsInvalid');
      cpSync(join(FIXTURES, 'one-head', 'model.safetensors'), weights());
    }
  });

  it('names a missing tensor', async () => {
    const name = 'model.encoder.layers.0.fc1.bias';
    editHeader((text) => text.replace(name, name.replace('fc1', 'fcX')));
    await rejectsWith(openModel(folder, CPU), 'modelWeightsInvalid', name);
  });

  it('names a tensor whose shape is not what config.json says', async () => {
    editHeader((text) => text.replace('"shape":[13,9]', '"shape":[9,13]'));
    await rejectsWith(openModel(folder, CPU), 'modelWeightsInvalid');
    cpSync(join(FIXTURES, 'one-head', 'model.safetensors'), weights());
    const config = readFileSync(join(folder, 'config.json'), 'utf8');
    writeFileSync(join(folder, 'config.json'), config.replace('"d_model": 9', '"d_model": 8'));
    await rejectsWith(openModel(folder, CPU), 'modelWeightsInvalid', 'model.shared.weight');
  });

  it('names a tensor whose dtype has no place in the layout', async () => {
    editHeader((text) => text.replace('"dtype":"F32","shape":[13]', '"dtype":"I8","shape":[52]'));
    await rejectsWith(openModel(folder, CPU), 'modelWeightsInvalid');
  });

  it('refuses offsets outside the file', async () => {
    editHeader((text) =>
      text.replace(/(?<="data_offsets":\[\d+,)\d+/, (end) => '9'.repeat(end.length)),
    );
    await rejectsWith(openModel(folder, CPU), 'modelWeightsInvalid');
  });

  it('says that a device cannot be had', () =>
    rejectsWith(openModel(folder, { ...CPU, device: 'coreml' }), 'deviceUnavailable', 'coreml'));
});

describe('a loaded model', function () {
  this.timeout(60_000);
  const golden = goldenNamed('one-head');
  let model: Model;
  before(async () => {
    model = await openModel(golden.folder, CPU);
  });
  after(() => model.dispose());

  it('says what it is', () => {
    assert.equal(model.precision, 'fp32');
    assert.equal(model.device, 'cpu');
    assert.equal(model.encodeLimit, 24);
  });

  it('gives the same for one source as for a batch, in the order of the sources', async () => {
    const together = await model.generate(golden.sources, { ...GREEDY, beam: 3, nBest: 3 });
    for (const [row, source] of golden.sources.entries()) {
      const [alone] = await model.generate([source], { ...GREEDY, beam: 3, nBest: 3 });
      assert.deepEqual(
        alone?.map(({ ids }) => ids),
        together[row]?.map(({ ids }) => ids),
      );
    }
  });

  it('keeps log-probabilities, score and end consistent', async () => {
    for (const beam of [1, 4])
      for (const [best] of await model.generate(golden.sources, {
        ...GREEDY,
        beam,
        lengthPenalty: 0.6,
      })) {
        assert.ok(best);
        const sum = best.tokenLogProbabilities.reduce((total, value) => total + value, 0);
        assert.equal(best.tokenLogProbabilities.length, best.ids.length);
        assert.ok(Math.abs(sum - best.logProbability) < 1e-5);
        assert.ok(Math.abs(best.score - sum / best.ids.length ** 0.6) < 1e-5);
        assert.equal(best.ended, best.ids.at(-1) === 1);
      }
  });

  it('teacher-forcing gives every token the probability that decoding gave it', async () => {
    for (const source of golden.sources) {
      const best = await single(model, source, GREEDY);
      await sameAsTeacherForcing(model, source, best);
    }
  });

  it('never generates a banned token', async () => {
    const { bannedTokenIds } = model.config;
    assert.equal(bannedTokenIds.length, 1);
    const all = await model.generate(golden.sources, { ...GREEDY, beam: 8, nBest: 8 });
    for (const { ids } of all.flat()) assert.ok(!ids.includes(bannedTokenIds[0] as number));
  });

  it('reports the ids so far of the rows that go on, and stops at the next step when cancelled', async () => {
    const controller = new AbortController();
    const steps: { row: number; ids: readonly number[] }[][] = [];
    const long = golden.greedy.findIndex(({ ids }) => ids.length > 3);
    assert.ok(long >= 0);
    const running = model.generate(golden.sources, {
      ...GREEDY,
      signal: controller.signal,
      onStep: (rows) => {
        steps.push([...rows]);
        if (steps.length === 2) controller.abort();
      },
    });
    await rejectsWith(running, 'cancelled');
    assert.equal(steps.length, 2);
    const seen = steps[1]?.find(({ row }) => row === long);
    assert.deepEqual(seen?.ids, golden.greedy[long]?.ids.slice(0, 2));
  });

  it('is cancelled in a beam search too, by a timer that fires between steps', async () => {
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    const options = { ...GREEDY, beam: 4, signal: controller.signal };
    await rejectsWith(model.generate(golden.sources, options), 'cancelled');
  });

  it('refuses ids that are no tokens, sources too long or empty, and options that make no sense', async () => {
    await rejectsWith(model.generate([[5, 53]], GREEDY), 'invalidArgument');
    await rejectsWith(model.generate([[5, -1]], GREEDY), 'invalidArgument');
    await rejectsWith(model.generate([[]], GREEDY), 'invalidArgument');
    await rejectsWith(model.generate([Array<number>(25).fill(5)], GREEDY), 'textTooLong');
    await rejectsWith(model.inspect([5], Array<number>(25).fill(5)), 'textTooLong');
    for (const change of [{ beam: 0 }, { beam: 40 }, { maxTokens: 0 }, { lengthPenalty: NaN }])
      await rejectsWith(model.generate([[5]], { ...GREEDY, ...change }), 'invalidArgument');
    assert.deepEqual(await model.generate([], GREEDY), []);
  });

  it('never decodes beyond its positions', async () => {
    const best = await single(model, golden.sources[0] as number[], {
      ...GREEDY,
      beam: 2,
      maxTokens: 1000,
    });
    assert.ok(best.ids.length <= 24);
  });

  it('refuses work after it was disposed, and is disposed only once', async () => {
    const other = await openModel(golden.folder, CPU);
    await other.inspect(golden.sources[0] as number[], [4]);
    await other.dispose();
    await other.dispose();
    await rejectsWith(other.generate([[5]], GREEDY), 'internal');
  });
});

describe('int8', function () {
  this.timeout(60_000);
  const golden = goldenNamed('int8');

  it('stays close to the weights it stands for', async () => {
    const model = await openModel(golden.folder, CPU);
    try {
      assert.equal(model.precision, 'int8');
      const expected = golden.tensors.get('logits') as { shape: number[]; data: Float32Array };
      const [, longest, vocabulary] = expected.shape as [number, number, number];
      let difference = 0;
      let size = 0;
      for (const [row, source] of golden.sources.entries()) {
        const { logits } = await model.inspect(source, golden.targets[row] ?? []);
        logits.data.forEach((logit, index) => {
          const reference = expected.data[row * longest * vocabulary + index] ?? NaN;
          difference += (logit - reference) ** 2;
          size += reference ** 2;
        });
      }
      // Activations are rounded to 8 bits as well, which the reference does not do.
      assert.ok(Math.sqrt(difference / size) < 0.05, `${Math.sqrt(difference / size)}`);
    } finally {
      await model.dispose();
    }
  });
});

describe('fp16', function () {
  this.timeout(60_000);
  for (const attention of ['fused', 'plain'] as const)
    it(`runs on the CPU with ${attention} attention and agrees with fp32 to half precision`, async () => {
      const golden = goldenNamed('eight-heads-silu');
      const graphs = await Graphs.open(golden.folder, { precision: 'fp16', attention });
      try {
        const results = await generate(await graphs.generator(), golden.sources, GREEDY);
        const full = await openModel(golden.folder, CPU);
        const expected = await full.generate(golden.sources, GREEDY);
        await full.dispose();
        for (const [row, [best]] of results.entries()) {
          const first = best?.tokenLogProbabilities[0] ?? NaN;
          const reference = expected[row]?.[0]?.tokenLogProbabilities[0] ?? NaN;
          assert.ok(Math.abs(first - reference) < 0.05, `${first} ${reference}`);
        }
      } finally {
        await graphs.release();
      }
    });
});

describe('keys and values of different sizes (Table 3, row B)', function () {
  this.timeout(60_000);
  it('give the same fused, plain and step by step', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headlight-sizes-'));
    try {
      writeRandomModel(folder, {
        ...BASE,
        vocab_size: 50,
        d_model: 24,
        encoder_layers: 1,
        decoder_layers: 2,
        encoder_ffn_dim: 20,
        decoder_ffn_dim: 20,
        encoder_attention_heads: 4,
        decoder_attention_heads: 3,
        headlight: { keySize: 4, valueSize: 7 },
        pad_token_id: 49,
        decoder_start_token_id: 49,
      });
      const source = [5, 9, 33, 0];
      const fused = await openModel(folder, CPU);
      const plain = await openModel(folder, { ...CPU, attention: 'plain' });
      const options = { ...GREEDY, beam: 2 };
      const [one, other] = [
        await single(fused, source, options),
        await single(plain, source, options),
      ];
      assert.deepEqual(one.ids, other.ids);
      await sameAsTeacherForcing(fused, source, one);
      const [maps, plainMaps] = [
        await fused.inspect(source, one.ids),
        await plain.inspect(source, one.ids),
      ];
      plainMaps.cross.data.forEach((weight, index) => {
        assert.ok(Math.abs(weight - (maps.cross.data[index] ?? NaN)) < 1e-5);
      });
      await fused.dispose();
      await plain.dispose();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("the paper's base size", function () {
  this.timeout(60_000);
  it('is emitted, loads and runs', async function () {
    this.timeout(120_000);
    const folder = mkdtempSync(join(tmpdir(), 'headlight-base-'));
    try {
      writeRandomModel(folder, BASE);
      const model = await openModel(folder, CPU);
      try {
        assert.equal(model.parameters, 63_082_496);
        const best = await single(model, [17, 4, 2017, 0], {
          ...GREEDY,
          maxTokens: 4,
        });
        assert.ok(best.ids.length >= 1 && best.ids.length <= 4);
        assert.ok(Number.isFinite(best.logProbability) && best.logProbability < 0);
        const { enc, cross } = await model.inspect([17, 4, 2017, 0], [5, 6]);
        assert.deepEqual(enc.dims, [6, 8, 4, 4]);
        assert.deepEqual(cross.dims, [6, 8, 3, 4]);
      } finally {
        await model.dispose();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
