import { AppError } from '../common/errors';

/**
 * One head's attention weights after the softmax: row i says how much query i takes from each key. `weights` is
 * [queries, keys] row by row, each row adding up to 1, padding removed.
 */
export interface AttentionMap {
  readonly weights: Float32Array;
  readonly queries: number;
  readonly keys: number;
  /** Self-attention of the decoder: query i sees keys 0 to i only. */
  readonly causal: boolean;
  /** [queries], 0 for rows to leave out of means (specials, by a filter). All rows without it. */
  readonly queryMask?: Uint8Array;
  /** [keys], 0 for keys that are not there for any query. All keys without it. */
  readonly keyMask?: Uint8Array;
}

/** @throws AppError `invalidArgument` if the sizes do not fit each other. */
export function checkMap(map: AttentionMap): void {
  const { weights, queries, keys } = map;
  const whole = Number.isInteger(queries) && Number.isInteger(keys) && queries >= 0 && keys >= 0;
  if (!whole || weights.length !== queries * keys) {
    throw new AppError('invalidArgument', `${weights.length} weights for ${queries} x ${keys}`);
  }
  if (map.causal && queries !== keys) {
    throw new AppError('invalidArgument', `a causal map of ${queries} x ${keys}`);
  }
  if (map.queryMask && map.queryMask.length !== queries) {
    throw new AppError('invalidArgument', 'queryMask has another length than the queries');
  }
  if (map.keyMask && map.keyMask.length !== keys) {
    throw new AppError('invalidArgument', 'keyMask has another length than the keys');
  }
}

export function hasRow(map: AttentionMap, query: number): boolean {
  return query >= 0 && query < map.queries && (map.queryMask?.[query] ?? 1) !== 0;
}

/** Whether key is in V_query, the keys that the query can see. */
export function sees(map: AttentionMap, query: number, key: number): boolean {
  if (key < 0 || key >= map.keys || (map.causal && key > query)) return false;
  return (map.keyMask?.[key] ?? 1) !== 0;
}

export function weightAt(map: AttentionMap, query: number, key: number): number {
  return map.weights[query * map.keys + key] ?? 0;
}

/** Calls back for every visible key of a row with its weight. */
export function forRow(
  map: AttentionMap,
  query: number,
  visit: (key: number, weight: number) => void,
): void {
  const { weights, keys, keyMask } = map;
  const last = map.causal ? Math.min(query + 1, keys) : keys;
  const offset = query * keys;
  for (let key = 0; key < last; key++) {
    if (keyMask && keyMask[key] === 0) continue;
    visit(key, weights[offset + key] ?? 0);
  }
}

/** The key with the greatest weight of a row, the first of equal ones; -1 if the query sees none. */
export function strongestKey(map: AttentionMap, query: number): number {
  let best = -1;
  let greatest = -Infinity;
  forRow(map, query, (key, weight) => {
    if (weight > greatest) {
      greatest = weight;
      best = key;
    }
  });
  return best;
}

/** Mean over the rows that are not left out of what `value` gives, undefined values aside; NaN if there are none. */
export function meanOverRows(
  map: AttentionMap,
  value: (query: number) => number | undefined,
): number {
  let sum = 0;
  let count = 0;
  for (let query = 0; query < map.queries; query++) {
    if (!hasRow(map, query)) continue;
    const one = value(query);
    if (one === undefined) continue;
    sum += one;
    count++;
  }
  return count === 0 ? NaN : sum / count;
}

/** Mean of several heads' maps of the same size. Rows keep adding up to 1; a maximum's would not. */
export function meanMap(maps: readonly AttentionMap[]): AttentionMap {
  const [first] = maps;
  if (!first) throw new AppError('invalidArgument', 'the mean of no maps');
  const weights = new Float32Array(first.weights.length);
  for (const map of maps) {
    if (map.queries !== first.queries || map.keys !== first.keys) {
      throw new AppError('invalidArgument', 'the mean of maps of different sizes');
    }
    for (let i = 0; i < weights.length; i++) {
      weights[i] = (weights[i] ?? 0) + (map.weights[i] ?? 0) / maps.length;
    }
  }
  return { ...first, weights };
}
