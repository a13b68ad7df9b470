import type { AttentionMap } from './attentionMap';
import { forRow } from './attentionMap';

/** Above this excluded mass a row is blanked: what is left says more about rounding than about the head. */
export const MOST_EXCLUDED = 0.9;

/** A filtered map and what the filter did to each row, which the panel always shows. */
export interface Filtered {
  readonly map: AttentionMap;
  /** [queries], share of the row's weight that is still there, before renormalizing. */
  readonly kept: Float64Array;
}

/** Sets the weights to 0 that `keep` does not name. */
function filter(
  map: AttentionMap,
  keep: (query: number) => (key: number, weight: number) => boolean,
): Filtered {
  const weights = new Float32Array(map.weights.length);
  const kept = new Float64Array(map.queries);
  for (let query = 0; query < map.queries; query++) {
    const keeps = keep(query);
    let total = 0;
    let left = 0;
    forRow(map, query, (key, weight) => {
      total += weight;
      if (!keeps(key, weight)) return;
      left += weight;
      weights[query * map.keys + key] = weight;
    });
    kept[query] = total > 0 ? left / total : 0;
  }
  return { map: { ...map, weights }, kept };
}

/** Hides keys (special tokens). The rows then add up to what is kept. */
export function hideKeys(map: AttentionMap, hidden: ReadonlySet<number>): Filtered {
  return filter(map, () => (key) => !hidden.has(key));
}

/**
 * Makes the rows of a filtered map add up to 1 again. Rows that lost more than `MOST_EXCLUDED` are blanked, not scaled up
 * (Vig & Belinkov 2019, footnote 4).
 */
export function renormalized({ map, kept }: Filtered): Filtered {
  const weights = new Float32Array(map.weights.length);
  for (let query = 0; query < map.queries; query++) {
    if ((kept[query] ?? 0) < 1 - MOST_EXCLUDED) continue;
    let sum = 0;
    forRow(map, query, (_key, weight) => (sum += weight));
    if (sum === 0) continue;
    forRow(map, query, (key, weight) => (weights[query * map.keys + key] = weight / sum));
  }
  return { map: { ...map, weights }, kept };
}

/** Keeps weights of at least `least`. */
export function aboveThreshold(map: AttentionMap, least: number): Filtered {
  return filter(map, () => (_key, weight) => weight >= least);
}

/** Keeps the `count` greatest weights of each row; of equal ones the earlier keys. */
export function topKeys(map: AttentionMap, count: number): Filtered {
  return filter(map, (query) => keepGreatest(sortedWeights(map, query), Math.max(0, count)));
}

/** Keeps the greatest weights of each row until together they are at least `share` of it. */
export function cumulative(map: AttentionMap, share = 0.75): Filtered {
  return filter(map, (query) => {
    const sorted = sortedWeights(map, query);
    const total = sorted.reduce((sum, weight) => sum + weight, 0);
    let sum = 0;
    let count = 0;
    while (count < sorted.length && sum < share * total) {
      sum += sorted[sorted.length - 1 - count] ?? 0;
      count++;
    }
    return keepGreatest(sorted, count);
  });
}

/** Visible weights of a row, the least first. Typed arrays sort numbers ten times as fast as keys by a function. */
function sortedWeights(map: AttentionMap, query: number): Float32Array {
  const weights: number[] = [];
  forRow(map, query, (_key, weight) => weights.push(weight));
  return Float32Array.from(weights).sort();
}

/** For keys in their order: those above the least weight that is kept, and as many equal to it as there is room for. */
function keepGreatest(
  sorted: Float32Array,
  count: number,
): (key: number, weight: number) => boolean {
  if (count >= sorted.length) return () => true;
  const least = sorted[sorted.length - count] ?? Infinity;
  let room = count;
  for (let at = sorted.length - 1; at >= 0 && (sorted[at] ?? 0) > least; at--) room--;
  return (_key, weight) => weight > least || (weight === least && room-- > 0);
}

/** Visible keys of a row, greatest weight first, of equal ones the earlier key; no more than `count`. */
export function keysByWeight(map: AttentionMap, query: number, count = Infinity): number[] {
  const keeps = keepGreatest(sortedWeights(map, query), count);
  const keys: number[] = [];
  forRow(map, query, (key, weight) => {
    if (keeps(key, weight)) keys.push(key);
  });
  const weight = (key: number): number => map.weights[query * map.keys + key] ?? 0;
  return keys.sort((a, b) => weight(b) - weight(a) || a - b);
}
