import assert from 'node:assert/strict';
import type { AttentionMap } from '../../../src/attention/attentionMap';

/** A map from its rows. */
export function mapOf(rows: readonly (readonly number[])[], causal = false): AttentionMap {
  return {
    weights: Float32Array.from(rows.flat()),
    queries: rows.length,
    keys: rows[0]?.length ?? 0,
    causal,
  };
}

export function rowsOf(map: AttentionMap): number[][] {
  return Array.from({ length: map.queries }, (_, query) =>
    Array.from(map.weights.subarray(query * map.keys, (query + 1) * map.keys)),
  );
}

/** `null` in a fixture is NaN, which JSON does not have. */
export function near(
  actual: number | undefined,
  expected: number | null | undefined,
  tolerance: number,
  where: string,
): void {
  assert.ok(actual !== undefined && expected !== undefined, where);
  if (expected === null) assert.ok(Number.isNaN(actual), `${where}: ${actual} is not NaN`);
  else assert.ok(Math.abs(actual - expected) <= tolerance, `${where}: ${actual}, not ${expected}`);
}

export function allNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  where: string,
): void {
  assert.equal(actual.length, expected.length, where);
  for (let i = 0; i < expected.length; i++)
    near(actual[i], expected[i], tolerance, `${where}[${i}]`);
}

/** Rows by chance that add up to 1, always the same ones. */
export function randomMap(
  queries: number,
  keys: number,
  seed: number,
  causal = false,
): AttentionMap {
  let state = seed;
  const rows = Array.from({ length: queries }, (_, query) => {
    const row = Array.from({ length: keys }, (_, key) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return causal && key > query ? 0 : (state / 2 ** 32) ** 6 + 1e-6;
    });
    const sum = row.reduce((total, weight) => total + weight, 0);
    return row.map((weight) => weight / sum);
  });
  return mapOf(rows, causal);
}
