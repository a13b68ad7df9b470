/**
 * Line by line work that keeps the number of lines however a reader counts them: by line feeds only, or by everything
 * Unicode and Python call a line boundary. Every separator comes out byte for byte where it stood, and a translation
 * never brings one of its own.
 */
export interface Piece {
  /** Without separators; possibly empty. */
  readonly text: string;
  /** What followed it in the input; empty at the end of an input without a final line end. */
  readonly separator: string;
}

/** CRLF counts once; the others are VT, FF, CR, FS, GS, RS, NEL, LS and PS. */
const SINGLE = '\n\v\f\r\u001c\u001d\u001e\u0085\u2028\u2029';
const SEPARATOR = new RegExp(`\r\n|[${SINGLE}]`, 'gu');

export function splitPieces(text: string): Piece[] {
  return splitAt(text, SEPARATOR);
}

/** Lines as `wc -l` counts them: up to a line feed, a carriage return before it belonging to the separator. */
export function splitLines(text: string): Piece[] {
  return splitAt(text, /\r?\n/g);
}

function splitAt(text: string, separator: RegExp): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (const match of text.matchAll(separator)) {
    pieces.push({ text: text.slice(start, match.index), separator: match[0] });
    start = match.index + match[0].length;
  }
  if (start < text.length) pieces.push({ text: text.slice(start), separator: '' });
  return pieces;
}

/** Pieces of one line each, that is, up to and with a line feed. */
export function groupLines<T extends { readonly separator: string }>(pieces: readonly T[]): T[][] {
  const lines: T[][] = [];
  let line: T[] = [];
  for (const piece of pieces) {
    line.push(piece);
    if (!piece.separator.endsWith('\n')) continue;
    lines.push(line);
    line = [];
  }
  if (line.length > 0) lines.push(line);
  return lines;
}

/** One blank for each separator, so that offsets into the text stay right. */
export function withoutSeparators(text: string): string {
  return text.replace(SEPARATOR, (separator) => ' '.repeat(separator.length));
}
