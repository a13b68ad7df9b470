import type { GlossaryEntry } from '../common/glossary';
import type { Language, TargetLanguage } from '../common/language';
import { LINE_END, type Range } from './characters';
import { withoutCapitals } from './capitals';
import { cutAt } from './clauses';
import { findKeptLines, proseArea } from './codeLines';
import { chooseDirection, detectLanguage, type Direction } from './direction';
import { Glossary, replaceTerms, withTerms } from './glossary';
import { type Line, splitLines } from './lines';
import { compilePatterns } from './patterns';
import { MAX_PLACEHOLDERS, protectSpans, type ProtectedSpan } from './protect';
import { splitSentences } from './sentences';
import type { Span } from './span';
import { findSpans } from './spans';
import { isTableRow, tableCells } from './tables';
import { jointsOf, unwrapped, wrappedGroups, wrappedLike } from './wrapped';

export interface PlanOptions {
  /** Regular expressions of the user, in addition to the built-in rules. */
  readonly protectPatterns: readonly string[];
  readonly target: TargetLanguage;
  readonly glossary?: readonly GlossaryEntry[];
}

/** Why a sentence is not sent to the model; a part of the contract's reasons. */
export type KeepReason = 'noText' | 'alreadyTarget' | 'tooLong';

export interface PlannedSentence extends Range {
  /** What the model reads: the sentence with placeholders for its protected spans. */
  readonly text: string;
  readonly spans: readonly ProtectedSpan[];
  /** Present where the sentence stays as it is. */
  readonly keep?: KeepReason;
  /** The translation, where the glossary alone gives it. */
  readonly ready?: string;
  /** The sentence without the glossary's terms, where it has any: for a model that loses their placeholders. */
  readonly plain?: Pick<PlannedSentence, 'text' | 'spans'>;
}

/** Offsets of one sentence before and after, in UTF-16 units. */
export interface Segment {
  readonly sourceStart: number;
  readonly sourceEnd: number;
  readonly targetStart: number;
  readonly targetEnd: number;
}

export interface Assembled {
  readonly text: string;
  /** One per planned sentence, in order. */
  readonly segments: readonly Segment[];
}

export interface Plan {
  readonly source: Language;
  readonly target: Language;
  /** The text with blanks in place of the line ends and marks that stand inside sentences; offsets are the same. */
  readonly unwrapped: string;
  /** In the order of the text; what stands between them is kept byte for byte. */
  readonly sentences: readonly PlannedSentence[];
  /**
   * The text with the sentences replaced: one entry per sentence, `undefined` keeps it. A sentence over several lines is put
   * over as many, other line ends in a translation become blanks, so that the lines of the result are the lines of the
   * text. `flatly`: every translation on one line.
   */
  assemble(translations: readonly (string | undefined)[], flatly?: boolean): Assembled;
}

/**
 * Cuts a text into sentences to translate and everything else. Throws invalidArgument for a bad pattern.
 * Lines are boundaries, except where a sentence was wrapped (see `wrappedGroups`).
 */
export function planText(text: string, options: PlanOptions): Plan {
  return planner(options)(text);
}

/**
 * `planText` for the texts of one request. What they share is made ready once: for a document in 200 texts and a glossary of
 * 5000 terms that is 5 of 6 seconds. Throws invalidArgument for a bad pattern.
 */
export function planner(options: PlanOptions): (text: string) => Plan {
  const patterns = compilePatterns(options.protectPatterns);
  const glossaries = new Map<Language, Glossary>();
  return (text) => {
    const direction = chooseDirection(text, options.target);
    const { target } = direction;
    const glossary = glossaries.get(target) ?? new Glossary(options.glossary ?? [], target);
    glossaries.set(target, glossary);
    return planWith(text, direction, patterns, glossary);
  };
}

function planWith(
  text: string,
  { source, target }: Direction,
  patterns: readonly RegExp[],
  glossary: Glossary,
): Plan {
  const lines = splitLines(text);
  const kept = findKeptLines(lines);
  const sentences: PlannedSentence[] = [];
  const onOneLine: { readonly start: number; readonly body: string }[] = [];
  const plan = (group: readonly Line[]): void => {
    const start = bodyStart(group[0]!);
    const last = group.at(-1)!;
    const source = text.slice(start, bodyStart(last) + last.body.length);
    const joints = group.length > 1 ? jointsOf(source) : [];
    const body = joints.length > 0 ? unwrapped(source, joints) : source;
    const prose = proseArea(body.slice(0, group[0]!.body.length));
    if (!prose) return;
    const fixed = findSpans(body, patterns);
    const spans = withTerms(fixed, glossary.find(body, fixed));
    // What must come back as it is cannot be given another line end.
    if (joints.some(({ at }) => within(spans, { start: at, end: at + 1 }).length > 0)) {
      for (const line of group) plan([line]);
      return;
    }
    if (joints.length > 0) onOneLine.push({ start, body });
    const whole = { start: prose.start, end: body.length };
    const areas = isTableRow(body) ? tableCells(body, spans) : [widen(whole, spans)];
    for (const area of areas) {
      for (const sentence of sentencesOf(body, area, spans)) {
        sentences.push(planSentence(body, sentence, spans, start, target));
      }
    }
  };
  wrappedGroups(lines, kept).forEach(plan);
  let flat = '';
  for (const { start, body } of onOneLine) flat += text.slice(flat.length, start) + body;
  flat += text.slice(flat.length);
  return {
    source,
    target,
    unwrapped: flat,
    sentences,
    assemble: (translations, flatly = false) =>
      assemble(flatly ? flat : text, sentences, translations, target),
  };
}

function bodyStart({ start, prefix }: Line): number {
  return start + prefix.length;
}

/** What looked like the mark of a comment may stand inside a span: the area then begins with the line. */
function widen(area: Range, spans: readonly Span[]): Range {
  const split = spans.some((span) => span.start < area.start && span.end > area.start);
  return split ? { start: 0, end: area.end } : area;
}

/** Sentences of a part of a line, cut further where one has more distinct spans than there are placeholders. */
function* sentencesOf(body: string, area: Range, spans: readonly Span[]): Generator<Range> {
  const inArea = within(spans, area);
  for (const found of splitSentences(
    body.slice(area.start, area.end),
    shift(inArea, -area.start),
  )) {
    const sentence = { start: found.start + area.start, end: found.end + area.start };
    const own = within(inArea, sentence);
    if (own.length <= MAX_PLACEHOLDERS) {
      yield sentence;
      continue;
    }
    const text = body.slice(sentence.start, sentence.end);
    const local = shift(own, -sentence.start);
    for (const piece of cutAt(text, local, tooManySpans(text, local))) {
      yield { start: piece.start + sentence.start, end: piece.end + sentence.start };
    }
  }
}

function tooManySpans(
  text: string,
  spans: readonly Span[],
): (start: number, end: number) => boolean {
  return (start, end) => {
    const distinct = new Set<string>();
    for (const span of spans) {
      if (span.end <= start) continue;
      if (span.start >= end) break;
      distinct.add(`${span.side ?? ''}:${text.slice(span.start, span.end)}`);
      if (distinct.size > MAX_PLACEHOLDERS) return true;
    }
    return false;
  };
}

function planSentence(
  body: string,
  sentence: Range,
  spans: readonly Span[],
  from: number,
  target: Language,
): PlannedSentence {
  const original = body.slice(sentence.start, sentence.end);
  const own = shift(within(spans, sentence), -sentence.start);
  const guarded = protectSpans(original, own);
  const keep = keepReason(original, own, target, guarded.fits);
  const terms = own.filter(({ kind }) => kind === 'term');
  const named = terms.some(
    ({ replacement, start, end }) => replacement !== original.slice(start, end),
  );
  const plain = own.filter(({ kind }) => kind !== 'term');
  const range = { start: from + sentence.start, end: from + sentence.end };
  const planned = { ...range, text: withoutCapitals(guarded.text), spans: guarded.spans };
  // Nothing but terms and marks: there is nothing left for the model to say.
  if (keep === 'noText' && named) return { ...planned, ready: replaceTerms(original, terms) };
  if (keep) return { ...planned, keep };
  if (terms.length === 0) return planned;
  const without = protectSpans(original, plain);
  return {
    ...planned,
    ...(without.fits && {
      plain: { text: withoutCapitals(without.text), spans: without.spans },
    }),
  };
}

function keepReason(
  text: string,
  spans: readonly Span[],
  target: Language,
  fits: boolean,
): KeepReason | undefined {
  const language = detectLanguage(text, spans);
  if (language === 'none') return 'noText';
  if (language === target) return 'alreadyTarget';
  return fits ? undefined : 'tooLong';
}

/** The spans that lie in a range. Both are ordered; a binary search keeps long lines linear. */
function within<T extends Range>(spans: readonly T[], range: Range): T[] {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.end <= range.start) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < spans.length && spans[end]!.start < range.end) end++;
  return spans.slice(low, end);
}

function shift<T extends Range>(spans: readonly T[], by: number): T[] {
  return spans.map((span) => ({ ...span, start: span.start + by, end: span.end + by }));
}

function assemble(
  text: string,
  sentences: readonly PlannedSentence[],
  translations: readonly (string | undefined)[],
  target: Language,
): Assembled {
  const parts: string[] = [];
  const segments: Segment[] = [];
  let length = 0;
  let end = 0;
  let changed = false;
  const add = (part: string): void => {
    parts.push(part);
    length += part.length;
  };
  sentences.forEach((sentence, index) => {
    const original = text.slice(sentence.start, sentence.end);
    const given = translations[index];
    const replacement = given === undefined ? original : wrappedLike(original, oneLine(given));
    const differs = replacement !== original;
    add(text.slice(end, sentence.start));
    // Korean sentences may touch (`됩니다.그리고`); in English two sentences never do.
    const touching = index > 0 && end === sentence.start && target === 'en';
    if (touching && (differs || changed)) add(' ');
    segments.push({
      sourceStart: sentence.start,
      sourceEnd: sentence.end,
      targetStart: length,
      targetEnd: length + replacement.length,
    });
    add(replacement);
    end = sentence.end;
    changed = differs;
  });
  add(text.slice(end));
  return { text: parts.join(''), segments };
}

/** Nothing that is put in may add a line. */
function oneLine(translation: string): string {
  return LINE_END.test(translation)
    ? translation.replace(new RegExp(LINE_END, 'gu'), ' ').trim()
    : translation;
}
