/** Our graphs and decoding against Hugging Face's, on the random models that models/recipe/golden.py wrote. */
import assert from 'node:assert/strict';
import type { ModelSessions } from '../../src/engine/decoderRun';
import type { Hypothesis, InspectResult } from '../../src/engine/types';
import { generate } from '../../src/engine/generate';
import { openModel } from '../../src/engine/model';
import type { Tensors } from '../../src/engine/runtime';
import {
  readGoldens,
  type Golden,
  type GoldenHypothesis,
  type GoldenTensor,
} from './support/golden';
import { Graphs } from './support/graphs';

const TOLERANCE = 1e-4;
const KINDS = ['enc', 'dec', 'cross'] as const;

for (const golden of readGoldens())
  for (const attention of ['fused', 'plain'] as const)
    describe(`oracle ${golden.name}, ${attention} attention`, function () {
      this.timeout(60_000);
      let graphs: Graphs;
      let sessions: ModelSessions;
      before(async () => {
        graphs = await Graphs.open(golden.folder, { precision: 'fp32', attention });
        sessions = await graphs.generator();
      });
      after(() => graphs.release());

      it('computes the same logits, maps and value norms for a padded batch', async () => {
        const start = graphs.files.config.startTokenId;
        const targets = golden.targets.map((target) => [start, ...target]);
        compareBatch(golden, await graphs.inspect(golden.sources, targets));
      });

      it('generates the same tokens, greedily', async () => {
        const options = { beam: 1, lengthPenalty: 1, maxTokens: golden.maxNewTokens, nBest: 1 };
        const results = await generate(sessions, golden.sources, options);
        assert.deepEqual(
          results.map(([best]) => best?.ids),
          golden.greedy.map(({ ids }) => ids),
        );
      });

      for (const [penalty, expected] of Object.entries(golden.beam))
        it(`finds the same 4 beams and scores at length penalty ${penalty}`, async () => {
          const results = await generate(sessions, golden.sources, {
            beam: 4,
            lengthPenalty: Number(penalty),
            maxTokens: golden.maxNewTokens,
            nBest: 4,
          });
          compareHypotheses(results, expected);
        });

      if (golden.placed) {
        const { placeholders, beam } = golden.placed;
        it('finds the same 4 beams and scores where each placeholder must stand as often as in the source', async () => {
          const results = await generate(sessions, golden.sources, {
            beam: 4,
            lengthPenalty: 1,
            maxTokens: golden.maxNewTokens,
            nBest: 4,
            placeholders: new Set(placeholders),
          });
          compareHypotheses(results, beam);
        });
      }
    });

describe('oracle through openModel', function () {
  this.timeout(60_000);
  for (const golden of readGoldens().filter(({ name }) => name !== 'int8'))
    it(`inspects the single sources of ${golden.name}`, async () => {
      const model = await openModel(golden.folder, { device: 'cpu', threads: 1 });
      try {
        assert.equal(model.parameters, golden.parameters.total);
        for (const [row, source] of golden.sources.entries())
          compareSingle(golden, row, await model.inspect(source, golden.targets[row] ?? []));
      } finally {
        await model.dispose();
      }
    });
});

function compareHypotheses(
  results: readonly (readonly Hypothesis[])[],
  expected: readonly (readonly GoldenHypothesis[])[],
): void {
  assert.deepEqual(
    results.map((row) => row.map(({ ids }) => ids)),
    expected.map((row) => row.map(({ ids }) => ids)),
  );
  results.flat().forEach((hypothesis, index) => {
    close(hypothesis.score, expected.flat()[index]?.score ?? NaN, 'score');
  });
}

/** Lengths that are not padding: of queries and keys of each kind. */
function lengths(golden: Golden, kind: (typeof KINDS)[number], row: number): [number, number] {
  const source = golden.sources[row]?.length ?? 0;
  const target = (golden.targets[row]?.length ?? 0) + 1;
  return [kind === 'enc' ? source : target, kind === 'dec' ? target : source];
}

function compareBatch(golden: Golden, results: Tensors): void {
  for (const row of golden.sources.keys()) {
    for (const kind of KINDS) {
      const [queries, keys] = lengths(golden, kind, row);
      const layers = tensor(golden, kind).shape[1] ?? 0;
      for (let layer = 0; layer < layers; layer++) {
        const maps = fromRuntime(results, `${kind}_${layer}`);
        const norms = fromRuntime(results, `${kind}_norm_${layer}`);
        const heads = maps.shape[1] ?? 0;
        each([heads, queries, keys], ([head, query, key]) => {
          const expected = at(tensor(golden, kind), [row, layer, head, query, key]);
          close(at(maps, [row, head, query, key]), expected, `${kind} ${row} ${layer}`);
        });
        each([heads, keys], ([head, key]) => {
          const expected = at(tensor(golden, `${kind}_norm`), [row, layer, head, key]);
          close(at(norms, [row, head, key]), expected, `${kind} norms ${row} ${layer}`);
        });
      }
    }
    const logits = tensor(golden, 'logits');
    each([lengths(golden, 'dec', row)[0], logits.shape[2] ?? 0], ([position, id]) => {
      const found = at(fromRuntime(results, 'logits'), [row, position, id]);
      close(found, at(logits, [row, position, id]), `logits ${row}`);
    });
  }
}

function compareSingle(golden: Golden, row: number, result: InspectResult): void {
  for (const kind of KINDS) {
    const [queries, keys] = lengths(golden, kind, row);
    const { dims, data } = result[kind];
    const [, layers, heads] = tensor(golden, kind).shape;
    assert.deepEqual(dims, [layers, heads, queries, keys]);
    each(dims, (index) => {
      close(at({ shape: dims, data }, index), at(tensor(golden, kind), [row, ...index]), kind);
    });
    const norms = result.valueNorms[kind];
    each(norms.dims, (index) => {
      const expected = at(tensor(golden, `${kind}_norm`), [row, ...index]);
      close(at({ shape: norms.dims, data: norms.data }, index), expected, `${kind} norms`);
    });
  }
  const { dims, data } = result.logits;
  each(dims, (index) => {
    close(
      at({ shape: dims, data }, index),
      at(tensor(golden, 'logits'), [row, ...index]),
      'logits',
    );
  });
}

function tensor(golden: Golden, name: string): GoldenTensor {
  const found = golden.tensors.get(name);
  if (!found) throw new Error(`${golden.name} has no golden ${name}`);
  return found;
}

function fromRuntime(results: Tensors, name: string): GoldenTensor {
  const found = results[name];
  if (!found) throw new Error(`The graph has no output ${name}`);
  return { shape: found.dims, data: found.data as Float32Array };
}

function at({ shape, data }: GoldenTensor, index: readonly number[]): number {
  assert.equal(index.length, shape.length);
  const offset = index.reduce((sum, place, axis) => sum * (shape[axis] ?? 0) + place, 0);
  return data[offset] ?? NaN;
}

/** Calls `visit` with every index of a tensor of these sizes; there must be some. */
function each(dims: readonly number[], visit: (index: [number, number, number]) => void): void {
  const total = dims.reduce((product, size) => product * size, 1);
  assert.ok(total > 0);
  for (let place = 0; place < total; place++) {
    const index: number[] = [];
    let rest = place;
    for (const size of [...dims].reverse()) {
      index.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    visit(index as [number, number, number]);
  }
}

function close(found: number, expected: number, what: string): void {
  assert.ok(Math.abs(found - expected) < TOLERANCE, `${what}: ${found}, expected ${expected}`);
}
