import * as vscode from 'vscode';
import { isProse, lineFrame } from './commentLine';
import { currentRange, eol, type EditRefusal, type ResultEntry } from './results';

export type EditOutcome = 'applied' | EditRefusal;

interface Edit {
  readonly range: vscode.Range;
  readonly text: string;
}

/** Puts every translation in the place of its source, as one undo step, or changes nothing. */
export async function replaceSource(entry: ResultEntry): Promise<EditOutcome> {
  const ranges = currentRanges(entry);
  if (!ranges) return 'changed';
  return apply(
    entry.document,
    entry.parts.map((part, index) => ({ range: ranges[index]!, text: part.result.text })),
  );
}

/** Puts every translation on lines of its own under its source, as one undo step, or changes nothing. */
export async function insertBelowSource(entry: ResultEntry): Promise<EditOutcome> {
  const { document } = entry;
  const ranges = currentRanges(entry);
  if (!ranges) return 'changed';
  const edits = entry.parts.map((part, index) => {
    const range = ranges[index]!;
    // A selection of whole lines ends at the start of the next one, which is not part of it.
    const wholeLines = range.end.character === 0 && range.end.line > range.start.line;
    const last = document.lineAt(wholeLines ? range.end.line - 1 : range.end.line);
    const first = document.lineAt(range.start.line).text;
    const frame = lineFrame(first, range.start.character, isProse(document.languageId));
    const text = part.result.text.replace(/(?:\r\n|\r|\n)$/, '');
    return {
      range: new vscode.Range(last.range.end, last.range.end),
      text: `${eol(document)}${frame.before}${text}${frame.after}`,
    };
  });
  return apply(document, edits);
}

function currentRanges(entry: ResultEntry): vscode.Range[] | undefined {
  const ranges = entry.parts.map((part) => currentRange(entry, part));
  return ranges.every((range) => range !== undefined) ? ranges : undefined;
}

/**
 * VS Code refuses the edit itself if the document changes before it arrives. A read-only editor takes the call, changes
 * nothing and reports success, so the version tells.
 */
async function apply(document: vscode.TextDocument, edits: readonly Edit[]): Promise<EditOutcome> {
  const version = document.version;
  const editor = vscode.window.visibleTextEditors.find((item) => item.document === document);
  let accepted: boolean;
  if (editor) {
    accepted = await editor.edit((builder) => {
      for (const { range, text } of edits) builder.replace(range, text);
    });
  } else {
    if (vscode.workspace.fs.isWritableFileSystem(document.uri.scheme) === false) return 'readOnly';
    const edit = new vscode.WorkspaceEdit();
    edit.set(
      document.uri,
      edits.map(({ range, text }) => vscode.TextEdit.replace(range, text)),
    );
    accepted = await vscode.workspace.applyEdit(edit);
  }
  if (document.version !== version) return accepted ? 'applied' : 'changed';
  return accepted ? 'readOnly' : 'changed';
}
