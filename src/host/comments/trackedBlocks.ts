import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import type { CommentBlock } from '../../text/comments/types';
import { type OffsetRange, shiftRange } from '../offsets';

/** Blocks whose places follow the edits made while they are translated. */
export class TrackedBlocks implements Disposable {
  private places: (OffsetRange | undefined)[];
  private readonly subscription: vscode.Disposable;

  constructor(
    readonly document: vscode.TextDocument,
    readonly blocks: readonly CommentBlock[],
  ) {
    this.places = blocks.map(({ start, end }) => ({ start, end }));
    this.subscription = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document) return;
      this.places = this.places.map((place) => place && shiftRange(place, event.contentChanges));
    });
  }

  /** Where the block stands now, if it still is what it was. */
  range(index: number): vscode.Range | undefined {
    const [place, block] = [this.places[index], this.blocks[index]];
    if (!place || !block) return undefined;
    const { document } = this;
    const range = new vscode.Range(
      document.positionAt(place.start),
      document.positionAt(place.end),
    );
    return document.getText(range) === block.source ? range : undefined;
  }

  dispose(): void {
    this.subscription.dispose();
  }
}
