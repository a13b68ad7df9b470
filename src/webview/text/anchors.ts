import type { AttentionMap } from '../../attention/attentionMap';
import { hasRow } from '../../attention/attentionMap';
import type { Label } from '../view';

/** `to`: what queries attend to. `by`: which queries keys are attended by. */
export type Direction = 'to' | 'by';

/**
 * Weights on the other side of the pinned or hovered positions. `to`: the mean of the queries' rows, [keys], which adds up
 * to what one row does. `by`: what each query gives to the keys together, [queries], so at most what its row adds up to.
 * Rows that are left out count for nothing; positions outside the map are passed over.
 */
export function anchorWeights(
  map: AttentionMap,
  direction: Direction,
  anchors: readonly number[],
): Float32Array<ArrayBuffer> {
  const { weights, queries, keys } = map;
  if (direction === 'by') {
    const inside = anchors.filter((key) => key >= 0 && key < keys);
    return Float32Array.from({ length: queries }, (_, query) =>
      hasRow(map, query)
        ? inside.reduce((sum, key) => sum + (weights[query * keys + key] ?? 0), 0)
        : 0,
    );
  }
  const rows = anchors.filter((query) => hasRow(map, query));
  const mean = new Float32Array(keys);
  for (const query of rows) {
    for (let key = 0; key < keys; key++) {
      mean[key] = (mean[key] ?? 0) + (weights[query * keys + key] ?? 0) / rows.length;
    }
  }
  return mean;
}

/** Mean of several heads' weights of the same positions. */
export function meanWeights(lists: readonly Float32Array[]): Float32Array {
  const [first] = lists;
  if (!first || lists.length === 1) return first ?? new Float32Array();
  return first.map(
    (_, index) => lists.reduce((sum, list) => sum + (list[index] ?? 0), 0) / lists.length,
  );
}

/** Positions by weight, greatest first, of equal ones the earlier; those without weight are left out. */
export function strongest(weights: ArrayLike<number>, most: number): number[] {
  const order: number[] = [];
  for (let at = 0; at < weights.length; at++) if ((weights[at] ?? 0) > 0) order.push(at);
  order.sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
  return order.slice(0, most);
}

/** Steps of the picture, of sqrt(weight): 0 is nothing, so that small weights still show (as the maps' colours do). */
export const TEXT_LEVELS = 12;

export function textLevel(weight: number): number {
  if (!(weight > 0)) return 0;
  return Math.min(TEXT_LEVELS, Math.round(Math.sqrt(weight) * TEXT_LEVELS));
}

/** Lines (of `labels`) that stand for any of the tokens. */
export function linesOf(labels: readonly Label[], tokens: Iterable<number>): number[] {
  const wanted = new Set(tokens);
  return labels.flatMap((label, line) =>
    label.tokens.some((token) => wanted.has(token)) ? [line] : [],
  );
}

/** Pins after a click: alone; with `adding` one more, or one less if it was pinned. Clicking the only pin takes it off. */
export function togglePins(
  pinned: readonly number[],
  tokens: readonly number[],
  adding: boolean,
): number[] {
  const wanted = new Set(tokens);
  const others = pinned.filter((token) => !wanted.has(token));
  const had = others.length < pinned.length;
  if (adding) return had ? others : [...pinned, ...tokens].sort((a, b) => a - b);
  return had && others.length === 0 ? [] : [...tokens];
}
