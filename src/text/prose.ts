import { TASK_MARK, type Range } from './characters';
import { findKeptLines, isCodeLine, proseArea } from './codeLines';
import { type Line, splitLines } from './lines';
import { splitSentences } from './sentences';
import { findSpans } from './spans';
import { isTableRow } from './tables';

/** A sentence that may go over line ends. */
export interface ProseSentence extends Range {
  /** On one line: the marks of comments and quotations at the line starts are left out, line ends are blanks. */
  readonly text: string;
  /** A heading or an item of a list: no sentence of a running text. */
  readonly aside: boolean;
}

/** Where a piece of a paragraph's text stands. */
export interface ProsePiece {
  /** Offset in the joined text. */
  readonly at: number;
  /** Offset in the document. */
  readonly start: number;
}

export interface ProseParagraph {
  text: string;
  readonly pieces: ProsePiece[];
  readonly aside: boolean;
}

/**
 * The sentences of a text as a reader sees them: wrapped lines are joined first, unlike in `planText`, which keeps lines.
 * Code, front matter, tables and what has no letters are left out.
 */
export function proseSentences(text: string): ProseSentence[] {
  return proseParagraphs(text).flatMap((paragraph) => {
    const sentences = splitSentences(paragraph.text, findSpans(paragraph.text));
    return sentences
      .flatMap((range) => splitCommits(paragraph.text, range))
      .map((range) => {
        const text = paragraph.text.slice(range.start, range.end);
        return {
          start: toDocument(paragraph.pieces, range.start, false),
          end: toDocument(paragraph.pieces, range.end, true),
          text,
          aside: paragraph.aside || SQUASHED.test(text),
        };
      })
      .filter((sentence) => /\p{L}/u.test(sentence.text));
  });
}

/** Git's marks of commits that belong to an earlier one (`git commit --fixup`): what follows says its subject again. */
const SQUASHED = /^(?:fixup|squash|amend)! /u;

/** A message that was put together of several has their subjects one after another, no stop between them. */
function splitCommits(text: string, { start, end }: Range): Range[] {
  const cuts = [...text.slice(start, end).matchAll(/ (?=(?:fixup|squash|amend)! )/gu)];
  const starts = [start, ...cuts.map(({ index }) => start + index + 1)];
  return starts.map((from, index) => ({ start: from, end: (starts[index + 1] ?? end + 1) - 1 }));
}

/** Lines joined to paragraphs; the lines that `literal` marks are left out. */
export function proseParagraphs(text: string, literal: readonly boolean[] = []): ProseParagraph[] {
  const lines = splitLines(text);
  const kept = findKeptLines(lines);
  const paragraphs: ProseParagraph[] = [];
  let open: ProseParagraph | undefined;
  lines.forEach((line, index) => {
    const { body } = line;
    const isText =
      !kept[index] && !literal[index] && body !== '' && !isTableRow(body) && !isRule(body);
    const area = isText && !isCodeLine(body) ? proseArea(body) : undefined;
    if (!area) {
      // The underline of a heading of Markdown or reStructuredText.
      if (isRule(body) && open) paragraphs[paragraphs.indexOf(open)] = { ...open, aside: true };
      open = undefined;
      return;
    }
    const piece = body.slice(area.start, area.end);
    const start = line.start + line.prefix.length + area.start;
    const begins = isHeading(lines, index) ? 'aside' : beginsBlock(line, lines[index - 1]);
    if (open && begins === 'no') {
      open.text += ' ';
      open.pieces.push({ at: open.text.length, start });
      open.text += piece;
    } else {
      const aside = begins === 'aside';
      open = { text: piece, pieces: [{ at: 0, start }], aside };
      paragraphs.push(open);
    }
    if (isHeading(lines, index)) open = undefined;
  });
  return paragraphs;
}

const TASK = new RegExp(TASK_MARK, 'u');

/** `=====`, `-----` */
export function isRule(body: string): boolean {
  return /^[=\-~^*#_+]{3,}$/u.test(body.trim());
}

/** Does a line begin something new, though no blank line stands before it? */
export function beginsBlock({ prefix }: Line, before: Line | undefined): 'no' | 'yes' | 'aside' {
  const mark = prefix.trim();
  // A tag of a doc comment: what follows is about a parameter, not about the whole.
  if (/[@:][a-z]/iu.test(mark)) return 'aside';
  if (/(?:^|\s)(?:[-+•‣▪·–]|\(?[\w가-힣.]{1,8}[.)])$/u.test(mark)) return 'aside';
  if (TASK.test(mark)) return 'yes';
  // What follows a comment without its mark is no comment.
  return mark === '' && /^\s*(?:\/\/|#|--|;|%)/u.test(before?.prefix ?? '') ? 'yes' : 'no';
}

/**
 * A heading of Markdown. A lone `#` also begins a comment of a script: those are sentences that stop, or stand on lines
 * one after another.
 */
export function isHeading(lines: readonly Line[], index: number): boolean {
  const marksAt = (at: number): string => lines[at]?.prefix.trim() ?? '';
  const mark = marksAt(index);
  if (!/^#{1,6}$/u.test(mark)) return false;
  if (mark.length > 1) return true;
  const alone = marksAt(index - 1) !== '#' && marksAt(index + 1) !== '#';
  return alone && !/[.!?。]$/u.test(lines[index]?.body ?? '');
}

function toDocument(pieces: readonly ProsePiece[], offset: number, end: boolean): number {
  let piece = pieces[0]!;
  for (const next of pieces) {
    if (end ? next.at >= offset : next.at > offset) break;
    piece = next;
  }
  return piece.start + offset - piece.at;
}
