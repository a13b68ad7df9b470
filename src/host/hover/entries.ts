import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import { shiftRange } from '../offsets';
import type { ResultEntry, ResultPart } from '../results';

/** A hover is gone when the next is shown; a few stay, since a pinned one may be older. */
const MOST_ENTRIES = 30;

/**
 * What the links of the hovers shown last refer to. Numbered downwards from -1, so that no number is one of a command's
 * result; the places follow edits made meanwhile.
 */
export class HoverEntries implements Disposable {
  private readonly entries: ResultEntry[] = [];
  private readonly subscription = vscode.workspace.onDidChangeTextDocument((event) =>
    this.follow(event),
  );
  private lastId = 0;

  add(
    document: vscode.TextDocument,
    cursor: vscode.Position,
    parts: readonly ResultPart[],
  ): ResultEntry {
    const entry = { id: --this.lastId, document, cursor, parts };
    this.entries.push(entry);
    if (this.entries.length > MOST_ENTRIES) this.entries.shift();
    return entry;
  }

  get(id: number): ResultEntry | undefined {
    return this.entries.find((entry) => entry.id === id);
  }

  dispose(): void {
    this.subscription.dispose();
    this.entries.length = 0;
  }

  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    for (const entry of this.entries) {
      if (entry.document !== document) continue;
      for (const part of entry.parts) {
        part.offsets = part.offsets && shiftRange(part.offsets, contentChanges);
      }
    }
  }
}
