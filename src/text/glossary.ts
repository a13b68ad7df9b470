/**
 * A user's words for terms. A term is found in the text, stands as a placeholder while the model works, and comes out as the
 * glossary has it, with the Korean particles that it asks for. An entry serves both directions: from English it is found by
 * its English side, from Korean by its Korean side.
 */
import type { GlossaryEntry } from '../common/glossary';
import type { Language } from '../common/language';
import { isHangul } from './characters';
import type { Span } from './span';

/** Of one entry; longer ones are no terms. */
export const LONGEST_TERM = 200;
/** Of all entries in force; the pattern that finds them grows with their number. */
export const MOST_TERMS = 5000;

/** How an entry reads in one direction. */
interface Reading {
  readonly from: string;
  readonly to: string;
  readonly kept: boolean;
}

/** The terms of one direction, ready to be found in any number of texts. */
export class Glossary {
  private readonly readings = new Map<string, Reading>();
  /** The lengths of the terms that begin with a character, longest first: `attention head` before `attention`. */
  private readonly lengths = new Map<string, number[]>();

  /** Of two entries for the same term the later one holds: what is nearer to the user comes last. */
  constructor(entries: readonly GlossaryEntry[], target: Language) {
    for (const entry of entries) {
      const reading = readingOf(entry, target);
      if (reading) this.readings.set(keyOf(reading.from.normalize('NFC')), reading);
    }
    for (const key of this.readings.keys()) {
      const known = this.lengths.get(key.charAt(0)) ?? [];
      if (!known.includes(key.length)) this.lengths.set(key.charAt(0), [...known, key.length]);
    }
    for (const lengths of this.lengths.values()) lengths.sort((a, b) => b - a);
  }

  /** Ordered, not overlapping; none reaches into `taken`, which are ordered too. */
  find(text: string, taken: readonly Span[]): Span[] {
    const found: Span[] = [];
    if (this.readings.size === 0) return found;
    const keys = keyOf(text);
    let next = 0;
    for (let start = 0; start < text.length; start++) {
      while (next < taken.length && taken[next]!.end <= start) next++;
      const free = taken[next]?.start ?? Infinity;
      const term = this.termAt(text, keys, start, free);
      if (!term) continue;
      const { reading, end } = term;
      const replacement = reading.kept ? text.slice(start, end) : reading.to;
      found.push({ start, end, kind: 'term', replacement });
      start = end - 1;
    }
    return found;
  }

  /** A whole word: no letter or digit before it, and none behind it but a plural's ending or a Korean particle. */
  private termAt(
    text: string,
    keys: string,
    start: number,
    free: number,
  ): { reading: Reading; end: number } | undefined {
    const first = text.charAt(start);
    if (WORD.test(first) && WORD.test(text.charAt(start - 1))) return undefined;
    for (const length of this.lengths.get(keys.charAt(start)) ?? []) {
      const reading = this.readings.get(keys.slice(start, start + length));
      const end = reading && start + length + tailLength(text, start + length);
      if (end !== undefined && !Number.isNaN(end) && end <= free) return { reading: reading!, end };
    }
    return undefined;
  }
}

/** Of one code unit: a surrogate is no word here. */
const WORD = /[\p{L}\p{N}_]/u;

/** What may follow a Korean noun and leave it that noun; anything else in Hangul makes another word of it. */
const PARTICLE = new RegExp(
  '^(?:은|는|이|가|을|를|의|에|에서|에게|에는|에도|로|으로|와|과|도|만|들|들은|들이|들을|들의|까지|부터|마다|보다|처럼|나|이나|란|이란|라는|이라는|' +
    '며|이며|고|이고|라고|이라고|로서|으로서|로써|으로써|입니다|이다|인|일)?(?![\\p{L}\\p{N}_])',
  'u',
);
const LONGEST_PARTICLE = 8;

/** How much behind a term belongs to it: an English plural's ending. NaN where the word goes on and is another. */
function tailLength(text: string, end: number): number {
  const last = text.charAt(end - 1);
  if (!WORD.test(last)) return 0;
  const after = text.slice(end, end + LONGEST_PARTICLE);
  if (isHangul(last)) return PARTICLE.test(after) ? 0 : NaN;
  const plural = /[a-z]/iu.test(last)
    ? (/^e?s(?![\p{Script=Latin}\p{N}_])/iu.exec(after)?.[0].length ?? 0)
    : 0;
  // Hangul may follow: `endpoint를`.
  return /^[\p{Script=Latin}\p{N}_]/u.test(after.slice(plural)) ? NaN : plural;
}

/** The text with its terms as the glossary has them. */
export function replaceTerms(text: string, terms: readonly Span[]): string {
  let result = '';
  let end = 0;
  for (const term of terms) {
    result += text.slice(end, term.start) + (term.replacement ?? text.slice(term.start, term.end));
    end = term.end;
  }
  return result + text.slice(end);
}

/** All spans of a text in order: terms where nothing else is protected. */
export function withTerms(spans: readonly Span[], terms: readonly Span[]): readonly Span[] {
  if (terms.length === 0) return spans;
  return [...spans, ...terms].sort((a, b) => a.start - b.start);
}

function readingOf({ term, translation }: GlossaryEntry, target: Language): Reading | undefined {
  if (translation === undefined) return { from: term, to: term, kept: true };
  const turned = hasHangul(term);
  if (turned === hasHangul(translation))
    // Two spellings in Latin letters hold in any text; two in Korean would be no translation.
    return turned ? undefined : { from: term, to: translation, kept: false };
  const [latin, korean] = turned ? [translation, term] : [term, translation];
  const [from, to] = target === 'ko' ? [latin, korean] : [korean, latin];
  return { from, to, kept: false };
}

function hasHangul(text: string): boolean {
  return [...text].some(isHangul);
}

/** For comparing: as long as the text, whatever its letters (some become two when they are made small). */
function keyOf(text: string): string {
  const small = text.toLowerCase();
  return (small.length === text.length ? small : text).replaceAll(/\s/gu, ' ');
}

export interface GlossaryProblem {
  /** From 1. */
  readonly line: number;
  readonly reason: 'columns' | 'empty' | 'tooLong' | 'tooMany' | 'quote';
}

/**
 * Reads a glossary file: comma-separated values with quotes (RFC 4180), one entry a line: the term, its translation, and in
 * a third column `yes` or `true` where the term is not to be translated. A first line that names the columns is passed
 * over, as are empty lines and lines that begin with `#`. What cannot be read is reported; the rest holds.
 */
export function parseGlossary(text: string): {
  readonly entries: readonly GlossaryEntry[];
  readonly problems: readonly GlossaryProblem[];
} {
  const entries: GlossaryEntry[] = [];
  const problems: GlossaryProblem[] = [];
  for (const { line, cells } of rows(text.replace(/^\uFEFF/u, ''))) {
    const reason = cells
      ? addRow(
          entries,
          cells.map((cell) => cell.trim()),
          line,
        )
      : 'quote';
    if (reason) problems.push({ line, reason });
  }
  return { entries, problems };
}

function addRow(
  entries: GlossaryEntry[],
  cells: readonly string[],
  line: number,
): GlossaryProblem['reason'] | undefined {
  const [term = '', translation = '', keep = ''] = cells;
  if (cells.every((cell) => cell === '') || term.startsWith('#')) return undefined;
  if (line === 1 && /^(term|용어)$/iu.test(term)) return undefined;
  if (cells.length > 3) return 'columns';
  if (term === '') return 'empty';
  if (Math.max(term.length, translation.length) > LONGEST_TERM) return 'tooLong';
  const kept = /^(yes|true|1|x|예)$/iu.test(keep);
  if (!kept && translation === '') return 'empty';
  if (entries.length === MOST_TERMS) return 'tooMany';
  entries.push(kept ? { term } : { term, translation });
  return undefined;
}

/** The rows of a CSV text with the line each begins in; `cells` is absent where a quote is not closed. */
function* rows(text: string): Generator<{ line: number; cells: string[] | undefined }> {
  let line = 1;
  for (const { body, lines } of logicalLines(text)) {
    yield { line, cells: body === undefined ? undefined : cellsOf(body) };
    line += lines;
  }
}

/** Lines, joined while a quote is open. */
function* logicalLines(text: string): Generator<{ body: string | undefined; lines: number }> {
  let body = '';
  let lines = 0;
  for (const line of text.split(/\r\n|\n|\r/u)) {
    body = lines === 0 ? line : `${body}\n${line}`;
    lines++;
    if ((body.match(/"/gu)?.length ?? 0) % 2 === 1) continue;
    yield { body, lines };
    lines = 0;
  }
  if (lines > 0) yield { body: undefined, lines };
}

function cellsOf(row: string): string[] {
  const cells: string[] = [];
  // A comma first, so that every cell, empty or not, is a match that begins with one.
  for (const [, quoted, plain] of `,${row}`.matchAll(
    /,(?:\s*"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))/gu,
  ))
    cells.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
  return cells;
}

/** One line of a glossary file. */
export function formatEntry({ term, translation }: GlossaryEntry): string {
  const cell = (text: string) =>
    /[",\n\r#]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return translation === undefined ? `${cell(term)},,yes` : `${cell(term)},${cell(translation)},`;
}
