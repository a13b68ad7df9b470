import type { AttentionMap } from './attentionMap';
import { forRow, hasRow, meanOverRows, sees, strongestKey, weightAt } from './attentionMap';

/** From this share of rows on, a head counts as positional (Voita et al. 2019, section 5.1). */
export const POSITIONAL_SHARE = 0.9;

/**
 * P_delta, mean over rows i that see key i + delta of a_i,i+delta: -1 previous token, 0 itself, +1 next. For
 * self-attention. Clark et al. 2019 divide by the length; here by the number of rows that have such a key.
 */
export function offsetMass(map: AttentionMap, offset: number): number {
  return meanOverRows(map, (query) =>
    sees(map, query, query + offset) ? weightAt(map, query, query + offset) : undefined,
  );
}

/** Share of rows whose strongest key is i + delta, of all rows that have such a key. */
export function positionalShare(map: AttentionMap, offset: number): number {
  return meanOverRows(map, (query) =>
    sees(map, query, query + offset)
      ? Number(strongestKey(map, query) === query + offset)
      : undefined,
  );
}

/**
 * Mean over rows of 1 - (sum_j a_ij |i - j|) / max_j |i - j| (Zhang et al. 2021, arXiv 2011.04906). With `relative`,
 * for maps that are not square, positions are i / (queries - 1) and j / (keys - 1). The maximum is over all keys, hidden
 * ones of a causal map too, as published. Uniform attention is not 0: show `uniformMap`'s value beside it.
 */
export function diagonality(map: AttentionMap, relative = false): number {
  const row = relative ? Math.max(map.queries - 1, 1) : 1;
  const column = relative ? Math.max(map.keys - 1, 1) : 1;
  return meanOverRows(map, (query) => {
    const at = query / row;
    let moved = 0;
    forRow(map, query, (key, weight) => (moved += weight * Math.abs(at - key / column)));
    const farthest = Math.max(at, Math.abs(at - (map.keys - 1) / column));
    return farthest === 0 ? 1 : 1 - moved / farthest;
  });
}

/** The same rows and visible keys with all weights of a row alike: what a measure is to be compared with. */
export function uniformMap(map: AttentionMap): AttentionMap {
  const weights = new Float32Array(map.weights.length);
  for (let query = 0; query < map.queries; query++) {
    let visible = 0;
    forRow(map, query, () => visible++);
    forRow(map, query, (key) => (weights[query * map.keys + key] = 1 / visible));
  }
  return { ...map, weights };
}

/** Share of rows (the first one counted in) whose strongest key is not before that of the row before. */
export function monotonicity(map: AttentionMap): number {
  let previous = -1;
  return meanOverRows(map, (query) => {
    const key = strongestKey(map, query);
    const forward = key >= previous;
    previous = key;
    return Number(forward);
  });
}

/** sum_i sum_j a_ij |i - j| / sum_i sum_j a_ij (Vig & Belinkov 2019, equation 6). For self-attention. */
export function attentionDistance(map: AttentionMap): number {
  let moved = 0;
  let total = 0;
  for (let query = 0; query < map.queries; query++) {
    if (!hasRow(map, query)) continue;
    forRow(map, query, (key, weight) => {
      moved += weight * Math.abs(query - key);
      total += weight;
    });
  }
  return total === 0 ? NaN : moved / total;
}
