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

/** Target tokens with their place in the decoded text. The bytes of a character share its place. */
export function targetSpans(tokenizer: Tokenizer, ids: readonly number[]): TokenSpan[] {
  const stream = tokenizer.streamDecoder();
  const spans: TokenSpan[] = [];
  /** Bytes whose text has not come yet. */
  let bytes: number[] = [];
  let length = 0;
  ids.forEach((id, index) => {
    const token = tokenizer.idToToken(id) ?? '';
    const byte = BYTE.exec(token)?.[1];
    let text = stream.push(id);
    if (index === ids.length - 1) text += stream.end();
    if (byte !== undefined) bytes.push(parseInt(byte, 16));
    spans.push({ id, token, start: -1, end: -1 });
    if (text === '') return;
    // A run of bytes is decoded when it is over: its text then comes with the next token's.
    const own = placeBytes(spans, byte === undefined ? 1 : 0, bytes, length, text);
    bytes = [];
    const start = length + own;
    length += text.length;
    if (byte === undefined && length > start) spans[index] = { id, token, start, end: length };
  });
  return spans;
}

const BYTE = /^<0x([0-9A-Fa-f]{2})>$/u;

/**
 * Gives the last tokens, `after` of them aside, the places of their characters. Returns how many units of the text were the
 * bytes'.
 */
function placeBytes(
  spans: TokenSpan[],
  after: number,
  bytes: readonly number[],
  start: number,
  text: string,
): number {
  const characters = charactersOf(bytes);
  const units = characters.reduce((sum, { character }) => sum + character.length, 0);
  let token = spans.length - after - bytes.length;
  let at = start;
  for (const { character, count } of characters) {
    const end = at + character.length;
    for (const last = token + count; token < last; token++) {
      const span = spans[token];
      if (span) spans[token] = { ...span, start: at, end: Math.min(end, start + text.length) };
    }
    at = end;
  }
  return units;
}

/** A run of bytes as text: if it is no UTF-8, every byte is a replacement character, as decoders of this kind have it. */
function charactersOf(bytes: readonly number[]): { character: string; count: number }[] {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(bytes),
    );
    const count = (character: string): number => new TextEncoder().encode(character).length;
    return Array.from(text, (character) => ({ character, count: count(character) }));
  } catch {
    return bytes.map(() => ({ character: '\uFFFD', count: 1 }));
  }
}
