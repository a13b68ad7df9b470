import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { growRange, shiftRange, type OffsetRange } from '../offsets';

/** Where a text stands, without the text itself, so that it may be kept where texts may not. Offsets are UTF-16 units. */
export interface AnchorRecord {
  readonly uri: string;
  readonly startOffset: number;
  readonly length: number;
  /** SHA-256 of the text, hexadecimal. */
  readonly hash: string;
}

/** `changed`: the text itself was edited, which no later edit takes back. */
export type AnchorState = 'linked' | 'closed' | 'changed';

/**
 * Where a text that was inspected stands in its document. It moves with edits elsewhere and gives no place once the text
 * itself was edited: a mark at the wrong words would be worse than none.
 */
export class Anchor {
  private offsets: OffsetRange;
  private range: vscode.Range;
  private document: vscode.TextDocument | undefined;
  /** Version at which the text was last seen to stand at `offsets`. */
  private version: number;
  private changed = false;

  readonly uri: vscode.Uri;

  constructor(
    document: vscode.TextDocument,
    /** Where it stands, in UTF-16 units. */
    start: number,
    /** What stood there when it was inspected. */
    readonly text: string,
  ) {
    this.document = document;
    this.uri = document.uri;
    this.version = document.version;
    this.offsets = { start, end: start + text.length };
    this.range = this.rangeOf(this.offsets);
    this.check();
  }

  get state(): AnchorState {
    if (this.changed) return 'changed';
    return this.document ? 'linked' : 'closed';
  }

  /** What stands there now, edits included; undefined while the document is closed. */
  current(): { document: vscode.TextDocument; range: vscode.Range } | undefined {
    return this.document && { document: this.document, range: this.rangeOf(this.offsets) };
  }

  record(): AnchorRecord {
    const { start, end } = this.offsets;
    const length = end - start;
    return { uri: this.uri.toString(), startOffset: start, length, hash: hashOf(this.text) };
  }

  isIn(document: vscode.TextDocument): boolean {
    return this.uri.toString() === document.uri.toString();
  }

  /** Range of the units [start, end) of the text, or undefined where nothing may be marked. */
  place(start: number, end: number): vscode.Range | undefined {
    if (this.state !== 'linked' || start < 0 || end > this.text.length) return undefined;
    if (this.document?.version !== this.version) this.check();
    if (this.changed) return undefined;
    return this.rangeOf({ start: this.offsets.start + start, end: this.offsets.start + end });
  }

  /** Units into the text, or undefined if the position is outside of it. */
  offsetAt(position: vscode.Position): number | undefined {
    if (this.state !== 'linked' || !this.document) return undefined;
    const offset = this.document.offsetAt(position) - this.offsets.start;
    return offset >= 0 && offset <= this.text.length ? offset : undefined;
  }

  /** Takes the edits of its document. */
  follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (document !== this.document || document.version === this.version) return;
    const shifted = shiftRange(this.offsets, contentChanges) ?? this.sameLines(document);
    if (!shifted) this.changed = true;
    this.offsets = shifted ?? growRange(this.offsets, contentChanges);
    this.check();
  }

  close(document: vscode.TextDocument): void {
    if (document === this.document) this.document = undefined;
  }

  /** A document was opened, perhaps again; linked only if the text still stands at its place. */
  open(document: vscode.TextDocument): void {
    if (this.document || !this.isIn(document)) return;
    this.document = document;
    this.check();
  }

  /** Other line ends come as one edit of the whole document, which leaves every line and column where it was. */
  private sameLines(document: vscode.TextDocument): OffsetRange | undefined {
    if (this.changed || document.getText(this.range) !== this.text) return undefined;
    return { start: document.offsetAt(this.range.start), end: document.offsetAt(this.range.end) };
  }

  private check(): void {
    if (!this.document) return;
    this.version = this.document.version;
    this.range = this.rangeOf(this.offsets);
    if (this.document.getText(this.range) !== this.text) this.changed = true;
  }

  private rangeOf({ start, end }: OffsetRange): vscode.Range {
    const { document } = this;
    if (!document) return this.range;
    return new vscode.Range(document.positionAt(start), document.positionAt(end));
  }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
