import type { Span, SpanKind } from './span';
import { findSpans } from './spans';

/** The model was trained with `<c0>` to `<c15>`. */
export const MAX_PLACEHOLDERS = 16;

/** One distinct protected string. */
export interface ProtectedSpan {
  readonly placeholder: string;
  readonly text: string;
  readonly kind: SpanKind;
  /** How often it stands in the source, and must stand in the translation. */
  readonly count: number;
  /** It is the target of a link, in brackets behind the link's text, wherever it stands. */
  readonly linked: boolean;
  /** Of a mark that stands before or behind what it marks, without a blank between. */
  readonly side?: 'open' | 'close';
  /** What comes out in its place; absent: `text` itself. */
  readonly replacement?: string;
}

export interface Protected {
  /** What the model reads: the spans replaced by placeholders, numbered by first appearance. */
  readonly text: string;
  /** In the order of their numbers; the same string has the same number, save for marks with two sides. */
  readonly spans: readonly ProtectedSpan[];
  /** Where the spans stood in the original text. */
  readonly ranges: readonly Span[];
  /** False when there are more distinct spans than placeholders: `text` is then not usable, split the sentence first. */
  readonly fits: boolean;
}

/** Replaces what must not change by placeholders. `extraPatterns` come from compilePatterns. */
export function protect(text: string, extraPatterns: readonly RegExp[] = []): Protected {
  return protectSpans(text, findSpans(text, extraPatterns));
}

/** As protect, with the spans already found; they are ordered and do not overlap. */
export function protectSpans(text: string, ranges: readonly Span[]): Protected {
  const byKey = new Map<string, ProtectedSpan & { count: number; linked: boolean }>();
  let result = '';
  let balance = 0;
  let end = 0;
  for (const range of ranges) {
    const original = text.slice(range.start, range.end);
    const key = `${range.side ?? ''}:${original}`;
    const known = byKey.get(key);
    const { kind, side, replacement } = range;
    const placeholder = placeholderOf(byKey.size);
    const fresh = { placeholder, kind, count: 0, text: original, linked: kind === 'link' };
    const entry = known ?? {
      ...fresh,
      ...(side && { side }),
      ...(replacement !== undefined && { replacement }),
    };
    if (!known) byKey.set(key, entry);
    entry.count++;
    const between = text.slice(end, range.start);
    balance += bracketBalance(between);
    entry.linked &&= between.endsWith('](') && text[range.end] === ')' && balance >= 0;
    result += between + entry.placeholder;
    end = range.end;
  }
  result += text.slice(end);
  const spans = [...byKey.values()];
  // A user's pattern may cut a literal placeholder in two; what is left must not look like one.
  const literal = (result.match(PLACEHOLDER)?.length ?? 0) !== ranges.length;
  return { text: result, spans, ranges, fits: spans.length <= MAX_PLACEHOLDERS && !literal };
}

/** What stands for a span in the text the model reads and writes. */
export const PLACEHOLDER = /<c\d+>/gu;

/** The placeholder of a number, from 0. */
export function placeholderOf(number: number): string {
  return `<c${number}>`;
}

/** Where a restored span stands in the restored text. */
export interface RestoredSpan extends Span {
  readonly text: string;
}

export type Restored =
  | { readonly ok: true; readonly text: string; readonly ranges: readonly RestoredSpan[] }
  | {
      readonly ok: false;
      /** Placeholders that stand less often than in the source. */
      readonly missing: readonly string[];
      /** Placeholders that stand more often than in the source. */
      readonly doubled: readonly string[];
      /** Placeholders that the source does not have. */
      readonly unknown: readonly string[];
    };

/** What the model writes where a line of its training text ended. No span is left in the text that holds it. */
const MODEL_LINE_END = /\s*<nl>\s*/gu;

/**
 * Puts the spans back into what the model wrote. Every span must stand exactly as often as in the source, a link's target
 * behind the link's text. Blanks between a mark such as `**` and what it marks go: with them it would mark nothing. The
 * model's sign for a line end becomes a blank: a sentence has one line.
 */
export function restore(output: string, spans: readonly ProtectedSpan[]): Restored {
  const protectedText = output.replace(MODEL_LINE_END, ' ');
  const byPlaceholder = new Map(spans.map((span) => [span.placeholder, span]));
  const counts = new Map<string, number>();
  const unknown = new Set<string>();
  const ranges: RestoredSpan[] = [];
  /** The span before opens a mark, which must touch what it marks. */
  let marked = false;
  let balance = 0;
  let text = '';
  let end = 0;
  for (const match of protectedText.matchAll(PLACEHOLDER)) {
    const span = byPlaceholder.get(match[0]);
    if (!span) {
      unknown.add(match[0]);
      continue;
    }
    // A link that lost a bracket is no link any more: its target counts as missing.
    const between = protectedText.slice(end, match.index);
    balance += bracketBalance(between);
    const after = protectedText[match.index + match[0].length];
    if (span.linked && !(between.endsWith('](') && after === ')' && balance >= 0)) continue;
    counts.set(match[0], (counts.get(match[0]) ?? 0) + 1);
    const tight = marked ? between.trimStart() : between;
    text += span.side === 'close' ? tight.trimEnd() : tight;
    marked = span.side === 'open';
    const put = span.replacement ?? span.text;
    const start = text.length;
    text += put;
    ranges.push({ start, end: text.length, kind: span.kind, text: put });
    end = match.index + match[0].length;
  }
  const rest = protectedText.slice(end);
  text += marked ? rest.trimStart() : rest;
  const missing = spans.filter((span) => (counts.get(span.placeholder) ?? 0) < span.count);
  const doubled = spans.filter((span) => (counts.get(span.placeholder) ?? 0) > span.count);
  if (missing.length + doubled.length + unknown.size === 0) return { ok: true, text, ranges };
  return {
    ok: false,
    missing: missing.map((span) => span.placeholder),
    doubled: doubled.map((span) => span.placeholder),
    unknown: [...unknown],
  };
}

/** Square brackets opened less those closed; below 0, a link's text has lost its beginning. */
function bracketBalance(text: string): number {
  let balance = 0;
  for (const mark of text) balance += Number(mark === '[') - Number(mark === ']');
  return balance;
}
