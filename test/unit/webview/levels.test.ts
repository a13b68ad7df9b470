import { deepEqual, equal, ok } from 'node:assert/strict';
import type { AttentionMap } from '../../../src/attention/attentionMap';
import { forRow } from '../../../src/attention/attentionMap';
import { levelsOf as levelsBy, pooledLevels, position } from '../../../src/webview/levels';

const map = (weights: number[], queries: number, keys: number, causal = false): AttentionMap => ({
  weights: Float32Array.from(weights),
  queries,
  keys,
  causal,
});

const levelsOf = (
  one: AttentionMap,
  state: Parameters<typeof levelsBy>[2],
  weighted: boolean,
): ReturnType<typeof levelsBy> => {
  const visible = new Float32Array(one.queries);
  visible.forEach((_, query) =>
    forRow(one, query, () => (visible[query] = (visible[query] ?? 0) + 1)),
  );
  return levelsBy(one, visible, state, weighted);
};

describe('levels of weights', () => {
  const A = map([0.25, 0.75, 0.04, 0.16], 2, 2);

  it('are the square root of the weight by default, from 0 to 1', () => {
    const { values, range } = levelsOf(A, { scale: 'sqrt', domain: 'fixed' }, false);
    deepEqual([...values], [128, 221, 51, 102]);
    deepEqual(range, { scale: 'sqrt', domain: 'fixed', top: 1, bottom: 0 });
  });

  it('reach the end at the largest weight of the map or of each row', () => {
    const whole = levelsOf(A, { scale: 'linear', domain: 'map' }, false);
    deepEqual([...whole.values], [85, 255, 14, 54]);
    equal(whole.range.top, 0.75);
    const rows = levelsOf(A, { scale: 'linear', domain: 'row' }, false);
    deepEqual([...rows.values], [85, 255, 64, 255]);
    ok(Number.isNaN(rows.range.top));
  });

  it('end four decades below the top on the logarithmic scale', () => {
    const { values, range } = levelsOf(
      map([1, 0.01, 1e-4, 1e-6], 2, 2),
      { scale: 'log', domain: 'fixed' },
      false,
    );
    deepEqual([...values], [255, 127, 0, 0]);
    ok(Math.abs(range.bottom - 1e-4) < 1e-12);
  });

  it('have uniform attention in the middle, by the keys that each query sees', () => {
    const causal = map([1, 0, 0, 0.5, 0.5, 0, 1 / 3, 1 / 3, 1 / 3], 3, 3, true);
    const { values } = levelsOf(causal, { scale: 'uniform', domain: 'fixed' }, false);
    deepEqual([...values], [128, 0, 0, 128, 128, 0, 128, 128, 128]);
    equal(position(0.5, 4, 8, 'uniform'), 0.75);
    equal(position(0.5 / 8, 4, 8, 'uniform'), 0.375);
    equal(position(0, 4, 8, 'uniform'), 0);
  });

  it('have no fixed end when weights are times value norms', () => {
    const { values, range } = levelsOf(
      map([5, 10], 1, 2),
      { scale: 'linear', domain: 'fixed' },
      true,
    );
    deepEqual([...values], [128, 255]);
    equal(range.domain, 'map');
    equal(range.top, 10);
  });

  it('are all 0 where there is no weight at all', () => {
    for (const scale of ['sqrt', 'linear', 'log', 'uniform'] as const)
      for (const domain of ['fixed', 'map', 'row'] as const)
        deepEqual([...levelsOf(map([0, 0], 1, 2), { scale, domain }, false).values], [0, 0]);
  });
});

describe('level of detail', () => {
  it('keeps a single strong cell whatever the size', () => {
    const values = new Uint8Array(512 * 512);
    values[300 * 512 + 17] = 200;
    for (const size of [1, 7, 64, 333, 511]) {
      const pooled = pooledLevels(values, 512, 512, size, size);
      equal(pooled.length, size * size);
      deepEqual(
        [...pooled].filter((value) => value > 0),
        [200],
        String(size),
      );
    }
  });

  it('puts blocks where they belong and covers all cells', () => {
    const values = Uint8Array.from({ length: 12 }, (_, index) => index + 1);
    deepEqual([...pooledLevels(values, 3, 4, 3, 4)], [...values]);
    deepEqual([...pooledLevels(values, 3, 4, 1, 2)], [10, 12]);
    deepEqual([...pooledLevels(values, 3, 4, 3, 1)], [4, 8, 12]);
  });
});
