import type { Language, TargetLanguage } from '../common/language';
import { LINE_END } from './characters';
import type { Span } from './span';
import { findSpans } from './spans';

export interface Direction {
  readonly source: Language;
  readonly target: Language;
}

/** English words that hold a sentence together; a Korean sentence full of English terms does not use them. */
const FUNCTION_WORDS = new Set(
  (
    'a an the is are was were be been has have had do does did will would can could should must may might of to in on at by ' +
    'for from with without into and or but not if then when while that this these those it its you your we our they their ' +
    'he she his her my which who what how why where as than so please there'
  ).split(' '),
);

/**
 * Korean or not, by words rather than letters, since a Korean sentence about software may have more Latin letters than
 * Hangul. A word with any Hangul (`Service를`) counts twice, words of English grammar count twice for English, and what
 * is quoted or bracketed counts little: it is what the sentence talks about. Protected spans do not count.
 * `none` where there is nothing to go by: no letters outside protected spans.
 */
export function detectLanguage(text: string, spans?: readonly Span[]): Language | 'other' | 'none' {
  const { korean, latin, other } = scores(text, spans ?? findSpans(text));
  if (korean + latin + other === 0) return 'none';
  if (korean > 0 && korean >= latin && korean >= other) return 'ko';
  return other > latin ? 'other' : 'en';
}

/** Korean goes to English, anything else to Korean; a setting wins over what the text looks like. */
export function chooseDirection(text: string, target: TargetLanguage): Direction {
  if (target !== 'auto') return { source: target === 'en' ? 'ko' : 'en', target };
  const total = { korean: 0, latin: 0, other: 0 };
  for (const line of text.split(new RegExp(LINE_END, 'u'))) {
    if (!line) continue;
    const { korean, latin, other } = scores(line, findSpans(line));
    total.korean += korean;
    total.latin += latin;
    total.other += other;
  }
  const source: Language =
    total.korean > 0 && total.korean >= total.latin + total.other ? 'ko' : 'en';
  return { source, target: source === 'ko' ? 'en' : 'ko' };
}

interface Scores {
  korean: number;
  latin: number;
  other: number;
}

const QUOTED = 0.25;
const QUOTATION = /"[^"]*"|“[^“”]*”|‘[^‘’]*’|「[^「」]*」|\([^()]*\)|\[[^[\]]*\]/gu;

function scores(text: string, spans: readonly Span[]): Scores {
  const result: Scores = { korean: 0, latin: 0, other: 0 };
  let plain = '';
  let from = 0;
  for (const span of spans) {
    // A letter that is no word keeps `foo_bar를` one Korean word.
    plain += `${text.slice(from, span.start)}_`;
    from = span.end;
  }
  plain += text.slice(from);
  const quotations = [...plain.matchAll(QUOTATION)];
  let next = 0;
  for (const match of plain.matchAll(/[\p{L}\p{M}_'’]+/gu)) {
    const word = match[0];
    const at = match.index;
    while (next < quotations.length && end(quotations[next]!) <= at) next++;
    const quoted = (quotations[next]?.index ?? Infinity) < at ? QUOTED : 1;
    if (/\p{Script=Hangul}/u.test(word)) result.korean += 2 * quoted;
    else if (/\p{Script=Latin}/u.test(word)) {
      const grammar = FUNCTION_WORDS.has(word.length === 1 ? word : word.toLowerCase());
      const weight = grammar ? 2 : 1;
      result.latin += weight * quoted;
    } else if (/\p{L}/u.test(word)) {
      // Han, kana and others have no blanks between words: two letters make about one.
      result.other += (word.length / 2) * quoted;
    }
  }
  return result;
}

const end = (match: RegExpExecArray): number => match.index + match[0].length;
