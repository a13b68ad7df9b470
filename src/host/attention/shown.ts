import type * as vscode from 'vscode';
import type { AttentionRun } from '../../protocol/attentionRun';
import type { PanelSide } from '../../protocol/panelState';
import { Anchor } from './anchor';

/** A run with the places of its texts: the source's, and the output's once it stands in a document. */
export class ShownRun {
  private target: Anchor | undefined;

  constructor(
    readonly run: AttentionRun,
    readonly source: Anchor,
  ) {
    this.findTarget();
  }

  anchor(side: PanelSide): Anchor | undefined {
    return side === 'source' ? this.source : this.target;
  }

  place(document: vscode.TextDocument, side: PanelSide, index: number): vscode.Range | undefined {
    const anchor = this.anchor(side);
    const token = this.run[side][index];
    return token && anchor?.isIn(document) ? anchor.place(token.start, token.end) : undefined;
  }

  follow(event: vscode.TextDocumentChangeEvent): void {
    this.source.follow(event);
    this.target?.follow(event);
    if (this.target && this.target.state !== 'changed') return;
    this.target = insertedOutput(event, this.run.targetText);
  }

  close(document: vscode.TextDocument): void {
    this.source.close(document);
    this.target?.close(document);
  }

  open(document: vscode.TextDocument): void {
    this.source.open(document);
    this.target?.open(document);
  }

  /** A translation that was inserted before it was inspected stands in the lines below its source. */
  private findTarget(): void {
    const { targetText } = this.run;
    const place = this.source.current();
    if (targetText === '' || !place) return;
    const { document } = place;
    const from = document.offsetAt(place.range.end);
    const below = document.getText().slice(from, from + NEAR + targetText.length);
    const at = below.indexOf(targetText);
    if (at >= 0) this.target = new Anchor(document, from + at, targetText);
  }
}

/** Units between a source and its translation: the rest of the line, and what stands before a comment's text. */
const NEAR = 200;

/** Whoever inserted it: a command of ours, or the user by pasting it. */
function insertedOutput(
  { document, contentChanges }: vscode.TextDocumentChangeEvent,
  text: string,
): Anchor | undefined {
  if (text === '') return undefined;
  for (const change of contentChanges) {
    const at = change.text.indexOf(text);
    if (at < 0) continue;
    // Offsets of the text before the event: all changes further up move it.
    const shift = contentChanges
      .filter(({ rangeOffset }) => rangeOffset < change.rangeOffset)
      .reduce((sum, other) => sum + other.text.length - other.rangeLength, 0);
    const anchor = new Anchor(document, change.rangeOffset + shift + at, text);
    if (anchor.state === 'linked') return anchor;
  }
  return undefined;
}
