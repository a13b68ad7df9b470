import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../common/disposable';
import { isCancelled, toAppError } from '../../common/errors';
import type { Logger } from '../../common/logger';
import type { CommentBlock } from '../../text/comments/types';
import { readerLanguage } from '../hover/settings';
import { ContextKey, SETTING_SECTION } from '../ids';
import type { Notices } from '../notices';
import { usablePatterns } from '../patterns';
import type { CommentIndex } from '../scopes/commentIndex';
import { readTranslationSettings } from '../settings';
import type { TranslationService } from '../translation';
import { languageName } from '../words';
import { AnnotationDecorations } from './annotationDecorations';
import { AnnotationLenses } from './annotationLenses';
import { needsTranslation, translateBlocks } from './blockTranslations';
import { type PlacedLine, PlacedLines } from './placedLines';
import { readCommentSettings } from './settings';

/** Scrolling and typing come in bursts; what was only passed is not translated. */
const SETTLE_MS = 150;
/** Lines above and below what is visible, so that a little scrolling finds them done. */
const MARGIN = 15;
/** Blocks that are shown together: the first ones of a screen do not wait for the last. */
const GROUP = 4;

export interface BilingualDeps {
  readonly index: CommentIndex;
  readonly service: TranslationService;
  readonly notices: Notices;
  readonly logger: Logger;
}

/** Work for one document under way. */
interface View {
  readonly abort: AbortController;
  readonly token: vscode.CancellationTokenSource;
}

/** While it is on, each visible comment has its translation next to it; the files stay as they are. */
export class BilingualReading implements Disposable {
  private readonly store = new DisposableStore();
  private readonly placed = this.store.add(new PlacedLines());
  private readonly decorations = this.store.add(new AnnotationDecorations());
  private readonly lenses = this.store.add(new AnnotationLenses(this.placed, isAbove));
  private readonly views = new Map<vscode.TextDocument, View>();
  private timer: NodeJS.Timeout | undefined;
  /** The last look at what is visible: it ends those before it. */
  private latest: Promise<void> = Promise.resolve();
  private on = false;

  constructor(private readonly deps: BilingualDeps) {
    const refresh = (): void => this.schedule();
    this.store.add(vscode.window.onDidChangeTextEditorVisibleRanges(refresh));
    this.store.add(vscode.window.onDidChangeVisibleTextEditors(refresh));
    this.store.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && editorsOf(document).length > 0) this.schedule();
      }),
    );
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration(SETTING_SECTION)) return;
        this.clear();
        this.schedule();
      }),
    );
  }

  /** @returns whether it is on now, when what is visible has been translated. */
  async toggle(): Promise<boolean> {
    this.on = !this.on;
    await vscode.commands.executeCommand('setContext', ContextKey.bilingual, this.on);
    if (!this.on) {
      this.clear();
      vscode.window.setStatusBarMessage(vscode.l10n.t('Bilingual reading is off.'), 4000);
      return false;
    }
    const document = vscode.window.activeTextEditor?.document;
    const target = readerLanguage(readTranslationSettings(document).targetLanguage);
    vscode.window.setStatusBarMessage(
      vscode.l10n.t('Bilingual reading: comments are also shown in {0}.', languageName(target)),
      4000,
    );
    this.refresh();
    // The lines of translation move what is visible, and so begin the next look.
    for (let seen: Promise<void> | undefined; seen !== this.latest;) {
      seen = this.latest;
      await seen;
    }
    return this.on;
  }

  dispose(): void {
    this.clear();
    this.store.dispose();
  }

  private schedule(): void {
    if (!this.on) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), SETTLE_MS);
  }

  private refresh(): void {
    const documents = new Set(vscode.window.visibleTextEditors.map(({ document }) => document));
    for (const document of [...this.views.keys()]) {
      if (!documents.has(document)) this.stop(document);
    }
    const following = [...documents].map((document) => this.follow(document));
    this.latest = Promise.all(following).then(() => undefined);
  }

  /** Translates what is visible of the document; what was under way for it ends, for it may have been scrolled away. */
  private async follow(document: vscode.TextDocument): Promise<void> {
    this.stop(document);
    const view = { abort: new AbortController(), token: new vscode.CancellationTokenSource() };
    this.views.set(document, view);
    try {
      for (const range of visibleRanges(document)) await this.translateIn(document, range, view);
    } catch (error) {
      if (isCancelled(error)) return;
      // Every scroll would fail again.
      this.on = false;
      void vscode.commands.executeCommand('setContext', ContextKey.bilingual, false);
      this.clear();
      this.deps.logger.log('warn', `Bilingual reading ended: ${toAppError(error).code}`);
      this.deps.notices.error(error);
    } finally {
      if (this.views.get(document) === view) this.views.delete(document);
      view.token.dispose();
    }
  }

  private async translateIn(
    document: vscode.TextDocument,
    range: vscode.Range,
    view: View,
  ): Promise<void> {
    const { index, service, notices } = this.deps;
    const { signal } = view.abort;
    const settings = readTranslationSettings(document);
    const target = readerLanguage(settings.targetLanguage);
    const found = await index.blocksIn(document, range, view.token.token);
    if (signal.aborted) return;
    const { version } = document;
    const blocks = found.filter(
      (block) =>
        block.kind !== 'string' && block.kind !== 'text' && needsTranslation(block, target),
    );
    const request = {
      target,
      protectPatterns: usablePatterns(settings.protectPatterns, notices),
      beam: settings.beam,
      priority: 'background' as const,
    };
    const known = new Map<CommentBlock, string>();
    for (const block of blocks) {
      const answer = service.peek({ ...request, texts: [block.text] })?.[0];
      if (answer) known.set(block, answer.text);
    }
    const show = (): void => {
      if (!signal.aborted && document.version === version) this.show(document, range, known);
    };
    show();
    const missing = blocks.filter((block) => !known.has(block));
    for (let from = 0; from < missing.length; from += GROUP) {
      const group = missing.slice(from, from + GROUP);
      const texts = await translateBlocks(service, group, request, signal, () => undefined);
      group.forEach((block, at) => known.set(block, texts[at] ?? block.text));
      show();
    }
  }

  private show(
    document: vscode.TextDocument,
    range: vscode.Range,
    known: ReadonlyMap<CommentBlock, string>,
  ): void {
    const lines = [...known].flatMap(([block, translation]) =>
      block.annotate(translation).map(({ document: offset, text }): PlacedLine => ({
        position: document.positionAt(offset),
        text,
      })),
    );
    const first = Math.min(range.start.line, lines[0]?.position.line ?? Infinity);
    const last = Math.max(range.end.line, lines.at(-1)?.position.line ?? 0);
    if (this.placed.put(document, first, last, lines)) this.render(document);
  }

  private render(document: vscode.TextDocument): void {
    this.lenses.render();
    this.decorations.render(document, isAbove(document) ? [] : this.placed.of(document));
  }

  private stop(document: vscode.TextDocument): void {
    const view = this.views.get(document);
    view?.abort.abort();
    view?.token.cancel();
    this.views.delete(document);
  }

  private clear(): void {
    clearTimeout(this.timer);
    for (const document of [...this.views.keys()]) this.stop(document);
    this.placed.clear();
    this.lenses.render();
    for (const { document } of vscode.window.visibleTextEditors) {
      this.decorations.render(document, []);
    }
  }
}

function editorsOf(document: vscode.TextDocument): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
}

/** With a margin, for all editors that show the document. */
function visibleRanges(document: vscode.TextDocument): vscode.Range[] {
  return editorsOf(document).flatMap(({ visibleRanges: ranges }) =>
    ranges.map(({ start, end }) =>
      document.validateRange(
        new vscode.Range(Math.max(0, start.line - MARGIN), 0, end.line + MARGIN, 0),
      ),
    ),
  );
}

/** Code lenses are part of the editor that people may have switched off. */
function isAbove(document: vscode.TextDocument): boolean {
  const lenses = vscode.workspace.getConfiguration('editor', document).get('codeLens') !== false;
  return lenses && readCommentSettings(document).place === 'above';
}
