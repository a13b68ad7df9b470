import * as vscode from 'vscode';
import type { OffsetChange } from '../offsets';
import { shiftRange } from '../offsets';

/** A selection that is worked on while the user may go on typing. */
export class TrackedText {
  private offsets: { readonly start: number; readonly end: number } | undefined;
  private readonly subscription: vscode.Disposable;
  readonly text: string;

  constructor(
    readonly document: vscode.TextDocument,
    range: vscode.Range,
  ) {
    this.text = document.getText(range);
    this.offsets = {
      start: document.offsetAt(range.start),
      end: document.offsetAt(range.end),
    };
    this.subscription = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === document) this.follow(event.contentChanges);
    });
  }

  /** Where the text stands, if it is still the same. */
  get range(): vscode.Range | undefined {
    if (!this.offsets) return undefined;
    const { document } = this;
    const range = new vscode.Range(
      document.positionAt(this.offsets.start),
      document.positionAt(this.offsets.end),
    );
    return document.getText(range) === this.text ? range : undefined;
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private follow(changes: readonly OffsetChange[]): void {
    this.offsets = this.offsets && shiftRange(this.offsets, changes);
  }
}

/** The selection without blanks around it, or where nothing is selected the line's text. */
export function selectedText(editor: vscode.TextEditor): vscode.Range | undefined {
  const { document, selection } = editor;
  const range = selection.isEmpty ? document.lineAt(selection.active.line).range : selection;
  const text = document.getText(range);
  if (text.trim() === '') return undefined;
  const start = document.offsetAt(range.start) + (text.length - text.trimStart().length);
  const end = start + text.trim().length;
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
