import { alignTexts, type AlignmentMode, type Link } from '../../attention/alignment';
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
  const links = alignTexts(cross, run.source, run.predicted, mode);
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

/** One label a word, in the order of their numbers: what stands for nothing but blanks is no word. */
function wordsOf(tokens: readonly PanelToken[]): Label[] {
  return labelsOf(tokens, true).filter(({ tokens: own }) => (tokens[own[0] ?? 0]?.word ?? -1) >= 0);
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
