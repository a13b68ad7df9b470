import * as vscode from 'vscode';
import { isCancelled } from '../../common/errors';
import { DisposableStore, type Disposable } from '../../common/disposable';
import type { Logger } from '../../common/logger';
import { noticeFallback } from '../device';
import { DOCUMENT_SCHEME } from '../ids';
import type { Notices } from '../notices';
import { usablePatterns } from '../patterns';
import { readTranslationSettings } from '../settings';
import type { Outcome } from '../translate';
import type { TranslationService } from '../translation';
import type { Running } from './running';
import { DocumentText } from './documentText';
import { followScrolling } from './scrolling';

/** Typing is waited for: every version that is translated costs a look at the whole document. */
const DEBOUNCE_MS = 400;
/** The editor compares the whole text each time; faster than this nobody reads. */
const SHOW_INTERVAL_MS = 250;
/** A long document is looked at and put together more seldom: at most about this share of the time goes into either. */
const SHARE = 0.1;

interface View {
  /** Another object once the file was closed and opened again. */
  source: vscode.TextDocument;
  readonly uri: vscode.Uri;
  readonly texts: DocumentText;
  text: string;
  run: AbortController | undefined;
  /** The run is one that somebody waits for: edits are followed after it. */
  awaited: boolean;
  timer: NodeJS.Timeout | undefined;
}

export interface DocumentViewDeps {
  readonly service: TranslationService;
  readonly notices: Notices;
  readonly running: Running;
  readonly logger: Logger;
}

/** Read-only translations of whole documents beside them, line by line, which follow the edits of their sources. */
export class DocumentViews implements vscode.TextDocumentContentProvider, Disposable {
  private readonly store = new DisposableStore();
  private readonly views = new Map<string, View>();
  private readonly change = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.change.event;

  constructor(private readonly deps: DocumentViewDeps) {
    this.store.add(this.change);
    this.store.add(vscode.workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, this));
    this.store.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // At every keystroke: an address takes longer to make than all else that is done then.
        if (contentChanges.length > 0 && this.views.size > 0) this.follow(document);
      }),
    );
    this.store.add(vscode.workspace.onDidCloseTextDocument((document) => this.close(document)));
    this.store.add(followScrolling((document) => this.partnerOf(document)));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.views.get(uri.toString())?.text ?? '';
  }

  /** Opens the translation of the active document beside it, or brings it up to date. */
  async open(): Promise<Outcome> {
    const { notices, service } = this.deps;
    const editor = vscode.window.activeTextEditor;
    const source = editor && (this.viewOf(editor.document)?.source ?? editor.document);
    if (!source || source.getText().trim() === '') {
      notices.info(vscode.l10n.t('Open the document that is to be translated.'));
      return 'nothingToDo';
    }
    const view = this.views.get(viewUri(source).toString()) ?? this.create(source);
    view.source = source;
    try {
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(view.uri), {
        viewColumn: vscode.ViewColumn.Beside,
        preserveFocus: true,
        preview: false,
      });
      const { lost } = await this.deps.running.run(
        vscode.l10n.t('Translating the document'),
        (signal, report) => {
          signal.addEventListener('abort', () => view.run?.abort(), { once: true });
          // The glossary and the settings may be others by now; the engine remembers what is still the same.
          view.texts.forget();
          return this.update(view, 'command', (done, total) => report({ done, total }));
        },
        (done, total) => vscode.l10n.t('{0} of {1} paragraphs', done, total),
      );
      noticeFallback(service, notices);
      if (lost > 0) {
        const message = vscode.l10n.t(
          '{0} sentences stayed as they were: their formatting did not survive the translation.',
          lost,
        );
        vscode.window.setStatusBarMessage(message, 6000);
      }
      return 'opened';
    } catch (error) {
      notices.error(error);
      return isCancelled(error) ? 'cancelled' : 'failed';
    }
  }

  /** Writes the translation that is shown into a file; `target` undefined asks where. */
  async save(target?: unknown): Promise<Outcome> {
    const { notices } = this.deps;
    const document = vscode.window.activeTextEditor?.document;
    const view =
      document && (this.viewOf(document) ?? this.views.get(viewUri(document).toString()));
    if (!view) {
      notices.info(vscode.l10n.t('Translate a document to the side first.'));
      return 'nothingToDo';
    }
    const file = target instanceof vscode.Uri ? target : await askForFile(view);
    if (!file) return 'cancelled';
    try {
      await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(view.text));
    } catch (error) {
      notices.error(error);
      return 'failed';
    }
    await vscode.window.showTextDocument(file, { preview: false });
    return 'opened';
  }

  dispose(): void {
    for (const view of this.views.values()) stop(view);
    this.views.clear();
    this.store.dispose();
  }

  private create(source: vscode.TextDocument): View {
    const uri = viewUri(source);
    const kind = source.languageId === 'markdown' ? 'markdown' : 'plain';
    const texts = new DocumentText(this.deps.service, kind);
    const view = {
      source,
      uri,
      texts,
      text: source.getText(),
      run: undefined,
      awaited: false,
      timer: undefined,
    };
    this.views.set(uri.toString(), view);
    return view;
  }

  private async update(
    view: View,
    priority: 'command' | 'background',
    onProgress: (done: number, total: number) => void = () => undefined,
  ): Promise<{ readonly lost: number }> {
    view.run?.abort();
    const run = new AbortController();
    view.run = run;
    view.awaited = priority === 'command';
    const settings = readTranslationSettings(view.source);
    const request = {
      target: settings.targetLanguage,
      protectPatterns: usablePatterns(settings.protectPatterns, this.deps.notices),
      beam: settings.beam,
      priority,
    };
    let lost = 0;
    let pause = 0;
    let shown = 0;
    const show = (): void => {
      const start = performance.now();
      const document = view.texts.assemble();
      if (document && document.text !== view.text && view.run === run) {
        view.text = document.text;
        this.change.fire(view.uri);
      }
      lost = document?.lost ?? 0;
      shown = performance.now();
      pause = Math.max(SHOW_INTERVAL_MS, (shown - start) / SHARE);
    };
    try {
      await view.texts.update(view.source.getText(), request, run.signal, (done, total) => {
        if (done > 0 && performance.now() - shown >= pause) show();
        onProgress(done, total);
      });
    } finally {
      show();
      if (view.run === run) view.run = undefined;
    }
    return { lost };
  }

  private follow(document: vscode.TextDocument): void {
    const view = this.views.get(viewUri(document).toString());
    if (!view) return;
    view.source = document;
    clearTimeout(view.timer);
    const pause = Math.max(DEBOUNCE_MS, view.texts.planMilliseconds / SHARE);
    view.timer = setTimeout(() => {
      if (view.run && view.awaited) {
        this.follow(document);
        return;
      }
      this.update(view, 'background').catch((error: unknown) => {
        if (!isCancelled(error)) this.deps.logger.log('warn', `Document view: ${String(error)}`);
      });
    }, pause);
  }

  private close(document: vscode.TextDocument): void {
    const view = this.viewOf(document);
    if (!view) return;
    stop(view);
    this.views.delete(view.uri.toString());
  }

  /** The view whose translation the document is. */
  private viewOf(document: vscode.TextDocument): View | undefined {
    return document.uri.scheme === DOCUMENT_SCHEME
      ? this.views.get(document.uri.toString())
      : undefined;
  }

  private partnerOf(document: vscode.TextDocument): string | undefined {
    const view = this.viewOf(document);
    if (view) return view.source.uri.toString();
    const uri = viewUri(document).toString();
    return this.views.has(uri) ? uri : undefined;
  }
}

function stop(view: View): void {
  clearTimeout(view.timer);
  view.run?.abort();
}

/** The source's own name, which gives the translation its highlighting; the query tells sources of one name apart. */
function viewUri(source: vscode.TextDocument): vscode.Uri {
  const name = source.uri.path.split('/').at(-1) || 'Headlight';
  const extension =
    source.languageId === 'markdown' && !/\.(?:md|markdown)$/iu.test(name) ? '.md' : '';
  return vscode.Uri.from({
    scheme: DOCUMENT_SCHEME,
    path: `/${vscode.l10n.t('Translation of {0}', name)}${extension}`,
    query: source.uri.toString(),
  });
}

function askForFile(view: View): Thenable<vscode.Uri | undefined> {
  const { source, texts } = view;
  const name = source.uri.path.split('/').at(-1) || 'Headlight.md';
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const file = `${stem}.${texts.target}${extension}`;
  // Beside the source, if files can be written there: a cell of a notebook, an old revision and what was never saved have no place.
  const { scheme } = source.uri;
  const folder =
    scheme === 'file' || vscode.workspace.fs.isWritableFileSystem(scheme) === true
      ? vscode.Uri.joinPath(source.uri, '..')
      : vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, file) } : {}),
    title: vscode.l10n.t('Save Translation As'),
  });
}
