import type { Language } from '../protocol/engine';
import { PLACEHOLDER, type ProtectedSpan } from '../text/protect';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { filled, restored, type Source } from './job';
import { targetSpans, type TokenSpan } from './tokenSpans';

/** What the model wrote for a piece, and where its tokens stand in the text that became of it. */
export interface WrittenPiece {
  readonly text: string;
  /** Without `</s>`. */
  readonly tokens: readonly TokenSpan[];
}

/**
 * Token places of what the model wrote, in the text with its spans back in place. What a span stands for is the place of its
 * placeholder; where particles or blanks were corrected, the tokens next to the change share it.
 * @param textOf the text of what was decoded, with the spans in their places
 */
export function writtenPiece(
  ids: readonly number[],
  spans: readonly ProtectedSpan[],
  textOf: (output: string) => string,
  tokenizer: Tokenizer,
  endTokenId: number,
): WrittenPiece {
  const own = ids.at(-1) === endTokenId ? ids.slice(0, -1) : ids;
  const output = tokenizer.decode(own);
  const text = textOf(output);
  const place = offsetsAfter(output, text, spans);
  const tokens = targetSpans(tokenizer, own).map((token) =>
    token.start < 0 ? token : { ...token, ...place(token.start, token.end) },
  );
  return { text, tokens };
}

/** The text of a translation; one that may not stand is shown as far as it goes. */
export function translationText(source: Source, target: Language): (output: string) => string {
  return (output) => restored(output, source, target) ?? filled(output, source);
}

/** A part of one text and what became of it; `same` where each unit stayed. */
interface Part {
  readonly from: number;
  readonly fromEnd: number;
  readonly to: number;
  readonly toEnd: number;
  readonly same: boolean;
}

/** Ranges of the text with placeholders to ranges of the text with the spans in their places. */
function offsetsAfter(
  before: string,
  after: string,
  spans: readonly ProtectedSpan[],
): (start: number, end: number) => { start: number; end: number } {
  const texts = new Map(spans.map((span) => [span.placeholder, span.replacement ?? span.text]));
  const parts: Part[] = [];
  let from = 0;
  let to = 0;
  for (const match of before.matchAll(PLACEHOLDER)) {
    const text = texts.get(match[0]);
    const found = text === undefined ? -1 : after.indexOf(text, to);
    if (text === undefined || found < 0) continue;
    parts.push(...changes(before.slice(from, match.index), after.slice(to, found), from, to));
    from = match.index + match[0].length;
    to = found + text.length;
    parts.push({ from: match.index, fromEnd: from, to: found, toEnd: to, same: false });
  }
  parts.push(...changes(before.slice(from), after.slice(to), from, to));
  return (start, end) => {
    const first = parts.find((part) => part.fromEnd > start);
    const last = parts.findLast((part) => part.from < end);
    if (!first || !last) return { start: after.length, end: after.length };
    return {
      start: first.same ? first.to + start - first.from : first.to,
      end: last.same ? last.to + end - last.from : last.toEnd,
    };
  };
}

/** What two texts begin and end with stays; what differs between is one part. */
function changes(before: string, after: string, from: number, to: number): Part[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const [fromEnd, toEnd] = [from + before.length, to + after.length];
  const parts = [
    { from, fromEnd: from + head, to, toEnd: to + head, same: true },
    { from: from + head, fromEnd: fromEnd - tail, to: to + head, toEnd: toEnd - tail, same: false },
    { from: fromEnd - tail, fromEnd, to: toEnd - tail, toEnd, same: true },
  ];
  return parts.filter((part) => part.fromEnd > part.from);
}
