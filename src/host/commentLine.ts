/**
 * Comment and list marks of single lines, by their looks: the editor tells no extension what is a comment. Only used
 * where the user pointed at a line without selecting anything, and to repeat the mark on an inserted line.
 */

/** Opening of a comment at the start of a line, up to its text. */
const LINE_START = /^\s*(?:\/\*\*?!?|\/\/[/!]?|<!--|#+!?|--+|;+|%+|\*(?![*/])|"""|''')\s*/;
/** Opening of a comment after code; a blank before it tells `a // b` from `http://b`. */
const AFTER_CODE = /\s(?:\/\/|#|\/\*+|<!--|--)\s+/;
const CLOSING = /\s*(?:\*+\/|-->|"""|''')\s*$/;
/** Quote marks, list marks, numbers and headings of prose. */
const PROSE_START = /^\s*(?:(?:>|[-*+]|\d+[.)]|#{1,6})\s+)*/;

/** Languages whose lines are prose; in them `#` and `*` are headings and lists. */
const PROSE_LANGUAGES = new Set([
  'plaintext',
  'markdown',
  'restructuredtext',
  'asciidoc',
  'latex',
  'tex',
  'git-commit',
  'scminput',
  'log',
  'search-result',
]);

export function isProse(languageId: string): boolean {
  return PROSE_LANGUAGES.has(languageId);
}

/** The text of the comment in a line, without its marks; undefined where there is none. */
export function commentSpan(line: string): { start: number; end: number } | undefined {
  const opening = LINE_START.exec(line);
  const inner = opening ? undefined : AFTER_CODE.exec(line);
  if (!opening && !inner) return undefined;
  const start = opening ? opening[0].length : inner!.index + inner![0].length;
  const closing = CLOSING.exec(line.slice(start));
  const end = closing ? start + closing.index : line.trimEnd().length;
  return end > start ? { start, end } : undefined;
}

/** The text of a line of prose, without indentation, list marks and trailing blanks. */
export function proseSpan(line: string): { start: number; end: number } {
  const start = PROSE_START.exec(line)?.[0].length ?? 0;
  return { start, end: Math.max(start, line.trimEnd().length) };
}

/**
 * What stands before and after text that is put on a line of its own under `line`, if in `line` it starts at `column`:
 * the indentation, and the comment or list mark that leads to the column.
 */
export function lineFrame(
  line: string,
  column: number,
  prose: boolean,
): { before: string; after: string } {
  const lead = line.slice(0, column);
  const indentation = /^\s*/.exec(line)?.[0] ?? '';
  // The text has whatever of the indentation the lead has not.
  if (lead.trim() === '') return { before: lead, after: '' };
  if (prose) {
    return { before: PROSE_START.exec(lead)?.[0] === lead ? lead : indentation, after: '' };
  }
  const atStart = LINE_START.exec(lead)?.[0] === lead;
  const mark = atStart ? lead.slice(indentation.length) : AFTER_CODE.exec(lead)?.[0].trimStart();
  if (mark === undefined) return { before: indentation, after: '' };
  const closing = CLOSING.exec(line.slice(column))?.[0] ?? '';
  // `/** text` that goes on below: what is inserted is a line inside the comment.
  if (mark.startsWith('/*') && closing === '') return { before: `${indentation} * `, after: '' };
  return { before: indentation + mark, after: /^(?:\/\*|<!--|"""|''')/.test(mark) ? closing : '' };
}
