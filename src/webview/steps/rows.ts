import type { AttentionMap } from '../../attention/attentionMap';

/** Weights of one decoder row; nothing for a row that is not there. */
export function rowOf({ weights, keys, queries }: AttentionMap, row: number): Float32Array {
  return row >= 0 && row < queries
    ? weights.subarray(row * keys, (row + 1) * keys)
    : new Float32Array(keys);
}

/**
 * c_j after `step`: what each source token has received from the rows 0 to `step`, both included, each as `filter` leaves it.
 * [keys]
 */
export function coverageUntil(
  cross: AttentionMap,
  step: number,
  filter: (row: Float32Array) => Float32Array,
): Float32Array {
  const sums = new Float32Array(cross.keys);
  for (let row = 0; row <= Math.min(step, cross.queries - 1); row++) {
    filter(rowOf(cross, row)).forEach((weight, key) => (sums[key] = (sums[key] ?? 0) + weight));
  }
  return sums;
}

/**
 * The whole output as the decoder reads it: its inputs, the start token first, and the last prediction, which is no input any
 * more. Piece t + 1 is what step t predicts.
 */
export function outputTokens<T>(inputs: readonly T[], predicted: readonly T[]): T[] {
  const last = predicted[inputs.length - 1];
  return last === undefined ? [...inputs] : [...inputs, last];
}
