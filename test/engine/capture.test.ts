/** What is captured in one pass, against the same maps taken one decoding step after the other. */
import assert from 'node:assert/strict';
import { decodeHalf } from '../../src/attention/half';
import { readTokenizer } from '../../src/engine/folder';
import { openModel } from '../../src/engine/model';
import type { Hypothesis, InspectResult, Model } from '../../src/engine/types';
import { DEFAULT_MODEL } from './support/engine';
import { readGoldens } from './support/golden';

const TOLERANCE = 1e-4;
/** Rounding to 11 bits, of weights up to 1. */
const HALF = 2 ** -11;

interface Differences {
  decoder: number;
  cross: number;
  logProbability: number;
}

/** The last row of every prefix's pass beside that row of the whole output's pass. */
async function stepByStep(
  model: Model,
  source: readonly number[],
  found: Hypothesis,
): Promise<Differences> {
  const whole = await model.inspect(source, found.ids);
  const rows = whole.dec.dims[2] ?? 0;
  const worst: Differences = { decoder: 0, cross: 0, logProbability: 0 };
  for (let step = 0; step < rows; step++) {
    const prefix = await model.inspect(source, found.ids.slice(0, step));
    worst.decoder = Math.max(worst.decoder, rowDifference(prefix.dec, whole.dec, step));
    worst.cross = Math.max(worst.cross, rowDifference(prefix.cross, whole.cross, step));
  }
  found.tokenLogProbabilities.forEach((expected, step) => {
    const vocabulary = whole.logits.dims[1] ?? 0;
    const row = whole.logits.data.subarray(step * vocabulary, (step + 1) * vocabulary);
    const total = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
    const logProbability = (row[found.ids[step] ?? 0] ?? 0) - total;
    const difference = Math.abs(logProbability - expected);
    worst.logProbability = Math.max(worst.logProbability, difference);
  });
  return worst;
}

function rowDifference(
  prefix: InspectResult['dec'],
  whole: InspectResult['dec'],
  row: number,
): number {
  const [layers = 0, heads = 0, queries = 0, keys = 0] = prefix.dims;
  const [, , allQueries = 0, allKeys = 0] = whole.dims;
  let worst = 0;
  for (let map = 0; map < layers * heads; map++) {
    for (let key = 0; key < keys; key++) {
      const own = prefix.data[(map * queries + row) * keys + key] ?? NaN;
      const other = whole.data[(map * allQueries + row) * allKeys + key] ?? NaN;
      worst = Math.max(worst, Math.abs(own - other));
    }
  }
  return worst;
}

async function greedy(model: Model, source: readonly number[]): Promise<Hypothesis> {
  const options = { beam: 1, lengthPenalty: 1, maxTokens: 20, nBest: 1 };
  const [found] = (await model.generate([source], options))[0] ?? [];
  assert.ok(found);
  return found;
}

function checkRows(result: InspectResult): void {
  for (const kind of ['enc', 'dec', 'cross'] as const) {
    const { data, dims } = result[kind];
    const [, , queries = 0, keys = 0] = dims;
    for (let row = 0; row < data.length / keys; row++) {
      const weights = data.subarray(row * keys, (row + 1) * keys);
      const sum = weights.reduce((total, weight) => total + weight, 0);
      assert.ok(Math.abs(sum - 1) < 1e-3, `${kind} row ${row}: ${sum}`);
      if (kind === 'dec')
        assert.ok(weights.subarray((row % queries) + 1).every((weight) => weight === 0));
    }
  }
}

describe('capture', function () {
  this.timeout(120_000);

  for (const golden of readGoldens().filter(({ name }) => name !== 'int8'))
    it(`of ${golden.name} is what single steps of decoding attend to`, async () => {
      const model = await openModel(golden.folder, { device: 'cpu', threads: 1 });
      try {
        for (const source of golden.sources) {
          const found = await greedy(model, source);
          const worst = await stepByStep(model, source, found);
          assert.ok(worst.decoder < TOLERANCE && worst.cross < TOLERANCE, JSON.stringify(worst));
          if (!model.config.renormalize && model.config.bannedTokenIds.length === 0)
            assert.ok(worst.logProbability < TOLERANCE, JSON.stringify(worst));
          checkRows(await model.inspect(source, found.ids));
        }
      } finally {
        await model.dispose();
      }
    });

  it('in half precision is the same pass, rounded', async () => {
    for (const golden of readGoldens().filter(({ name }) => name !== 'int8')) {
      const model = await openModel(golden.folder, { device: 'cpu', threads: 1 });
      try {
        for (const [row, source] of golden.sources.entries()) {
          const target = (golden.targets[row] ?? []).filter((id) => id !== model.config.endTokenId);
          const inputs = [model.config.startTokenId, ...target];
          const exact = await model.inspect(source, target);
          const half = await model.capture(source, inputs);
          const pairs = [
            [half.maps.encoder, exact.enc],
            [half.maps.decoder, exact.dec],
            [half.maps.cross, exact.cross],
          ] as const;
          for (const [halves, { data }] of pairs) {
            assert.equal(halves.length, data.length);
            decodeHalf(halves).forEach((weight, i) => {
              const own = data[i] ?? NaN;
              assert.ok(Math.abs(weight - own) <= own * HALF + 1e-6, `${weight} ${own}`);
            });
          }
          assert.deepEqual(half.valueNorms.cross, exact.valueNorms.cross.data);
          assert.deepEqual(half.valueNorms.encoder, exact.valueNorms.enc.data);
          assert.deepEqual(half.valueNorms.decoder, exact.valueNorms.dec.data);
          assert.deepEqual(half.logits, exact.logits.data);
        }
      } finally {
        await model.dispose();
      }
    }
  });

  it('of the int8 model differs by what its shared scale of a pass makes', async () => {
    // Activations are quantized by one scale for all rows of a product: a row depends a little on what is computed with it.
    const model = await openModel(DEFAULT_MODEL, { device: 'cpu', threads: 1 });
    try {
      const tokenizer = await readTokenizer(DEFAULT_MODEL);
      const source = tokenizer.encode('<2ko> Choose a model before you start the server.').ids;
      const found = await greedy(model, source);
      const worst = await stepByStep(model, source, found);
      assert.ok(worst.decoder < 0.03 && worst.cross < 0.03, JSON.stringify(worst));
      checkRows(await model.inspect(source, found.ids));
    } finally {
      await model.dispose();
    }
  });
});
