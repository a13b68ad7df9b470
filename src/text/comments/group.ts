import { commentSyntax, type BlockRule, type CommentSyntax } from './syntax';
import type { BlockKind, Region, ScopedLine } from './types';

/** One line of a block; prefix, indent, body, suffix and line end are the line, from where the block begins in it. */
export interface RawLine {
  /** Offset in the document of the prefix. */
  readonly start: number;
  /** Indentation, mark and the blank behind it; from the mark on in a first line. */
  readonly prefix: string;
  /** Blanks beyond what the block's lines have in common: nested lists and code samples. */
  readonly indent: string;
  readonly body: string;
  /** Trailing blanks and closing mark. */
  readonly suffix: string;
  readonly eol: string;
}

/** A comment or string as it stands, cut into lines. */
export interface RawBlock {
  readonly kind: BlockKind;
  readonly lines: readonly RawLine[];
  /** What stands in the first line before the block, and in the last behind it. */
  readonly before: string;
  readonly after: string;
  /** What must not stand in the text; undefined where only a line end does harm. */
  readonly close?: string;
}

/** Marks of comments to the end of the line, with those of documentation. */
const LINE_MARK =
  /^(?:\/{2,}[!<]?|#+(?:['!:](?=\s|$))?|-{2,}(?:[!|^](?=\s|$))?|;+|%+(?:[!'](?=\s|$))?|::|rem\b|')/iu;
const DOC_LINE = /^(?:\/\/\/|\/\/!|#'|#:|---|--\s?[|^]|!)/u;
const DOC_BLOCK = /^(?:\/\*[*!](?![*/])|"""|''')/u;

/** Embedded languages have other marks than the document's own. */
const COMMON: readonly BlockRule[] = ['typescript', 'html', 'python'].flatMap(
  (id) => commentSyntax(id).block,
);

/** The comments and strings of consecutive lines; the first line must not begin inside one. */
export function groupLines(lines: readonly ScopedLine[], languageId: string): RawBlock[] {
  const syntax = commentSyntax(languageId);
  const blocks: RawBlock[] = [];
  /** Where the last block ended: what the regions say up to there is done. */
  let done = { line: 0, column: 0 };
  lines.forEach((line, index) => {
    for (const region of line.regions) {
      if (index < done.line || (index === done.line && region.start < done.column)) continue;
      const found = blockAt(lines, index, region, syntax);
      if (!found) continue;
      done = found.end;
      blocks.push(withoutLastEol(found.block));
    }
  });
  return blocks;
}

/** A block ends with its last line's text, the line end is the document's. */
function withoutLastEol(block: RawBlock): RawBlock {
  const last = block.lines.at(-1)!;
  return { ...block, lines: [...block.lines.slice(0, -1), { ...last, eol: '' }] };
}

interface Found {
  readonly block: RawBlock;
  readonly end: { readonly line: number; readonly column: number };
}

function blockAt(
  lines: readonly ScopedLine[],
  index: number,
  region: Region,
  syntax: CommentSyntax,
): Found | undefined {
  const { text } = lines[index]!;
  const piece = text.slice(region.start, region.end);
  const start = region.start + (piece.length - piece.trimStart().length);
  if (start >= region.end) return undefined;
  if (region.kind !== 'comment') return stringAt(lines, index, region, start);
  for (const rule of [...syntax.block, ...COMMON]) {
    rule.open.lastIndex = start;
    const match = rule.open.exec(text);
    if (match) return delimitedAt(lines, index, start, match, rule);
  }
  return lineCommentsAt(lines, index, start);
}

/** Line comments one under the other, with the same mark in the same column. */
function lineCommentsAt(
  lines: readonly ScopedLine[],
  first: number,
  start: number,
): Found | undefined {
  const mark = LINE_MARK.exec(lines[first]!.text.slice(start))?.[0];
  if (mark === undefined) return undefined;
  let last = first;
  for (let next = first + 1; next < lines.length; next++) {
    const line = lines[next]!;
    const column = line.text.length - line.text.trimStart().length;
    const region = line.regions[0];
    const isComment = region?.kind === 'comment' && region.start <= column;
    if (!isComment || column !== start || !goesOn(line.text.slice(column), mark)) break;
    last = next;
  }
  const bodies = lines.slice(first, last + 1).map((line, index) => {
    const from = index === 0 ? start : 0;
    return cut(line, from, line.text.length, start + mark.length, 0);
  });
  const kind = DOC_LINE.test(mark) ? 'doc' : 'line';
  const before = lines[first]!.text.slice(0, start);
  return {
    block: { kind, lines: shareIndent(bodies), before, after: '' },
    end: { line: last + 1, column: 0 },
  };
}

/** Has the comment the mark of the one above? A line of marks only may be a rule drawn across the page. */
function goesOn(text: string, mark: string): boolean {
  const own = LINE_MARK.exec(text)?.[0];
  if (own === undefined || own === mark) return own === mark;
  // LDoc: `---` begins what `--` goes on with.
  if (mark === '---' && own === '--') return true;
  return own.startsWith(mark) && own === text.trimEnd();
}

/** A comment or docstring between two marks; the closing one is looked for in the text, where no grammar can err. */
function delimitedAt(
  lines: readonly ScopedLine[],
  first: number,
  start: number,
  match: RegExpExecArray,
  rule: BlockRule,
): Found {
  const close = rule.close(match);
  const end = closingAt(lines, first, start + match[0].length, close, rule);
  const text = lines[first]!.text;
  const opening = /^(?:[*!]+(?!\/)<?|-+(?!>)|\|)?/u.exec(text.slice(start + match[0].length))![0];
  const markEnd = start + match[0].length + opening.length;
  const kind = DOC_BLOCK.test(text.slice(start)) ? 'doc' : 'block';
  return delimited(lines, { first, start, markEnd, end, close, kind });
}

interface Delimited {
  readonly first: number;
  readonly start: number;
  readonly markEnd: number;
  readonly end: { readonly line: number; readonly column: number };
  readonly close: string;
  readonly kind: BlockKind;
}

function delimited(lines: readonly ScopedLine[], found: Delimited): Found {
  const { first, start, end, close, kind } = found;
  const inner = lines.slice(first, end.line + 1);
  const starred =
    close === '*/' &&
    inner.length > 1 &&
    inner.slice(1).every(({ text }) => /^\s*(?:\*|$)/u.test(text));
  const cutLines = inner.map((line, index) => {
    const isLast = index === inner.length - 1;
    const to = isLast ? end.column : line.text.length;
    const closing = isLast && line.text.slice(0, to).endsWith(close) ? close.length : 0;
    if (index === 0) return cut(line, start, to, Math.min(found.markEnd, to - closing), closing);
    const star = starred ? /^\s*\*+(?!\/)/u.exec(line.text)?.[0].length : undefined;
    return cut(line, 0, to, Math.min(star ?? 0, to - closing), closing);
  });
  const last = lines[end.line]!;
  return {
    block: {
      kind,
      lines: shareIndent(cutLines),
      before: lines[first]!.text.slice(0, start),
      after: last.text.slice(end.column),
      close,
    },
    end,
  };
}

function closingAt(
  lines: readonly ScopedLine[],
  first: number,
  from: number,
  close: string,
  rule: { readonly open: RegExp; readonly nested?: boolean },
): { line: number; column: number } {
  let depth = 1;
  for (let index = first; index < lines.length; index++) {
    const { text } = lines[index]!;
    for (let at = index === first ? from : 0; at < text.length; at++) {
      if (text.startsWith(close, at)) {
        if (--depth === 0) return { line: index, column: at + close.length };
        at += close.length - 1;
      } else if (rule.nested) {
        rule.open.lastIndex = at;
        if (rule.open.test(text)) {
          depth++;
          at++;
        }
      }
    }
  }
  const line = lines.length - 1;
  return { line, column: lines[line]!.text.length };
}

const QUOTES =
  /^(?:R"([^(\s]{0,16})\(|[a-zA-Z$@&]{0,3}(?:#*("""|'''|["'`])|(\[=*\[))|<<[<~-]*\s*["'`]?(\w+)["'`]?)/u;

/** Raw strings of C++, quotes, long brackets of Lua, here-documents. */
function closeOf([, raw, quote, bracket, word]: RegExpExecArray): string {
  if (raw !== undefined) return `)${raw}"`;
  return quote ?? bracket?.replaceAll('[', ']') ?? word ?? '';
}

function stringAt(
  lines: readonly ScopedLine[],
  first: number,
  region: Region,
  start: number,
): Found | undefined {
  const { text } = lines[first]!;
  const match = QUOTES.exec(text.slice(start, region.end));
  const open = match?.[0] ?? '';
  const close = match ? closeOf(match) : '';
  if (region.kind === 'doc' && close.length === 3) {
    const end = closingAt(lines, first, start + open.length, close, { open: /$^/uy });
    return delimited(lines, {
      first,
      start,
      markEnd: start + open.length,
      end,
      close,
      kind: 'doc',
    });
  }
  let last = first;
  let end = region.end;
  const closed = (from: number): boolean =>
    close !== '' && lines[last]!.text.slice(from, end).endsWith(close);
  while (!closed(last === first ? start + open.length : 0)) {
    // Behind an interpolated expression the string goes on.
    const rest = lines[last]!.regions.find((next) => next.start >= end && next.end > end);
    if (rest?.kind === region.kind && close !== '') {
      end = rest.end;
      continue;
    }
    const next = lines[last + 1]?.regions[0];
    if (end < lines[last]!.text.length || next?.start !== 0 || next.kind !== region.kind) break;
    last++;
    end = next.end;
  }
  const found = { line: last, column: end };
  const markEnd = start + open.length;
  const piece = { first, start, markEnd, end: found, close, kind: 'string' } as const;
  return delimited(lines, piece);
}

/** `mark`: where the mark ends. Blanks behind it are indentation until `shareIndent` says what lines have in common. */
function cut(line: ScopedLine, from: number, to: number, mark: number, closing: number): RawLine {
  const inside = line.text.slice(mark, to - closing);
  const body = inside.trim();
  const lead = body === '' ? inside.length : inside.length - inside.trimStart().length;
  return {
    start: line.start + from,
    prefix: line.text.slice(from, mark),
    indent: inside.slice(0, lead),
    body,
    suffix: line.text.slice(mark + lead + body.length, to),
    eol: to === line.text.length ? line.eol : '',
  };
}

/** Moves the indentation that all lines with text share into their prefixes; the first line has its own. */
function shareIndent(lines: readonly RawLine[]): RawLine[] {
  const widths = lines
    .slice(1)
    .filter(({ body }) => body !== '')
    .map(({ indent }) => indent.length);
  const starred = lines.slice(1).some(({ prefix }) => prefix.trim() !== '');
  const first = lines[0]!;
  // Behind a mark that all lines have, the first line counts as well; else it stands behind the opening alone.
  if (starred && sameMark(first, lines) && first.body !== '') widths.push(first.indent.length);
  const shared = widths.length > 0 ? Math.min(...widths) : 0;
  return lines.map((line, index) => {
    const own = index === 0 && !sameMark(line, lines) ? line.indent.length : shared;
    const width = line.body === '' ? line.indent.length : Math.min(own, line.indent.length);
    return {
      ...line,
      prefix: line.prefix + line.indent.slice(0, width),
      indent: line.indent.slice(width),
    };
  });
}

function sameMark(first: RawLine, lines: readonly RawLine[]): boolean {
  return lines.length > 1 && lines[1]!.prefix.trim() === first.prefix.trim();
}
