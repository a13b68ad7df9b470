import type { AttentionMap } from './attentionMap';
import { hasRow, strongestKey } from './attentionMap';

/**
 * Which decoder row tells what a target token is aligned with. Row t is the query whose decoder input is token t of
 * the decoder's inputs, the start token first; it predicts target token t.
 * - `input`: the row that has y_t as its input, one further on (Chen et al. 2020).
 * - `output`: the row that predicts y_t (Garg et al. 2019, arXiv 1909.02074).
 */
export type AlignmentMode = 'input' | 'output';

/**
 * The source token that each target token is aligned with: argmax_j of its row, -1 where it has none (in `input` mode the
 * last token, if the output was cut off and no further step was captured).
 * @param cross cross-attention of the chosen layer, averaged over the chosen heads; its keyMask leaves out source tokens
 *   that nothing is to be aligned with
 * @param targets number of target tokens, the start token not counted
 * @returns [targets]
 */
export function alignTokens(cross: AttentionMap, targets: number, mode: AlignmentMode): Int32Array {
  return Int32Array.from({ length: targets }, (_, target) => {
    const row = mode === 'input' ? target + 1 : target;
    return hasRow(cross, row) ? strongestKey(cross, row) : -1;
  });
}

/** A pair of positions, of words or tokens. */
export interface Link {
  readonly source: number;
  readonly target: number;
}

/**
 * Words are aligned if any of their tokens are; sorted by target, then source, each pair once.
 * @param sourceWords [source tokens], -1 for tokens of no word @param targetWords [target tokens]
 */
export function alignWords(
  alignment: Int32Array,
  sourceWords: Int32Array,
  targetWords: Int32Array,
): Link[] {
  const links = new Map<string, Link>();
  alignment.forEach((token, position) => {
    const source = sourceWords[token];
    const target = targetWords[position];
    if (token < 0 || source === undefined || target === undefined) return;
    if (source < 0 || target < 0) return;
    links.set(`${source}-${target}`, { source, target });
  });
  return [...links.values()].sort((a, b) => a.target - b.target || a.source - b.source);
}

/** What an alignment has to know of a token: `word` counts from 0 in the order of the tokens, -1 for none. */
export interface AlignableToken {
  readonly special: boolean;
  readonly word: number;
}

/**
 * The words of two texts that belong together, of any layer and heads. Nothing is aligned with a special token, whatever its
 * weight; a token of blanks may win, and links nothing.
 * @param cross [predicted, source], the mean of the chosen heads, unfiltered @param predicted what each row predicts
 */
export function alignTexts(
  cross: AttentionMap,
  source: readonly AlignableToken[],
  predicted: readonly AlignableToken[],
  mode: AlignmentMode,
): Link[] {
  const keyMask = Uint8Array.from(source, ({ special }) => Number(!special));
  const words = (tokens: readonly AlignableToken[]): Int32Array =>
    Int32Array.from(tokens, ({ special, word }) => (special ? -1 : word));
  const tokens = alignTokens({ ...cross, keyMask }, predicted.length, mode);
  return alignWords(tokens, words(source), words(predicted));
}

/** One line of the Pharaoh format: `source-target` pairs from 0, sorted by source, as aligners write them. */
export function toPharaoh(links: readonly Link[]): string {
  return links
    .toSorted((a, b) => a.source - b.source || a.target - b.target)
    .map(({ source, target }) => `${source}-${target}`)
    .join(' ');
}

/** Reads a line of the Pharaoh format; undefined if it is none. */
export function parsePharaoh(line: string): Link[] | undefined {
  const links: Link[] = [];
  for (const pair of line.split(/\s+/).filter((part) => part !== '')) {
    const found = /^(\d{1,9})-(\d{1,9})$/.exec(pair);
    if (!found) return undefined;
    links.push({ source: Number(found[1]), target: Number(found[2]) });
  }
  return links;
}

/**
 * Alignment error rate 1 - (|A and S| + |A and P|) / (|A| + |S|) (Och & Ney 2003). Sure links are possible ones, too,
 * whether `possible` has them or not. NaN if there are neither links nor sure links.
 */
export function alignmentErrorRate(
  links: readonly Link[],
  sure: readonly Link[],
  possible: readonly Link[],
): number {
  const keyOf = ({ source, target }: Link): string => `${source}-${target}`;
  const wanted = new Set(sure.map(keyOf));
  const allowed = new Set([...wanted, ...possible.map(keyOf)]);
  const found = new Set(links.map(keyOf));
  const inSure = [...found].filter((key) => wanted.has(key)).length;
  const inPossible = [...found].filter((key) => allowed.has(key)).length;
  const size = found.size + wanted.size;
  return size === 0 ? NaN : 1 - (inSure + inPossible) / size;
}
