import type { AttentionMap } from './attentionMap';
import { hasRow } from './attentionMap';

/** UTF-16 units [start, end) of a text; -1/-1 for a token that stands for none of it. */
export interface TokenSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * The word that each token belongs to: the one that shares most units with its span, the first of equal ones; numbered from
 * 0 in the order of the tokens. Words are those of Unicode's segmentation, never what a tokenizer marks as the beginning of
 * one: scripts without blanks have no such marks. Signs are words of their own. -1 for a token without a source, and for one
 * of nothing but blanks.
 * @returns [tokens]
 */
export function wordsOfTokens(
  text: string,
  spans: readonly TokenSpan[],
  locale: string,
): Int32Array {
  const owners = wordOfEachUnit(text, locale);
  const numbers = new Map<number, number>();
  return Int32Array.from(spans, ({ start, end }) => {
    const word = strongestOwner(owners, start, end);
    if (word < 0) return -1;
    const number = numbers.get(word) ?? numbers.size;
    numbers.set(word, number);
    return number;
  });
}

/**
 * The groups that tokens are merged into: their words, and a group for each token that belongs to none, so that no token is
 * lost; numbered from 0 without gaps in the order of the tokens.
 */
export function wordGroups(words: ArrayLike<number>): Int32Array {
  const groups = new Map<number, number>();
  let next = 0;
  return Int32Array.from(words, (word) => {
    const known = word < 0 ? undefined : groups.get(word);
    if (known !== undefined) return known;
    if (word >= 0) groups.set(word, next);
    return next++;
  });
}

/** [units], the number of the segment, -1 for blanks. */
function wordOfEachUnit(text: string, locale: string): Int32Array {
  const owners = new Int32Array(text.length).fill(-1);
  let word = 0;
  for (const { segment, index } of new Intl.Segmenter(locale, { granularity: 'word' }).segment(
    text,
  )) {
    if (segment.trim() === '') continue;
    owners.fill(word++, index, index + segment.length);
  }
  return owners;
}

function strongestOwner(owners: Int32Array, start: number, end: number): number {
  const shares = new Map<number, number>();
  for (let unit = Math.max(0, start); unit < end; unit++) {
    const owner = owners[unit] ?? -1;
    if (owner >= 0) shares.set(owner, (shares.get(owner) ?? 0) + 1);
  }
  let best = -1;
  let most = 0;
  for (const [owner, share] of shares) {
    if (share > most) {
      most = share;
      best = owner;
    }
  }
  return best;
}

/**
 * A map over words: columns of a word's tokens are added up, then its rows averaged (Clark et al. 2019), so that rows still
 * add up to 1. A word's row is left out only if all of its tokens' rows are.
 * @param queryWords [queries], @param keyWords [keys]: word numbers from 0 without gaps
 */
export function mergeWords(
  map: AttentionMap,
  queryWords: Int32Array,
  keyWords: Int32Array,
): AttentionMap {
  const queries = count(queryWords);
  const keys = count(keyWords);
  const weights = new Float32Array(queries * keys);
  const rows = new Float64Array(queries);
  for (let query = 0; query < map.queries; query++) {
    if (hasRow(map, query)) rows[queryWords[query] ?? 0] = (rows[queryWords[query] ?? 0] ?? 0) + 1;
  }
  const queryMask = Uint8Array.from(rows, (number) => (number > 0 ? 1 : 0));
  const sums = new Float64Array(weights.length);
  for (let query = 0; query < map.queries; query++) {
    if (!hasRow(map, query)) continue;
    const word = queryWords[query] ?? 0;
    for (let key = 0; key < map.keys; key++) {
      const at = word * keys + (keyWords[key] ?? 0);
      sums[at] = (sums[at] ?? 0) + (map.weights[query * map.keys + key] ?? 0);
    }
  }
  for (let i = 0; i < sums.length; i++) {
    const number = rows[Math.floor(i / keys)] ?? 0;
    weights[i] = number > 0 ? (sums[i] ?? 0) / number : 0;
  }
  // Tokens of a word see different numbers of keys, so the merged map has no triangle that is 0 by construction.
  return { weights, queries, keys, causal: false, queryMask };
}

function count(words: Int32Array): number {
  return words.reduce((most, word) => Math.max(most, word + 1), 0);
}
