import { MAY_END, NEVER_LAST } from './abbreviations';
import type { Language } from '../common/language';
import { correctParticles, type Attachment } from './particles';

/**
 * Sets right what a small model often gets wrong in writing and a rule can tell: a stop at the end, blanks inside brackets
 * and before marks, and the form of Korean particles. Both texts hold placeholders for their spans. Without the source, only
 * what the output alone shows.
 * @param source what was translated, a sentence or a part of one
 */
export function finish(output: string, source: string | undefined, target: Language): string {
  const text = source === undefined ? output : endAs(source, withoutBlanks(source, output));
  return target === 'ko' ? correctParticles(text, attachments(text)) : text;
}

/** Blanks that the source excuses where it has one of the same kind. */
const BLANKS: readonly { readonly found: RegExp; readonly left: string }[] = [
  { found: /(?<=[([])[ \u00a0]+/gu, left: '' },
  { found: /[ \u00a0]+(?=[)\]])/gu, left: '' },
  { found: /[ \u00a0]+(?=[,.;:!?](?:\s|$))/gu, left: '' },
  { found: /[ \u00a0]{2,}/gu, left: ' ' },
];

function withoutBlanks(source: string, output: string): string {
  return BLANKS.reduce(
    (text, { found, left }) => (source.search(found) < 0 ? text.replace(found, left) : text),
    output,
  );
}

const STOP = /(?<!\.)\.$/u;
/** A letter, a digit or a span: no mark at all. */
const BARE = /(?:[\p{L}\p{N}]|<c\d+>)$/u;

/**
 * A heading, an item or a comment without a stop has none in the other language. Other marks are the model's own: Korean
 * ends with a stop where English announces with a colon.
 */
function endAs(source: string, output: string): string {
  return BARE.test(source.trimEnd()) && !endsShort(output) ? output.replace(STOP, '') : output;
}

/** The stop belongs to the last word: `etc.`, `U.S.` */
function endsShort(text: string): boolean {
  const word = /([\p{L}.]+)\.$/u.exec(text)?.[1]?.toLowerCase() ?? '';
  return word.includes('.') || MAY_END.has(word) || NEVER_LAST.has(word);
}

const BEHIND = '(?:부터|써|서|의|만|도|는)?(?![가-힣A-Za-z0-9])';
/** Forms that no word ends in: 가을 and 받는 end like particles, and are left alone. */
const SURE = new RegExp(`(?<=[가-힣])(?:으로${BEHIND}|를(?![가-힣A-Za-z0-9]))`, 'gu');
/** What is in brackets behind a word is not heard: 파일(사본)을. */
const BRACKETS = /(?<=[가-힣])\([^()]*\)(?=[가-힣])/gu;

function attachments(text: string): Attachment[] {
  const behindWords = [...text.matchAll(SURE)].map(({ index }) => ({
    at: index,
    word: text.slice(0, index),
  }));
  const behindBrackets = [...text.matchAll(BRACKETS)].map(({ 0: brackets, index }) => ({
    at: index + brackets.length,
    word: text.slice(0, index),
  }));
  return [...behindWords, ...behindBrackets].sort((a, b) => a.at - b.at);
}
