import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';

/** A line of a translation at a line of the document. */
export interface PlacedLine {
  readonly position: vscode.Position;
  readonly text: string;
}

const NONE: readonly PlacedLine[] = [];

/** The translated lines of open documents; they move with edits, and go when their own line is edited. */
export class PlacedLines implements Disposable {
  private readonly documents = new Map<vscode.TextDocument, readonly PlacedLine[]>();
  private readonly subscriptions: vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) =>
        this.shift(document, contentChanges),
      ),
      vscode.workspace.onDidCloseTextDocument((document) => this.documents.delete(document)),
    ];
  }

  /** Of all documents. */
  get isEmpty(): boolean {
    return [...this.documents.values()].every((lines) => lines.length === 0);
  }

  of(document: vscode.TextDocument): readonly PlacedLine[] {
    return this.documents.get(document) ?? NONE;
  }

  /**
   * Puts the lines in the place of those between `first` and `last`; what was scrolled away stays, so that nothing moves
   * when it comes back. True if that changed anything.
   */
  put(
    document: vscode.TextDocument,
    first: number,
    last: number,
    lines: readonly PlacedLine[],
  ): boolean {
    const before = this.of(document);
    const outside = before.filter(({ position: { line } }) => line < first || line > last);
    const after = [...outside, ...lines].sort((a, b) => a.position.compareTo(b.position));
    this.documents.set(document, after);
    return !sameLines(before, after);
  }

  clear(): void {
    this.documents.clear();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.clear();
  }

  private shift(
    document: vscode.TextDocument,
    changes: readonly vscode.TextDocumentContentChangeEvent[],
  ): void {
    const lines = this.documents.get(document);
    if (!lines || changes.length === 0) return;
    this.documents.set(
      document,
      lines.flatMap((line) => {
        const moved = changes.reduce<vscode.Position | undefined>(moveBy, line.position);
        return moved ? [{ ...line, position: moved }] : [];
      }),
    );
  }
}

/** Where a position stands after an edit; undefined if its line was edited. */
function moveBy(
  position: vscode.Position | undefined,
  { range, text }: vscode.TextDocumentContentChangeEvent,
): vscode.Position | undefined {
  if (!position || range.start.line > position.line) return position;
  if (range.end.isAfter(position.with({ character: 0 }))) return undefined;
  const added = text.split(/\r\n|\r|\n/u).length - 1;
  const removed = range.end.line - range.start.line;
  return range.end.line <= position.line ? position.translate(added - removed) : position;
}

function sameLines(a: readonly PlacedLine[], b: readonly PlacedLine[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      ({ position, text }, index) =>
        b[index]!.text === text && b[index]!.position.isEqual(position),
    )
  );
}
