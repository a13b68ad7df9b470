import { alignTokens, alignWords, type AlignmentMode, type Link } from '../../attention/alignment';
import type { AttentionMap } from '../../attention/attentionMap';
import type { AttentionRun, PanelToken } from '../../protocol/attentionRun';
import { labelsOf } from '../shownMap';
import type { Label } from '../view';

/** Words of both texts and what of them belongs together. */
export interface WordAlignment {
  /** Words that can be aligned: special tokens are none. Tokens are places in `run.source` and `run.predicted`. */
  readonly source: readonly Label[];
  readonly target: readonly Label[];
  /** Sorted by target, then source. */
  readonly links: readonly Link[];
  /** [target, source]: the greatest weight of any pair of the words' tokens. */
  readonly grid: Float32Array<ArrayBuffer>;
  /** [source]: attention that a word received from all output words together. */
  readonly coverage: Float64Array;
  /** Words without a link. */
  readonly lonelySource: ReadonlySet<number>;
  readonly lonelyTarget: ReadonlySet<number>;
}

/**
 * Words are aligned if any of their tokens are. The row of an output token is the one that has it as input or the one that
 * predicts it, by `mode`; tokens without a row (the last one, if the output was cut off) have no link.
 * @param cross encoder-decoder attention, the mean of the chosen heads, unfiltered
 */
export function alignedWords(
  run: Pick<AttentionRun, 'source' | 'predicted'>,
  cross: AttentionMap,
  mode: AlignmentMode,
): WordAlignment {
  const source = wordsOf(run.source);
  const target = wordsOf(run.predicted);
  const sourceWords = wordNumbers(source, run.source.length);
  const targetWords = wordNumbers(target, run.predicted.length);
  // Nothing is to be aligned with a special token, whatever its weight. A token of blanks may win: it is in no word.
  const keyMask = Uint8Array.from(run.source, ({ special }) => (special ? 0 : 1));
  const tokens = alignTokens({ ...cross, keyMask }, run.predicted.length, mode);
  const links = alignWords(
    tokens.map((token, position) => ((targetWords[position] ?? -1) < 0 ? -1 : token)),
    sourceWords,
    targetWords,
  );
  const grid = new Float32Array(source.length * target.length);
  const coverage = new Float64Array(source.length);
  target.forEach((label, word) => {
    for (const token of label.tokens) {
      const row = mode === 'input' ? token + 1 : token;
      if (row >= cross.queries) continue;
      for (let key = 0; key < cross.keys; key++) {
        const owner = sourceWords[key] ?? -1;
        if (owner < 0) continue;
        const weight = cross.weights[row * cross.keys + key] ?? 0;
        const at = word * source.length + owner;
        grid[at] = Math.max(grid[at] ?? 0, weight);
        coverage[owner] = (coverage[owner] ?? 0) + weight;
      }
    }
  });
  return {
    source,
    target,
    links,
    grid,
    coverage,
    lonelySource: without(source.length, new Set(links.map((link) => link.source))),
    lonelyTarget: without(target.length, new Set(links.map((link) => link.target))),
  };
}

/** What stands for nothing but blanks, or for no characters at all, is no word. */
function wordsOf(tokens: readonly PanelToken[]): Label[] {
  const isText = ({ start, text }: PanelToken) => start >= 0 && text.trim() !== '';
  return labelsOf(tokens, true).filter(
    (label) => !label.special && label.tokens.some((at) => tokens.slice(at, at + 1).some(isText)),
  );
}

function wordNumbers(words: readonly Label[], tokens: number): Int32Array {
  const numbers = new Int32Array(tokens).fill(-1);
  words.forEach((label, word) => label.tokens.forEach((token) => (numbers[token] = word)));
  return numbers;
}

function without(count: number, linked: ReadonlySet<number>): ReadonlySet<number> {
  return new Set(
    Array.from({ length: count }, (_, word) => word).filter((word) => !linked.has(word)),
  );
}

/** Words of the other side that a word is linked with, in order. */
export function partnersOf(
  links: readonly Link[],
  side: 'source' | 'target',
  word: number,
): number[] {
  const other = side === 'source' ? 'target' : 'source';
  return links
    .filter((link) => link[side] === word)
    .map((link) => link[other])
    .sort((a, b) => a - b);
}
