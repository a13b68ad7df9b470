import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../common/disposable';
import { isCancelled } from '../../common/errors';
import type { Logger } from '../../common/logger';
import type { CommentBlock } from '../../text/comments/types';
import type { TranslationService } from '../translation';
import type { HoverAnswers } from './answers';
import { mayAnswer } from './provider';
import { readHoverSettings } from './settings';
import type { Blocks } from './subjects';

/** Nobody has typed, moved or scrolled for so long. */
const IDLE_MS = 800;
/** Lines around the cursor whose comments are likely to be pointed at. */
const REACH_LINES = 40;
/** What is translated at one standstill at most. */
const MOST_BLOCKS = 12;
const MOST_CHARACTERS = 1500;

/**
 * Translates the visible comments near the cursor while nothing else is going on, so that a hover answers from the cache.
 * Only with a model that is in memory already: it was the user who let it be loaded. Typing stops it at once, and in the
 * engine everything else goes first.
 */
export class Prefetcher implements Disposable {
  private readonly store = new DisposableStore();
  private timer: NodeJS.Timeout | undefined;
  private abort: AbortController | undefined;
  private wasReady = false;

  constructor(
    private readonly service: TranslationService,
    private readonly answers: HoverAnswers,
    private readonly blocks: Blocks,
    private readonly logger: Logger,
  ) {
    this.store.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0 || document !== activeDocument()) return;
        this.stop();
        this.schedule();
      }),
    );
    this.store.add(vscode.window.onDidChangeActiveTextEditor(() => this.schedule()));
    this.store.add(vscode.window.onDidChangeTextEditorSelection(() => this.schedule()));
    this.store.add(vscode.window.onDidChangeTextEditorVisibleRanges(() => this.schedule()));
    this.store.add(service.onState(() => this.followState()));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.stop();
    this.store.dispose();
  }

  private followState(): void {
    const ready = this.service.state.phase === 'ready';
    if (ready && !this.wasReady) this.schedule();
    this.wasReady = ready;
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), IDLE_MS);
  }

  private async run(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor || this.service.state.phase !== 'ready') return;
    const { document } = editor;
    const settings = readHoverSettings(document);
    if (!settings.prefetch || !settings.comments || settings.trigger === 'selection') return;
    if (!mayAnswer(document, settings)) return;
    this.stop();
    const abort = new AbortController();
    this.abort = abort;
    try {
      for (const block of await this.wanted(editor)) {
        if (abort.signal.aborted) return;
        await this.answers.translate(document, block.text, abort.signal, 'background');
      }
    } catch (error) {
      if (!isCancelled(error)) this.logger.log('warn', `Prefetch: ${String(error)}`);
    } finally {
      if (this.abort === abort) this.abort = undefined;
    }
  }

  /** Asked for at every keystroke, and an abort makes an error with its stack: only where something is under way. */
  private stop(): void {
    this.abort?.abort();
    this.abort = undefined;
  }

  /** Comments and paragraphs on the screen that no hover could answer yet, the nearest to the cursor first. */
  private async wanted(editor: vscode.TextEditor): Promise<CommentBlock[]> {
    const { document, selection } = editor;
    const cursor = document.offsetAt(selection.active);
    const near = new vscode.Range(
      Math.max(0, selection.active.line - REACH_LINES),
      0,
      selection.active.line + REACH_LINES,
      0,
    );
    const ranges = editor.visibleRanges.map((range) => range.intersection(near));
    const found = new Map<number, CommentBlock>();
    for (const range of ranges) {
      if (!range) continue;
      for (const block of await this.blocks.blocksIn(document, range))
        found.set(block.start, block);
    }
    return [...found.values()]
      .filter(
        ({ kind, text }) =>
          kind !== 'string' &&
          text.length <= MOST_CHARACTERS &&
          !this.answers.known(document, text) &&
          this.answers.isForeign(document, text),
      )
      .sort((a, b) => distance(a, cursor) - distance(b, cursor))
      .slice(0, MOST_BLOCKS);
  }
}

function distance({ start, end }: CommentBlock, cursor: number): number {
  return Math.max(0, start - cursor, cursor - end);
}

function activeDocument(): vscode.TextDocument | undefined {
  return vscode.window.activeTextEditor?.document;
}
