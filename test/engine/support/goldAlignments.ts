import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Link } from '../../../src/attention/alignment';
import {
  alignmentErrorRate,
  alignTokens,
  alignWords,
  type AlignmentMode,
} from '../../../src/attention/alignment';
import { meanMap } from '../../../src/attention/attentionMap';
import { targetSpans, sentenceTokens, type TokenSpan } from '../../../src/engine/tokenSpans';
import type { Model } from '../../../src/engine/types';
import type { Tokenizer } from '../../../src/tokenizer/tokenizer';
import { REPOSITORY } from './engine';

/** A sentence pair with its words and what is linked. */
export interface GoldPair {
  readonly source: string;
  readonly target: string;
  readonly sure: readonly Link[];
  readonly possible: readonly Link[];
}

interface WrittenPair {
  readonly source: string;
  readonly target: string;
  readonly sure: string;
  readonly possible: string;
}

/** Every pair in both directions. Throws for a link whose words are not there. */
export function goldPairs(): { en: GoldPair[]; ko: GoldPair[] } {
  const path = join(REPOSITORY, 'test', 'fixtures', 'attention', 'alignments.json');
  const { pairs } = JSON.parse(readFileSync(path, 'utf8')) as { pairs: WrittenPair[] };
  const en = pairs.map((pair) => ({
    source: pair.source,
    target: pair.target,
    sure: readLinks(pair, pair.sure),
    possible: readLinks(pair, pair.possible),
  }));
  const turn = ({ source, target }: Link): Link => ({ source: target, target: source });
  const ko = en.map(({ source, target, sure, possible }) => ({
    source: target,
    target: source,
    sure: sure.map(turn),
    possible: possible.map(turn),
  }));
  return { en, ko };
}

function readLinks({ source, target }: WrittenPair, links: string): Link[] {
  return links
    .split(' ')
    .filter((link) => link !== '')
    .map((link) => {
      const [from = '', to = ''] = link.split('=');
      return { source: wordNumber(source, 'en', from), target: wordNumber(target, 'ko', to) };
    });
}

/** `word#2` is the second one of its kind. */
function wordNumber(text: string, locale: string, name: string): number {
  const [word = '', which = '1'] = name.split('#');
  const words = wordsOf(text, locale);
  const places = [...words.keys()].filter((index) => words[index]?.text === word);
  const place = places[Number(which) - 1];
  if (place === undefined) throw new Error(`'${text}' has no word '${name}'.`);
  return place;
}

function wordsOf(text: string, locale: string): { text: string; start: number; end: number }[] {
  const segments = new Intl.Segmenter(locale, { granularity: 'word' }).segment(text);
  return [...segments]
    .filter(({ segment }) => segment.trim() !== '')
    .map(({ segment, index }) => ({ text: segment, start: index, end: index + segment.length }));
}

/** The word that holds most of a token, by the numbering of the gold links: all words, in the order of the text. */
function wordNumbers(tokens: readonly TokenSpan[], text: string, locale: string): Int32Array {
  const words = wordsOf(text, locale);
  return Int32Array.from(tokens, (token) => {
    const shared = (word: { start: number; end: number }): number =>
      Math.min(word.end, token.end) - Math.max(word.start, token.start);
    const best = words.reduce(
      (found, word, index) => (shared(word) > shared(words[found] ?? word) ? index : found),
      0,
    );
    const word = words[best];
    return token.start >= 0 && word && shared(word) > 0 ? best : -1;
  });
}

interface AlignmentScore {
  readonly layer: number;
  readonly mode: AlignmentMode;
  /** Over all links of all pairs. */
  readonly errorRate: number;
}

/** The alignment error rate of every layer and mode by the mean of its heads, through the model itself. */
async function alignmentScores(
  model: Model,
  tokenizer: Tokenizer,
  pairs: readonly GoldPair[],
  target: 'en' | 'ko',
): Promise<AlignmentScore[]> {
  const choices = Array.from({ length: model.config.decoder.layers }, (_, layer) =>
    (['input', 'output'] as const).map((mode) => ({ layer, mode, links: [] as Link[][] })),
  ).flat();
  for (const pair of pairs) {
    const source = sentenceTokens(tokenizer, `<2${target}>`, {
      start: 0,
      text: pair.source,
      spans: [],
    });
    const ids = tokenizer.encode(pair.target).ids;
    const written = ids.filter((id) => id !== model.config.endTokenId);
    const { cross } = await model.inspect(
      source.map(({ id }) => id),
      ids,
    );
    const sourceWords = wordNumbers(source, pair.source, target === 'ko' ? 'en' : 'ko');
    const targetWords = wordNumbers(targetSpans(tokenizer, written), pair.target, target);
    const [, heads = 0, queries = 0, keys = 0] = cross.dims;
    // Nothing is to be aligned with the tag or the end.
    const keyMask = Uint8Array.from(source, ({ start }) => (start < 0 ? 0 : 1));
    for (const choice of choices) {
      const maps = Array.from({ length: heads }, (_, head) => {
        const start = (choice.layer * heads + head) * queries * keys;
        const weights = cross.data.subarray(start, start + queries * keys);
        return { weights, queries, keys, causal: false, keyMask };
      });
      const tokens = alignTokens(meanMap(maps), written.length, choice.mode);
      choice.links.push(alignWords(tokens, sourceWords, targetWords));
    }
  }
  return choices.map(({ layer, mode, links }) => ({
    layer,
    mode,
    errorRate: alignmentErrorRate(
      joined(links),
      joined(pairs.map(({ sure }) => sure)),
      joined(pairs.map(({ possible }) => possible)),
    ),
  }));
}

interface AlignmentRank {
  readonly layer: number;
  readonly mode: AlignmentMode;
  readonly toKorean: number;
  readonly toEnglish: number;
  readonly mean: number;
}

/** Every layer and mode on the pairs aligned by hand, and the one with the best mean of both directions. Throws without layers. */
export async function rankAlignments(
  model: Model,
  tokenizer: Tokenizer,
): Promise<{ ranks: AlignmentRank[]; best: AlignmentRank }> {
  const { en, ko } = goldPairs();
  const toEnglishScores = await alignmentScores(model, tokenizer, ko, 'en');
  const toKoreanScores = await alignmentScores(model, tokenizer, en, 'ko');
  const ranks = toKoreanScores.map(({ layer, mode, errorRate: toKorean }, index) => {
    // Both lists have the same layers and modes in the same order.
    const toEnglish = toEnglishScores[index]?.errorRate ?? NaN;
    return { layer, mode, toKorean, toEnglish, mean: (toKorean + toEnglish) / 2 };
  });
  return { ranks, best: ranks.reduce((best, rank) => (rank.mean < best.mean ? rank : best)) };
}

/** Links of all pairs with numbers of their own, so that the rate is taken over all of them. */
function joined(links: readonly (readonly Link[])[]): Link[] {
  const apart = 1000;
  return links.flatMap((list, pair) =>
    list.map(({ source, target }) => ({
      source: pair * apart + source,
      target: pair * apart + target,
    })),
  );
}
