import * as vscode from 'vscode';
import { parseCommandLine } from '../../text/explain/shell';

/** Lines that one command may go over with a backslash at their ends. */
const MOST_LINES = 10;
const MOST_CHARACTERS = 1000;
/** How far above a line of Markdown the opening of its fence is looked for. */
const MOST_FENCE_LINES = 60;

const SHELL_FENCE =
  /^\s*(?:`{3,}|~{3,})\s*(?:ba|z|fi|pwsh|power)?sh(?:ell|ellscript|ell-session)?\b/i;
const CONSOLE_FENCE = /^\s*(?:`{3,}|~{3,})\s*(?:console|terminal|shell-session|session)\b/i;
const FENCE = /^\s*(?:`{3,}|~{3,})/;
/** A prompt at the start of a line of a console session. */
const PROMPT = /^\s*(?:[$%>#]|PS [^>]*>)\s+/;

export interface CommandText {
  readonly range: vscode.Range;
  readonly text: string;
}

/** The shell command at the position: of a script, of a fenced block of Markdown, of a Dockerfile's RUN or a Makefile. */
export function commandAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): CommandText | undefined {
  const lead = leadOf(document, position.line);
  if (!lead) return undefined;
  const { first, last } = extent(document, position.line);
  const opening = first === position.line ? lead : leadOf(document, first);
  if (!opening) return undefined;
  const start = new vscode.Position(first, opening[0].length);
  const end = new vscode.Position(last, document.lineAt(last).text.trimEnd().length);
  if (end.isBeforeOrEqual(start)) return undefined;
  const range = new vscode.Range(start, end);
  const text = document.getText(range);
  if (text.length > MOST_CHARACTERS || !range.contains(position)) return undefined;
  return parseCommandLine(text) ? { range, text } : undefined;
}

/** What stands before the command in a line that may hold one. */
function leadOf(document: vscode.TextDocument, line: number): RegExpExecArray | undefined {
  const { text } = document.lineAt(line);
  if (text.length > MOST_CHARACTERS) return undefined;
  const indentation = /^\s*/.exec(text) ?? undefined;
  switch (document.languageId) {
    case 'shellscript':
    case 'fish':
      return indentation;
    case 'dockerfile':
      return (
        /^\s*RUN\s+(?:--\S+\s+)*/i.exec(text) ??
        (isContinued(document, line) ? indentation : undefined)
      );
    case 'makefile':
      return /^\t\s*[@-]?/.exec(text) ?? undefined;
    case 'markdown':
      return leadInFence(document, line, text, indentation);
    default:
      return undefined;
  }
}

function leadInFence(
  document: vscode.TextDocument,
  line: number,
  text: string,
  indentation: RegExpExecArray | undefined,
): RegExpExecArray | undefined {
  if (FENCE.test(text)) return undefined;
  for (let above = line - 1; above >= Math.max(0, line - MOST_FENCE_LINES); above--) {
    const opening = document.lineAt(above).text;
    if (!FENCE.test(opening)) continue;
    const prompt = PROMPT.exec(text) ?? undefined;
    if (SHELL_FENCE.test(opening)) return prompt ?? indentation;
    return CONSOLE_FENCE.test(opening) ? prompt : undefined;
  }
  return undefined;
}

/** Whether the line above ends with the backslash that makes this one a part of it. */
function isContinued(document: vscode.TextDocument, line: number): boolean {
  return line > 0 && endsOpen(document.lineAt(line - 1).text);
}

function endsOpen(text: string): boolean {
  return /(?:^|[^\\])\\\s*$/.test(text);
}

function extent(document: vscode.TextDocument, line: number): { first: number; last: number } {
  let first = line;
  while (first > 0 && line - first < MOST_LINES && isContinued(document, first)) first--;
  let last = line;
  while (
    last < document.lineCount - 1 &&
    last - first < MOST_LINES &&
    endsOpen(document.lineAt(last).text)
  ) {
    last++;
  }
  return { first, last };
}
