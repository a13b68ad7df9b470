import * as vscode from 'vscode';
import type { Disposable } from '../common/disposable';
import type { KeptReason, Language, TextResult } from '../protocol/engine';
import { type OffsetRange, shiftRange } from './offsets';
import type { Target } from './targets';

/** Why an edit that was asked for was not made; shown with the result. */
export type EditRefusal = 'changed' | 'readOnly';

export interface ResultPart {
  readonly source: string;
  readonly result: TextResult;
  /** What people read, where that is not the text as it stands: a comment with its list marks and tags. */
  readonly display?: string;
  /** What takes the place of the source where that is more than the text: a comment's marks and lines. */
  readonly replacement?: string;
  /** The source with the translation below it, for the same parts. */
  readonly bilingual?: string;
  /** Where the source text stands now; undefined once it was edited. */
  offsets: OffsetRange | undefined;
}

/** The translations of one command in one document. */
export interface ResultEntry {
  readonly id: number;
  readonly document: vscode.TextDocument;
  readonly parts: readonly ResultPart[];
  /** Where the cursor stood when the command was given; it may lie beside the text, in a list mark. */
  readonly cursor: vscode.Position;
  note?: EditRefusal;
}

/** The last result of each document, whose ranges follow the edits made elsewhere in it. */
export class ResultStore implements Disposable {
  private readonly entries = new Map<string, ResultEntry>();
  private readonly subscriptions: vscode.Disposable[] = [];
  private nextId = 1;

  constructor() {
    this.subscriptions.push(
      vscode.workspace.onDidChangeTextDocument((event) => this.follow(event)),
      vscode.workspace.onDidCloseTextDocument((document) => this.entries.delete(keyOf(document))),
    );
  }

  /** Starts to follow the targets, before they are translated: edits made meanwhile count. */
  track(editor: vscode.TextEditor, targets: readonly Target[]): TrackedTargets {
    const { document } = editor;
    const tracked: TrackedTargets = {
      document,
      cursor: editor.selection.active,
      sources: targets.map((target) => target.text),
      offsets: targets.map((target) => ({
        start: document.offsetAt(target.range.start),
        end: document.offsetAt(target.range.end),
      })),
    };
    this.tracked.add(tracked);
    return tracked;
  }

  /** Gives up what `track` started. */
  release(tracked: TrackedTargets): void {
    this.tracked.delete(tracked);
  }

  /** Makes the tracked targets with their results the result of the document. */
  add(tracked: TrackedTargets, results: readonly TextResult[]): ResultEntry {
    this.release(tracked);
    const parts = results.map((result, index) => ({
      source: tracked.sources[index] ?? '',
      result,
      offsets: tracked.offsets[index],
    }));
    const { document, cursor } = tracked;
    const entry = { id: this.nextId++, document, parts, cursor };
    this.entries.set(keyOf(document), entry);
    return entry;
  }

  /** Other results for the same texts, at the same places; the former entry is gone. */
  exchange(entry: ResultEntry, results: readonly TextResult[]): ResultEntry {
    const parts = entry.parts.map((part, index) => ({
      ...part,
      result: results[index] ?? part.result,
    }));
    const changed = { ...entry, id: this.nextId++, parts };
    this.entries.set(keyOf(entry.document), changed);
    return changed;
  }

  get(id: number): ResultEntry | undefined {
    return [...this.entries.values()].find((entry) => entry.id === id);
  }

  delete(entry: ResultEntry): void {
    if (this.entries.get(keyOf(entry.document)) === entry) {
      this.entries.delete(keyOf(entry.document));
    }
  }

  /** The result that has a part at the position. */
  at(document: vscode.TextDocument, position: vscode.Position): ResultEntry | undefined {
    const entry = this.entries.get(keyOf(document));
    return entry?.parts.some((part) => currentRange(entry, part)?.contains(position))
      ? entry
      : undefined;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.entries.clear();
    this.tracked.clear();
  }

  private readonly tracked = new Set<TrackedTargets>();

  private follow(event: vscode.TextDocumentChangeEvent): void {
    if (event.contentChanges.length === 0) return;
    for (const tracked of this.tracked) {
      if (tracked.document !== event.document) continue;
      tracked.offsets = tracked.offsets.map(
        (range) => range && shiftRange(range, event.contentChanges),
      );
    }
    for (const part of this.entries.get(keyOf(event.document))?.parts ?? []) {
      part.offsets = part.offsets && shiftRange(part.offsets, event.contentChanges);
    }
  }
}

/** Targets on their way through the engine. */
export interface TrackedTargets {
  readonly document: vscode.TextDocument;
  readonly cursor: vscode.Position;
  readonly sources: readonly string[];
  offsets: readonly (OffsetRange | undefined)[];
}

/** Where the part stands, if its text is still exactly the one that was translated. */
export function currentRange(entry: ResultEntry, part: ResultPart): vscode.Range | undefined {
  if (!part.offsets) return undefined;
  const range = new vscode.Range(
    entry.document.positionAt(part.offsets.start),
    entry.document.positionAt(part.offsets.end),
  );
  return entry.document.getText(range) === part.source ? range : undefined;
}

export function shownText({ display, result }: ResultPart): string {
  return display ?? result.text;
}

export function entryText(entry: ResultEntry): string {
  return entry.parts.map(shownText).join(eol(entry.document));
}

export function eol(document: vscode.TextDocument): string {
  return document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
}

/** The direction of the result; several selections may go both ways. */
export function directions(entry: ResultEntry): readonly { source: Language; target: Language }[] {
  const seen = new Map<string, { source: Language; target: Language }>();
  for (const { result } of entry.parts) seen.set(`${result.source}${result.target}`, result);
  return [...seen.values()];
}

/** Why sentences were left as they were, with how many. */
export function keptReasons(entry: ResultEntry): ReadonlyMap<KeptReason, number> {
  const reasons = new Map<KeptReason, number>();
  for (const { result } of entry.parts) {
    for (const { reason } of result.segments) {
      if (reason) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  return reasons;
}

function keyOf(document: vscode.TextDocument): string {
  return document.uri.toString();
}
