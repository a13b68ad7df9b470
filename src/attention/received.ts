import { AppError } from '../common/errors';
import type { AttentionMap } from './attentionMap';
import { forRow, hasRow, meanOverRows } from './attentionMap';

/** A head sinks at a key that takes more than this of every query on average (Gu et al. 2025, arXiv 2410.10781). */
export const SINK_THRESHOLD = 0.3;

/**
 * alpha_k, mean of a_ik over the rows that can see key k, for each key; NaN where none can. [keys]. In a causal map the first
 * row gives its whole weight to key 0 by construction.
 */
export function receivedAttention(map: AttentionMap): Float64Array {
  const { sums, rows } = sumsByKey(map);
  return sums.map((sum, key) => (rows[key] ? sum / (rows[key] ?? 1) : NaN));
}

/** What each key is given by all rows, and the number of rows that can see it. [keys] each */
function sumsByKey(map: AttentionMap): { sums: Float64Array; rows: Float64Array } {
  const sums = new Float64Array(map.keys);
  const rows = new Float64Array(map.keys);
  for (let query = 0; query < map.queries; query++) {
    if (!hasRow(map, query)) continue;
    forRow(map, query, (key, weight) => {
      sums[key] = (sums[key] ?? 0) + weight;
      rows[key] = (rows[key] ?? 0) + 1;
    });
  }
  return { sums, rows };
}

export interface Sink {
  /** -1 if no key is seen. */
  readonly key: number;
  /** Greatest alpha_k. */
  readonly mass: number;
  readonly sinks: boolean;
}

/** The key that receives most, and whether that makes it a sink (Xiao et al. 2023, arXiv 2309.17453). */
export function strongestSink(map: AttentionMap, threshold = SINK_THRESHOLD): Sink {
  const { sums, rows } = sumsByKey(map);
  return strongest(sums, rows, threshold);
}

/** The greatest of sums / rows, the first of equal ones. [keys] each */
export function strongest(
  sums: Float64Array,
  rows: Float64Array,
  threshold = SINK_THRESHOLD,
): Sink {
  let key = -1;
  let mass = NaN;
  for (let k = 0; k < sums.length; k++) {
    const count = rows[k] ?? 0;
    const alpha = (sums[k] ?? 0) / count;
    if (count > 0 && !(alpha <= mass)) {
      mass = alpha;
      key = k;
    }
  }
  return { key, mass, sinks: mass > threshold };
}

/** Mean over rows of what goes to the keys given: to special tokens, or to the first one ("null attention"). */
export function massOn(map: AttentionMap, keys: ReadonlySet<number>): number {
  return meanOverRows(map, (query) => {
    let mass = 0;
    forRow(map, query, (key, weight) => {
      if (keys.has(key)) mass += weight;
    });
    return mass;
  });
}

/** c_j = sum over rows of a_tj: how much of each source token a translation has looked at. [keys] */
export function coverage(map: AttentionMap): Float64Array {
  return sumsByKey(map).sums;
}

/**
 * (1/S) sum_j -ln(1 + |1 - c_j|^w): 0 when every token was covered once (Rikters & Fishel 2017; w = 6 in their published
 * code).
 */
export function coveragePenalty(covered: Float64Array, exponent = 6): number {
  if (covered.length === 0) return NaN;
  let sum = 0;
  for (const c of covered) sum -= Math.log(1 + Math.abs(1 - c) ** exponent);
  return sum / covered.length;
}

/**
 * Norm-based attention a_ij ||f(x_j)|| (Kobayashi et al. 2020, arXiv 2004.10102), f(x) = (x W_V + b_V) W_O of the head.
 * Rows no longer add up to 1.
 * @param norms [keys], ||f(x_j)||
 */
export function valueWeighted(map: AttentionMap, norms: Float32Array): AttentionMap {
  if (norms.length !== map.keys) {
    throw new AppError('invalidArgument', `${norms.length} norms for ${map.keys} keys`);
  }
  const weights = map.weights.map((weight, i) => weight * (norms[i % map.keys] ?? 0));
  return { ...map, weights };
}
