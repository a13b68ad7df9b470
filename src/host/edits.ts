import * as vscode from 'vscode';
import { isProse, lineFrame } from './commentLine';
import { currentRange, eol, type EditRefusal, type ResultEntry, type ResultPart } from './results';

export type EditOutcome = 'applied' | EditRefusal;

/** Typing elsewhere in the document makes VS Code refuse an edit that was on its way; the next try knows the new places. */
const MOST_ATTEMPTS = 3;

export interface Edit {
  readonly range: vscode.Range;
  readonly text: string;
}

/** Puts every translation in the place of its source, as one undo step, or changes nothing. */
export function replaceSource(entry: ResultEntry): Promise<EditOutcome> {
  return editParts(entry, (range, { replacement, result }) => ({
    range,
    text: replacement ?? result.text,
  }));
}

/** Puts every translation on lines of its own under its source, as one undo step, or changes nothing. */
export async function insertBelowSource(entry: ResultEntry): Promise<EditOutcome> {
  const { document } = entry;
  const editor = editorOf(document);
  const before = currentRanges(entry);
  const selected = editor && before && selects(editor, before);
  const outcome = await editParts(entry, (range, { bilingual, result }) =>
    bilingual === undefined ? insertion(document, range, result.text) : { range, text: bilingual },
  );
  // A selection that ends where something is inserted grows over it; the original is what was selected.
  const after = outcome === 'applied' && selected ? currentRanges(entry) : undefined;
  if (editor && after) {
    editor.selections = after.map(({ start, end }) => new vscode.Selection(start, end));
  }
  return outcome;
}

async function editParts(
  entry: ResultEntry,
  edit: (range: vscode.Range, part: ResultPart) => Edit,
): Promise<EditOutcome> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const ranges = currentRanges(entry);
    if (!ranges) return 'changed';
    const edits = entry.parts.map((part, index) => edit(ranges[index]!, part));
    const outcome = await applyEdits(entry.document, edits);
    if (outcome !== 'changed') return outcome;
  }
  return 'changed';
}

function insertion(document: vscode.TextDocument, range: vscode.Range, translation: string): Edit {
  // A selection of whole lines ends at the start of the next one, which is not part of it.
  const wholeLines = range.end.character === 0 && range.end.line > range.start.line;
  const last = document.lineAt(wholeLines ? range.end.line - 1 : range.end.line);
  const first = document.lineAt(range.start.line).text;
  const frame = lineFrame(first, range.start.character, isProse(document.languageId));
  const text = translation.replace(/(?:\r\n|\r|\n)$/, '');
  return {
    range: new vscode.Range(last.range.end, last.range.end),
    text: `${eol(document)}${frame.before}${text}${frame.after}`,
  };
}

function selects(editor: vscode.TextEditor, ranges: readonly vscode.Range[]): boolean {
  return (
    editor.selections.length === ranges.length &&
    editor.selections.every(({ start, end }) =>
      ranges.some((range) => range.start.isEqual(start) && range.end.isEqual(end)),
    )
  );
}

function editorOf(document: vscode.TextDocument): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  if (activeTextEditor?.document === document) return activeTextEditor;
  return visibleTextEditors.find((editor) => editor.document === document);
}

function currentRanges(entry: ResultEntry): vscode.Range[] | undefined {
  const ranges = entry.parts.map((part) => currentRange(entry, part));
  return ranges.every((range) => range !== undefined) ? ranges : undefined;
}

/**
 * VS Code refuses the edit itself if the document changes before it arrives. A read-only editor takes the call, changes
 * nothing and reports success, so the version tells.
 */
export async function applyEdits(
  document: vscode.TextDocument,
  edits: readonly Edit[],
): Promise<EditOutcome> {
  const version = document.version;
  const editor = editorOf(document);
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
