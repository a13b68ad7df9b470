import type { PlannedSentence } from '../text/plan';
import { PLACEHOLDER, type ProtectedSpan } from '../text/protect';
import type { Tokenizer } from '../tokenizer/tokenizer';

export interface TokenSpan {
  readonly id: number;
  readonly token: string;
  /** UTF-16 units; -1 where the token stands for no text. */
  readonly start: number;
  readonly end: number;
}

/**
 * Source tokens with their place in the original text. `prepared` is what the model reads: `prefix` units of a tag, then the
 * text, whose offsets `original` maps. A token that joins the two (the blank between them) is placed by what lies in the text.
 */
export function sourceSpans(
  tokenizer: Tokenizer,
  prepared: string,
  prefix: number,
  original: (offset: number) => number,
): TokenSpan[] {
  const { ids, spans } = tokenizer.encode(prepared);
  return ids.map((id, index) => {
    const { start, end } = spans[index] ?? { start: -1, end: -1 };
    const inText = start >= 0 && end > prefix;
    return {
      id,
      token: tokenizer.idToToken(id) ?? '',
      start: inText ? original(Math.max(start - prefix, 0)) : -1,
      end: inText ? original(end - prefix) : -1,
    };
  });
}

/** The tokens of a planned sentence behind its tag, `</s>` last, with their places in the text that was planned. */
export function sentenceTokens(
  tokenizer: Tokenizer,
  tag: string,
  sentence: Pick<PlannedSentence, 'start' | 'text' | 'spans'>,
): TokenSpan[] {
  const inSentence = originalOffsets(sentence.text, sentence.spans);
  return sourceSpans(
    tokenizer,
    `${tag} ${sentence.text}`,
    tag.length + 1,
    (offset) => sentence.start + inSentence(offset),
  );
}

/** Offsets of a protected sentence to offsets of the original one; what lies inside a placeholder goes to its start. */
function originalOffsets(
  text: string,
  spans: readonly ProtectedSpan[],
): (offset: number) => number {
  const lengths = new Map(spans.map((span) => [span.placeholder, span.text.length]));
  const map = new Int32Array(text.length + 1);
  let original = 0;
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    while (end < match.index) map[end++] = original++;
    map.fill(original, match.index, match.index + match[0].length);
    original += lengths.get(match[0]) ?? match[0].length;
    end = match.index + match[0].length;
  }
  while (end <= text.length) map[end++] = original++;
  return (offset) => map[offset] ?? original;
}

/** Target tokens with their place in the decoded text: of a character in several tokens the last one has it. */
export function targetSpans(tokenizer: Tokenizer, ids: readonly number[]): TokenSpan[] {
  const stream = tokenizer.streamDecoder();
  let length = 0;
  return ids.map((id, index) => {
    const start = length;
    length += stream.push(id).length;
    if (index === ids.length - 1) length += stream.end().length;
    const none = length === start;
    return {
      id,
      token: tokenizer.idToToken(id) ?? '',
      start: none ? -1 : start,
      end: none ? -1 : length,
    };
  });
}
