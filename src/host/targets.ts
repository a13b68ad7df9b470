import * as vscode from 'vscode';
import { splitSentences } from '../text/sentences';
import { wrappedSentenceAt } from '../text/wrapped';
import { commentSpan, isProse, proseSpan } from './commentLine';

/** What is to be translated: a range and the text it had when asked. */
export interface Target {
  readonly range: vscode.Range;
  readonly text: string;
}

/** One target per selection or cursor, in document order, without doubles and without blank ones. */
export function collectTargets(
  document: vscode.TextDocument,
  selections: readonly vscode.Selection[],
): Target[] {
  const ranges = selections
    .map((selection) =>
      selection.isEmpty ? rangeAt(document, selection.active) : toRange(selection),
    )
    .filter((range) => range !== undefined)
    .sort((a, b) => a.start.compareTo(b.start) || a.end.compareTo(b.end));
  const targets: Target[] = [];
  for (const range of ranges) {
    const last = targets.at(-1);
    // Two cursors in one sentence, or a cursor in a selected one: the first has it already.
    if (last && range.start.isBefore(last.range.end)) continue;
    const text = document.getText(range);
    if (text.trim() !== '') targets.push({ range, text });
  }
  return targets;
}

function toRange(selection: vscode.Selection): vscode.Range {
  return new vscode.Range(selection.start, selection.end);
}

/** Lines in each direction that a sentence at the cursor may go over. */
const NEAR = 20;

/** The sentence over several lines, the comment of the line, or the sentence of the line that the cursor stands in. */
function rangeAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): vscode.Range | undefined {
  const line = document.lineAt(position.line);
  if (line.isEmptyOrWhitespace) return undefined;
  const wrapped = wrappedAt(document, position);
  if (wrapped) return wrapped;
  if (!isProse(document.languageId)) {
    const span = commentSpan(line.text) ?? proseSpan(line.text);
    return new vscode.Range(position.line, span.start, position.line, span.end);
  }
  const { start, end } = proseSpan(line.text);
  const sentences = splitSentences(line.text.slice(start, end));
  const column = position.character - start;
  // Between two sentences the one before counts, as the cursor stands at its end; in the list mark, the first.
  const sentence = sentences.findLast((item) => item.start <= column) ?? sentences[0];
  if (!sentence) return undefined;
  return new vscode.Range(
    position.line,
    start + sentence.start,
    position.line,
    start + sentence.end,
  );
}

function wrappedAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): vscode.Range | undefined {
  const isText = (line: number): boolean =>
    Math.abs(line - position.line) < NEAR && !document.lineAt(line).isEmptyOrWhitespace;
  let [first, last] = [position.line, position.line];
  while (first > 0 && isText(first - 1)) first--;
  while (last + 1 < document.lineCount && isText(last + 1)) last++;
  const start = new vscode.Position(first, 0);
  const text = document.getText(new vscode.Range(start, document.lineAt(last).range.end));
  const base = document.offsetAt(start);
  const found = wrappedSentenceAt(text, document.offsetAt(position) - base);
  return (
    found &&
    new vscode.Range(document.positionAt(base + found.start), document.positionAt(base + found.end))
  );
}
