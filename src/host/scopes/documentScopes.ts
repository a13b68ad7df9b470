import * as vscode from 'vscode';
import { Deferred } from '../../common/async';
import type { Disposable } from '../../common/disposable';
import { cancelled } from '../../common/errors';
import { LineStore, type LineChange, type LineTokenizer } from '../../text/comments/lineStore';
import type { ScopedLine } from '../../text/comments/types';
import { pauseBeforeTurn } from './turns';

/** How long one turn may hold the extension host's only thread, in milliseconds. */
const SLICE_MS = 6;

/** Most lines that one block may have to either side; a longer one is cut. */
const MOST_BLOCK_LINES = 2_000;

/** The regions of one document, whoever tokenizes it; types of states end here. */
export class DocumentScopes implements Disposable {
  private readonly store: LineStore<unknown>;
  private readonly waiting = new Map<Deferred<void>, number>();
  private working = false;
  private edited = -Infinity;

  constructor(
    readonly document: vscode.TextDocument,
    tokenizer: LineTokenizer<unknown>,
  ) {
    this.store = new LineStore(tokenizer, {
      get lineCount() {
        return document.lineCount;
      },
      lineText: (line) => document.lineAt(line).text,
    });
  }

  /** How many lines were tokenized so far, again after edits. */
  get tokenized(): number {
    return this.store.tokenized;
  }

  follow(changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    this.edited = performance.now();
    this.store.change(changes.map(lineChange));
  }

  isReady(end: number): boolean {
    return this.store.isReady(Math.min(end, this.document.lineCount));
  }

  /**
   * Tokenizes the lines before `end` in short turns; an edit in the very moment may undo that. Rejects with what the
   * tokenizer threw, and with cancelled when the document is closed.
   */
  reach(end: number): Promise<void> {
    if (this.isReady(end)) return Promise.resolve();
    const waiter = new Deferred<void>();
    this.waiting.set(waiter, end);
    if (!this.working) void this.work();
    return waiter.promise;
  }

  /** The first line that belongs to what is at `line`: a comment, a string, or a run of comment lines. */
  firstLine(line: number): number {
    let first = line;
    const limit = Math.max(0, line - MOST_BLOCK_LINES);
    while (first > limit && this.isJoined(first)) first--;
    return first;
  }

  /** The line behind the last that belongs to what is at `line`. */
  endLine(line: number): number {
    let end = line + 1;
    const limit = Math.min(this.document.lineCount, line + MOST_BLOCK_LINES);
    while (end < limit && this.store.isReady(end + 1) && this.isJoined(end)) end++;
    return end;
  }

  /** Has the comment that goes beyond `end` lines that are not known yet? */
  isOpen(end: number): boolean {
    return end < this.document.lineCount && !this.store.isReady(end + 1);
  }

  lines(first: number, end: number): ScopedLine[] {
    const { document } = this;
    const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
    let start = document.offsetAt(new vscode.Position(first, 0));
    const lines: ScopedLine[] = [];
    for (let line = first; line < end; line++) {
      const { text } = document.lineAt(line);
      const isLast = line === document.lineCount - 1;
      lines.push({ start, text, eol: isLast ? '' : eol, regions: this.store.regions(line) });
      start += text.length + eol.length;
    }
    return lines;
  }

  dispose(): void {
    for (const waiter of this.waiting.keys()) waiter.reject(cancelled());
    this.waiting.clear();
  }

  private async work(): Promise<void> {
    this.working = true;
    const began = performance.now();
    try {
      while (this.waiting.size > 0) {
        this.slice(Math.max(...this.waiting.values()));
        for (const [waiter, end] of this.waiting) {
          if (!this.isReady(end)) continue;
          this.waiting.delete(waiter);
          waiter.resolve();
        }
        await this.rest(began);
      }
    } catch (error) {
      for (const waiter of this.waiting.keys()) waiter.reject(error);
      this.waiting.clear();
    } finally {
      this.working = false;
    }
  }

  /** Between turns. Typing goes first; what is waited for no more waits for nobody. */
  private async rest(began: number): Promise<void> {
    let edited: number;
    do {
      ({ edited } = this);
      const isDone = this.waiting.size === 0;
      await breathe(isDone ? 0 : pauseBeforeTurn(performance.now(), { began, edited }));
    } while (this.edited !== edited && this.waiting.size > 0);
  }

  private slice(end: number): void {
    const until = performance.now() + SLICE_MS;
    while (this.store.step(end)) if (performance.now() > until) break;
  }

  /** Does a line go on with what the line above began, or may it? Comments that begin a line do. */
  private isJoined(line: number): boolean {
    const region = this.store.regions(line)[0];
    if (!region) return false;
    return this.document.lineAt(line).text.slice(0, region.start).trim() === '';
  }
}

/** Lets everything else that waits for the thread go first. */
export function breathe(pause = 0): Promise<void> {
  return new Promise((resolve) => {
    if (pause > 0) setTimeout(resolve, pause);
    else setImmediate(resolve);
  });
}

function lineChange({ range, text }: vscode.TextDocumentContentChangeEvent): LineChange {
  return {
    start: range.start.line,
    end: range.end.line,
    count: text.split(/\r\n|\r|\n/u).length,
  };
}
