import { LINE_END, TASK_MARK } from './characters';

/** One line cut into what is kept and what may be translated. The four parts and the line end make up the line. */
export interface Line {
  /** Offset of the line in the text. */
  readonly start: number;
  /** Indentation, comment marks, quotation marks of Markdown, list markers, headings, tags of doc comments. */
  readonly prefix: string;
  readonly body: string;
  /** Closing comment marks and trailing blanks. */
  readonly suffix: string;
  /** Empty at the end of a text without a final line end. */
  readonly lineEnd: string;
}

export function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  const push = (end: number, lineEnd: string): void => {
    lines.push(parseLine(text.slice(start, end), start, lineEnd));
    start = end + lineEnd.length;
  };
  for (const match of text.matchAll(new RegExp(LINE_END, 'gu'))) push(match.index, match[0]);
  if (start < text.length) push(text.length, '');
  return lines;
}

/**
 * What may begin a line, in the order in which it does; each part is optional and taken at most once, except where it
 * says otherwise. A mark needs a blank or the end of the line behind it, so that `#include` and `*bold*` are no marks.
 */
const OPENERS: readonly RegExp[] = [
  // Comment marks of C, Java, Rust, JavaScript; XML; shell and Python; SQL and Lua; Lisp, ini; docstrings.
  /(?:\/{2,}[/!<]*|\/\*+!?|\{\/\*+|<!--+|"""|'''|(?:[rRbBuU]{1,2}(?:"""|'''))|--+\[\[|--|;+|#'?|\(\*|\{-|%%?|\*+(?!\/))(?=\s|$)\s*/uy,
  // A mark without a blank behind it, where nothing else begins so.
  /(?:\/\/\/?!?|\/\*\*?|<!--|"""|''')(?=[\p{L}\p{N}"'`([<@])/uy,
  // Block quotes, nested.
  /(?:>\s?)+/uy,
  // Lists: bullets, numbers, letters.
  /(?:[-*+•‣▪·–]|\(?(?:\d{1,4}(?:\.\d{1,3}){0,3}|[A-Za-z]|[ivx]{1,5}|[가-하ㄱ-ㅎ])[.)])\s+/uy,
  /\[[ xX]\]\s+/uy,
  /#{1,6}\s+/uy,
  // Marks that tools look for, with whose they are.
  new RegExp(String.raw`${TASK_MARK}(?:\([^()]{1,60}\))?:?\s+(?=\S)`, 'uy'),
  // Doc comments: the tag, its type and name. reStructuredText fields.
  /@(?:param|arg|argument|property|prop|template|typeparam)\s+(?:\{[^{}]{0,200}\}\s*)?(?:\[[^\]]{1,80}\]|[\w.$]{1,80})(?:\s+-)?\s+/uy,
  /@(?:throws|exception|returns?|type|typedef|yields|raises|see|deprecated|since|version|author|note|todo|remarks|summary|example|default|defaultValue|internal|link)\b:?\s*(?:\{[^{}]{0,200}\}\s*)?/uy,
  /:(?:param|arg|argument|key|keyword|raises|raise|except|var|ivar|cvar|type|rtype|returns?|yields)(?:\s+[\w.*\s]{1,80})?:\s+/uy,
];

const CLOSERS: readonly RegExp[] = [
  /\s*(?:\*+\/\}?|--+>|"""|'''|\*\)|-\})\s*$/u,
  /\s+#{1,6}\s*$/u,
  /\s+\\$/u,
  /\s+$/u,
];

/** Long runs of blanks are cut by hand: a pattern anchored at the end would try each of them. */
function trailing(text: string, pattern: RegExp): number {
  const trimmed = text.trimEnd();
  const tail = Math.min(trimmed.length, 12);
  const window = trimmed.slice(trimmed.length - tail);
  const match = pattern.exec(window + (trimmed.length < text.length ? ' ' : ''));
  if (!match || match[0] === '') return 0;
  return text.length - (trimmed.length - tail + match.index);
}

function parseLine(line: string, start: number, lineEnd: string): Line {
  let at = line.length - line.trimStart().length;
  for (const opener of OPENERS) {
    opener.lastIndex = at;
    const match = opener.exec(line);
    if (match) at += match[0].length;
  }
  let end = line.length;
  for (const closer of CLOSERS) {
    const cut = trailing(line.slice(at, end), closer);
    end -= Math.min(cut, end - at);
  }
  const body = line.slice(at, end);
  // Blanks in front of a closing mark or behind an opening one are no text.
  const lead = body.length - body.trimStart().length;
  return {
    start,
    prefix: line.slice(0, at + lead),
    body: body.slice(lead),
    suffix: line.slice(end),
    lineEnd,
  };
}
