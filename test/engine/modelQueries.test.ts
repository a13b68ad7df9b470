/** What the panel's model view is told, against Hugging Face's maps, the file's header and arithmetic of the test's own. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openQuery } from '../../src/attention/scaledDotProduct';
import { decodeHalf } from '../../src/attention/half';
import { AttentionRuns } from '../../src/engine/attentionRuns';
import { modelIdentity, readTokenizer } from '../../src/engine/folder';
import type { InspectParts } from '../../src/engine/inspection';
import { openModel } from '../../src/engine/model';
import { nearestPieces, readEmbeddings } from '../../src/engine/neighbours';
import { TranslationCache } from '../../src/engine/translationCache';
import { Turns } from '../../src/engine/turns';
import type { Model } from '../../src/engine/types';
import { attentionAnswer } from '../../src/protocol/attentionGuards';
import type {
  AttentionQuery,
  AttentionQueryName,
  AttentionQueryParams,
  AttentionQueryResult,
} from '../../src/protocol/attentionQueries';
import {
  ATTENTION_KINDS,
  layersOf,
  mapShape,
  type AttentionRun,
} from '../../src/protocol/attentionRun';
import type { InspectParams, ModelInfo } from '../../src/protocol/engine';
import type { TransformerConfig } from '../../src/transformer/config';
import { countParameters } from '../../src/transformer/parameters';
import { parseSafetensors } from '../../src/transformer/weights';
import { DEFAULT_MODEL } from './support/engine';
import { readGoldens, type Golden } from './support/golden';

const NAMES = { encoder: 'enc', decoder: 'dec', cross: 'cross' } as const;
const TOLERANCE = 1e-4;

/** Tensors of a model file as numbers, whatever they are stored as, without scales. */
function readTensor(folder: string, name: string): { shape: readonly number[]; data: number[] } {
  const bytes = new Uint8Array(readFileSync(join(folder, 'model.safetensors')));
  const tensor = parseSafetensors(bytes, bytes.length).get(name);
  if (!tensor) throw new Error(`${folder} has no ${name}`);
  const { buffer } = bytes.slice(tensor.offset, tensor.offset + tensor.length);
  const read = {
    I8: () => new Int8Array(buffer),
    U8: () => new Uint8Array(buffer),
    F16: () => decodeHalf(new Uint16Array(buffer)),
    F32: () => new Float32Array(buffer),
  };
  return { shape: tensor.shape, data: [...read[tensor.dtype]()] };
}

describe('one head opened up', function () {
  this.timeout(120_000);
  for (const golden of readGoldens().filter(({ name }) => name !== 'int8'))
    it(`gives the maps and value norms of Hugging Face: ${golden.name}`, async () => {
      const model = await openModel(golden.folder, { device: 'cpu', threads: 1 });
      try {
        for (const kind of ATTENTION_KINDS)
          for (let layer = 0; layer < stackOf(model.config, kind).layers; layer++)
            await compareLayer(golden, model, kind, layer);
      } finally {
        await model.dispose();
      }
    });
});

function stackOf(config: TransformerConfig, kind: AttentionQueryParams<'headDetail'>['kind']) {
  return kind === 'encoder' ? config.encoder : config.decoder;
}

/** Of the first source: row by row the softmax, and ||v W^O|| of each value. */
async function compareLayer(
  golden: Golden,
  model: Model,
  kind: keyof typeof NAMES,
  layer: number,
): Promise<void> {
  const source = golden.sources[0] ?? [];
  const inputs = [model.config.startTokenId, ...(golden.targets[0] ?? [])];
  const { heads, keySize, valueSize } = stackOf(model.config, kind);
  const all = await model.projections({ kind, layer }, source, inputs);
  const queries = kind === 'encoder' ? source.length : inputs.length;
  const keys = kind === 'decoder' ? inputs.length : source.length;
  const map = golden.tensors.get(NAMES[kind]);
  const norms = golden.tensors.get(`${NAMES[kind]}_norm`);
  assert.ok(map && norms);
  const [, , , mostQueries = 0, mostKeys = 0] = map.shape;
  const side = kind === 'encoder' ? 'encoder' : 'decoder';
  const module = kind === 'cross' ? 'encoder_attn' : 'self_attn';
  const projection = `model.${side}.layers.${layer}.${module}.out_proj.weight`;
  const { data: output } = readTensor(golden.folder, projection);
  for (let head = 0; head < heads; head++) {
    const values = all.value.slice(head * keys * valueSize, (head + 1) * keys * valueSize);
    for (let query = 0; query < queries; query++) {
      const at = (head * queries + query) * keySize;
      const { weights } = openQuery({
        query: all.query.slice(at, at + keySize),
        keys: all.key.slice(head * keys * keySize, (head + 1) * keys * keySize),
        values,
        mask: Uint8Array.from({ length: keys }, (_, key) =>
          Number(kind !== 'decoder' || key <= query),
        ),
      });
      const row = ((layer * heads + head) * mostQueries + query) * mostKeys;
      weights.forEach((weight, key) =>
        assertNear(weight, map.data[row + key], `${kind} ${layer}.${head} ${query} ${key}`),
      );
    }
    for (let key = 0; key < keys; key++) {
      let square = 0;
      for (let channel = 0; channel < model.config.modelSize; channel++) {
        let sum = 0;
        for (let i = 0; i < valueSize; i++) {
          const weight = output[channel * heads * valueSize + head * valueSize + i] ?? NaN;
          sum += weight * (values[key * valueSize + i] ?? NaN);
        }
        square += sum ** 2;
      }
      const expected = norms.data[(layer * heads + head) * mostKeys + key];
      assertNear(Math.sqrt(square), expected, `norm ${kind} ${layer}.${head} ${key}`);
    }
  }
}

function assertNear(actual: number, expected: number | undefined, what: string): void {
  assert.ok(Math.abs(actual - (expected ?? NaN)) < TOLERANCE, `${what}: ${actual}, ${expected}`);
}

describe('nearest neighbours', () => {
  const goldens = readGoldens().filter(({ name }) => ['int8', 'one-head'].includes(name));
  for (const { name, folder } of goldens)
    it(`are those of brute force over the weights themselves: ${name}`, async () => {
      const { shape, data } = readTensor(folder, 'model.shared.weight');
      const [count = 0, size = 0] = shape;
      // With their scales, which the engine leaves out.
      const scales = name === 'int8' ? readTensor(folder, 'model.shared.weight_scale').data : [];
      const vectors = Array.from({ length: count }, (_, id) =>
        data.slice(id * size, (id + 1) * size).map((value) => value * (scales[id] ?? 1)),
      );
      const product = (a: readonly number[], b: readonly number[]) =>
        a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
      const cosine = (a: number, b: number) => {
        const [u = [], v = []] = [vectors[a], vectors[b]];
        return product(u, v) / Math.sqrt(product(u, u) * product(v, v));
      };
      const embeddings = await readEmbeddings(folder);
      for (const id of [2, 7, count - 1]) {
        const expected = vectors
          .map((_, other) => ({ id: other, cosine: cosine(id, other) }))
          .filter((piece) => piece.id !== id && Number.isFinite(piece.cosine))
          .sort((a, b) => b.cosine - a.cosine)
          .slice(0, 5);
        const found = nearestPieces(embeddings, id, 5);
        assert.deepEqual(
          found.map((piece) => piece.id),
          expected.map((piece) => piece.id),
        );
        found.forEach((piece, rank) =>
          assert.ok(Math.abs(piece.cosine - (expected[rank]?.cosine ?? NaN)) < 1e-6),
        );
      }
    });

  it('put a row of zeros nowhere, and never name the piece itself', () => {
    const rows = Float32Array.of(1, 0, 0, 0, 1, 1, -2, 0, 3, 0);
    assert.deepEqual(
      nearestPieces({ rows, size: 2 }, 0, 9).map(({ id, cosine }) => [id, cosine.toFixed(3)]),
      [
        [4, '1.000'],
        [2, '0.707'],
        [1, '0.000'],
        [3, '-1.000'],
      ],
    );
  });
});

const PARAMS: InspectParams = {
  text: 'I went to the bank to deposit money',
  target: 'auto',
  decoding: { beam: 1, lengthPenalty: 1, maxTokens: 64 },
  protectPatterns: [],
};

describe('questions of the model view about the shipped model', function () {
  this.timeout(120_000);
  const runs = new AttentionRuns();
  const turns = new Turns();
  const { signal } = new AbortController();
  let model: Model;
  let parts: InspectParts;
  let run: AttentionRun;

  before(async () => {
    model = await openModel(DEFAULT_MODEL, { device: 'cpu', threads: 1 });
    const tokenizer = await readTokenizer(DEFAULT_MODEL);
    const identity = await modelIdentity(DEFAULT_MODEL);
    const info = {
      name: 'default',
      modelPath: DEFAULT_MODEL,
      precision: model.precision,
    } as ModelInfo;
    parts = { model, info, tokenizer, turns, identity, cache: new TranslationCache(0) };
    run = await runs.inspect(parts, PARAMS, signal);
  });
  after(() => model?.dispose());

  /** Asked and read as over the channel. */
  async function ask<N extends AttentionQueryName>(
    name: N,
    params: AttentionQueryParams<N>,
    stop: AbortSignal = signal,
  ): Promise<AttentionQueryResult<N>> {
    const query = { runId: run.runId, name, params } as AttentionQuery;
    const answer = await runs.answer(query, stop, turns, (work) => work(parts));
    return attentionAnswer(structuredClone(answer), 'answer').result;
  }

  it('gives blocks whose numbers sum to the file', async () => {
    const facts = await ask('model', {});
    const bytes = readFileSync(join(DEFAULT_MODEL, 'model.safetensors'));
    const header = [...parseSafetensors(bytes, bytes.length).values()];
    const numbers = header.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
    assert.equal(
      facts.stored,
      numbers.reduce((a, b) => a + b, 0),
    );
    assert.equal(facts.parameters, countParameters(model.config).total);
    assert.equal(
      facts.comparisons.find(({ name }) => name === 'model')?.parameters,
      facts.parameters,
    );
    assert.equal(facts.precision, 'int8');
  });

  it('opens heads of int8 weights that give the rows of the captured maps', async () => {
    for (const kind of ATTENTION_KINDS) {
      const layer = layersOf(run, kind) - 1;
      const { queries, keys } = mapShape(run, kind);
      for (const head of [0, run.heads - 1]) {
        const map = decodeHalf((await ask('head', { kind, layer, head })).weights);
        for (let query = 0; query < queries; query++) {
          const detail = await ask('headDetail', { kind, layer, head, query });
          assert.equal(detail.keyVectors.length, keys * 64);
          detail.weights.forEach((weight, key) => {
            const captured = map[query * keys + key] ?? NaN;
            // What is kept is in half precision: 11 bits.
            const bound = TOLERANCE + captured * 2 ** -11;
            assert.ok(Math.abs(weight - captured) < bound, `${kind} ${head} ${query} ${key}`);
          });
        }
      }
    }
  });

  it('hides later positions from a decoder query', async () => {
    const place = { kind: 'decoder', layer: 0, head: 3 } as const;
    const { mask, weights, scores } = await ask('headDetail', { ...place, query: 1 });
    assert.deepEqual([...mask.subarray(0, 3)], [1, 1, 0]);
    assert.ok(weights.subarray(2).every((weight) => weight === 0));
    assert.ok(
      scores.subarray(2).some((score) => score !== 0),
      'they have scores all the same',
    );
  });

  it('names the nearest pieces of a token', async () => {
    const index = 2;
    const { neighbours } = await ask('neighbours', { side: 'source', index });
    assert.equal(neighbours.length, 10);
    assert.ok(neighbours.every(({ cosine }) => cosine > 0 && cosine < 1));
    assert.ok(!neighbours.some(({ text }) => text === run.source[index]?.text));
  });

  it('times the encoder for each length between other turns, and stops when it is cancelled', async () => {
    const { points } = await ask('cost', {});
    assert.deepEqual(
      points.map(({ length }) => length),
      [16, 32, 64, 128, 256, 512],
    );
    for (const { length, selfAttention, recurrent, encoderMilliseconds } of points) {
      assert.equal(selfAttention, length * length * 512);
      assert.equal(recurrent, length * 512 * 512);
      assert.ok(encoderMilliseconds > 0);
    }
    const abort = new AbortController();
    const release = await turns.take(1);
    const asking = ask('cost', {}, abort.signal);
    abort.abort();
    await assert.rejects(asking, { code: 'cancelled' });
    release();
    (await turns.take(1))();
  });

  it('refuses a head or token that the run does not have', async () => {
    const place = { kind: 'encoder', layer: 0, head: 0 } as const;
    const query = run.source.length;
    await assert.rejects(ask('headDetail', { ...place, query }), { code: 'invalidArgument' });
    await assert.rejects(ask('neighbours', { side: 'target', index: 999 }), {
      code: 'invalidArgument',
    });
  });
});
