import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import { isCancelled } from '../../common/errors';
import { findBlocks } from '../../text/comments/findBlocks';
import type { LineTokenizer } from '../../text/comments/lineStore';
import { plainTokenizer } from '../../text/comments/plainTokenizer';
import { commentSyntax } from '../../text/comments/syntax';
import type { CommentBlock } from '../../text/comments/types';
import { breathe, DocumentScopes } from './documentScopes';

/** How long a place in a document waits for the grammar before the looks of the language must do, in milliseconds. */
const PATIENCE_MS = 100;
/** Beyond this no grammar is asked; the looks of the language are found a hundred times as fast. */
const MOST_GRAMMAR_LINES = 100_000;
/** Lines whose blocks are built in one turn. */
const CHUNK = 400;
/** Lines of prose that are looked at around a place; fences and front matter need what stands above. */
const PROSE_WINDOW = 5_000;

/** Gives the tokenizer of a language; undefined where there is no grammar for it. */
export interface Grammars {
  tokenizer(languageId: string): Promise<LineTokenizer<unknown> | undefined>;
  /** The grammar threw; it is not given again. */
  failed(languageId: string, error: unknown): void;
}

interface Entry {
  grammar?: Promise<DocumentScopes | undefined>;
  plain?: DocumentScopes;
  /** All that must follow the document's edits. */
  readonly all: DocumentScopes[];
}

/**
 * The comments, strings and paragraphs of open documents. What was found out about a document is kept until it closes and
 * follows its edits.
 */
export class CommentIndex implements Disposable {
  private readonly entries = new Map<vscode.TextDocument, Entry>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly grammars: Grammars) {
    this.subscriptions = [
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        for (const scopes of this.entries.get(document)?.all ?? []) scopes.follow(contentChanges);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
    ];
  }

  /**
   * The blocks that touch the range, or all of the document, in order, as the document is when the promise resolves.
   * Empty when the token fires. With a range the plain looks of the language answer if its grammar takes long to get there.
   */
  async blocksIn(
    document: vscode.TextDocument,
    range?: vscode.Range,
    token?: vscode.CancellationToken,
  ): Promise<readonly CommentBlock[]> {
    try {
      for (;;) {
        const { version } = document;
        const blocks = commentSyntax(document.languageId).prose
          ? this.prose(document, range)
          : await this.scoped(document, range, token);
        if (token?.isCancellationRequested || document.isClosed) return [];
        if (document.version === version) return blocks;
      }
    } catch (error) {
      if (isCancelled(error)) return [];
      throw error;
    }
  }

  async blockAt(
    document: vscode.TextDocument,
    position: vscode.Position,
    token?: vscode.CancellationToken,
  ): Promise<CommentBlock | undefined> {
    const blocks = await this.blocksIn(document, new vscode.Range(position, position), token);
    const offset = document.offsetAt(position);
    return blocks.find(({ start, end }) => start <= offset && offset <= end);
  }

  /** Lines tokenized by grammars for a document so far, for tests and diagnostics. */
  async tokenizedLines(document: vscode.TextDocument): Promise<number> {
    return (await this.entries.get(document)?.grammar)?.tokenized ?? 0;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const document of [...this.entries.keys()]) this.forget(document);
  }

  private async scoped(
    document: vscode.TextDocument,
    range: vscode.Range | undefined,
    token: vscode.CancellationToken | undefined,
  ): Promise<CommentBlock[]> {
    const from = range?.start.line ?? 0;
    const last = (range?.end.line ?? document.lineCount - 1) + 1;
    const scopes = await this.prepared(document, last, range !== undefined);
    // The last comment may go on below what was asked for.
    let to = scopes.endLine(last - 1);
    while (scopes.isOpen(to)) {
      await scopes.reach(to + 1);
      if (token?.isCancellationRequested || document.isClosed) return [];
      to = scopes.endLine(last - 1);
    }
    const first = scopes.firstLine(Math.min(from, document.lineCount - 1));
    const blocks = await this.build(scopes, first, to, token);
    if (!range) return blocks;
    const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
    return blocks.filter((block) => block.start <= end && start <= block.end);
  }

  /** In short turns; the caller looks whether the document was edited meanwhile. */
  private async build(
    scopes: DocumentScopes,
    first: number,
    end: number,
    token: vscode.CancellationToken | undefined,
  ): Promise<CommentBlock[]> {
    const { document } = scopes;
    const { version } = document;
    const blocks: CommentBlock[] = [];
    for (let from = first; from < end;) {
      const to = Math.min(end, scopes.endLine(Math.min(from + CHUNK, end) - 1));
      blocks.push(...findBlocks(scopes.lines(from, to), document.languageId));
      from = to;
      if (from >= end) break;
      await breathe();
      if (token?.isCancellationRequested || document.version !== version) break;
    }
    return blocks;
  }

  private prose(document: vscode.TextDocument, range: vscode.Range | undefined): CommentBlock[] {
    const scopes = this.plain(document);
    const first = Math.max(0, (range?.start.line ?? 0) - PROSE_WINDOW);
    const end = Math.min(document.lineCount, (range?.end.line ?? Infinity) + PROSE_WINDOW);
    const blocks = findBlocks(scopes.lines(first, end), document.languageId);
    if (!range) return blocks;
    const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
    return blocks.filter((block) => block.start <= to && from <= block.end);
  }

  /** Scopes that know the lines before `end`. */
  private async prepared(
    document: vscode.TextDocument,
    end: number,
    impatient: boolean,
  ): Promise<DocumentScopes> {
    const byGrammar = this.byGrammar(document, end);
    const found = await (impatient ? within(byGrammar, PATIENCE_MS) : byGrammar);
    if (found?.isReady(end)) return found;
    const plain = this.plain(document);
    while (!plain.isReady(end)) await plain.reach(end);
    return plain;
  }

  private async byGrammar(
    document: vscode.TextDocument,
    end: number,
  ): Promise<DocumentScopes | undefined> {
    if (document.lineCount > MOST_GRAMMAR_LINES) return undefined;
    const entry = this.entryOf(document);
    entry.grammar ??= this.open(document, entry);
    const scopes = await entry.grammar;
    try {
      while (scopes && !scopes.isReady(end)) await scopes.reach(end);
      return scopes;
    } catch (error) {
      if (!isCancelled(error)) {
        this.grammars.failed(document.languageId, error);
        entry.grammar = Promise.resolve(undefined);
      }
      return undefined;
    }
  }

  private async open(
    document: vscode.TextDocument,
    entry: Entry,
  ): Promise<DocumentScopes | undefined> {
    const tokenizer = await this.grammars.tokenizer(document.languageId);
    if (!tokenizer || document.isClosed) return undefined;
    const scopes = new DocumentScopes(document, tokenizer);
    entry.all.push(scopes);
    return scopes;
  }

  private plain(document: vscode.TextDocument): DocumentScopes {
    const entry = this.entryOf(document);
    if (!entry.plain) {
      entry.plain = new DocumentScopes(document, plainTokenizer(document.languageId));
      entry.all.push(entry.plain);
    }
    return entry.plain;
  }

  private entryOf(document: vscode.TextDocument): Entry {
    const entry = this.entries.get(document) ?? { all: [] };
    if (!document.isClosed) this.entries.set(document, entry);
    return entry;
  }

  private forget(document: vscode.TextDocument): void {
    for (const scopes of this.entries.get(document)?.all ?? []) scopes.dispose();
    this.entries.delete(document);
  }
}

async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
