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
  return filter(map, (query) => {
    const best = new Set(keysByWeight(map, query).slice(0, Math.max(0, count)));
    return (key) => best.has(key);
  });
}

/** Keeps the greatest weights of each row until together they are at least `share` of it. */
export function cumulative(map: AttentionMap, share = 0.75): Filtered {
  return filter(map, (query) => {
    const best = new Set<number>();
    let total = 0;
    forRow(map, query, (_key, weight) => (total += weight));
    let sum = 0;
    for (const key of keysByWeight(map, query)) {
      if (sum >= share * total) break;
      sum += map.weights[query * map.keys + key] ?? 0;
      best.add(key);
    }
    return (key) => best.has(key);
  });
}

/** Visible keys of a row, greatest weight first, of equal ones the earlier key. */
export function keysByWeight(map: AttentionMap, query: number): number[] {
  const keys: number[] = [];
  forRow(map, query, (key) => keys.push(key));
  const weight = (key: number): number => map.weights[query * map.keys + key] ?? 0;
  return keys.sort((a, b) => weight(b) - weight(a) || a - b);
}
