import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../common/disposable';
import { AppError, isCancelled } from '../common/errors';
import type { PanelToken } from '../protocol/attentionRun';
import type { PanelToHost } from '../protocol/panel';
import { AttentionPanel } from './attentionPanel';
import { PANEL_TYPE } from './ids';
import type { Notices } from './notices';
import { usablePatterns } from './patterns';
import { withDelayedProgress } from './progress';
import { readTranslationSettings } from './settings';
import { collectTargets, type Target } from './targets';
import type { TranslationService } from './translation';

/** Where the sentence shown stands. Marks are set only while the document is what it was. */
interface Anchor {
  readonly document: vscode.TextDocument;
  readonly version: number;
  readonly target: Target;
  readonly tokens: readonly PanelToken[];
}

/** The attention command: one panel, showing the sentence that was asked for last. */
export class Attention implements Disposable, vscode.WebviewPanelSerializer {
  private readonly store = new DisposableStore();
  private readonly mark = this.store.add(
    vscode.window.createTextEditorDecorationType({
      backgroundColor: new vscode.ThemeColor('editor.findMatchHighlightBackground'),
      border: '1px solid',
      borderColor: new vscode.ThemeColor('focusBorder'),
    }),
  );
  private panel: AttentionPanel | undefined;
  private anchor: Anchor | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly service: TranslationService,
    private readonly notices: Notices,
  ) {
    this.store.add(vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, this));
    this.store.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.onChange(document)),
    );
  }

  async show(): Promise<'shown' | 'nothingToDo' | 'cancelled' | 'failed'> {
    const editor = vscode.window.activeTextEditor;
    const [target] = editor ? collectTargets(editor.document, [editor.selection]) : [];
    if (!editor || !target) return this.askForSentence();
    const { document } = editor;
    const { version } = document;
    try {
      const settings = readTranslationSettings(document);
      const request = {
        text: target.text,
        target: settings.targetLanguage,
        protectPatterns: usablePatterns(settings.protectPatterns, this.notices),
        beam: settings.beam,
      };
      const run = await withDelayedProgress(vscode.l10n.t('Reading attention'), (signal) =>
        this.service.inspect(request, signal),
      );
      this.clearMarks();
      this.anchor = { document, version, target, tokens: run.source };
      this.panel ??= this.create();
      this.panel.show(run);
      return 'shown';
    } catch (error) {
      if (lacks(error, 'sentence')) return this.askForSentence();
      this.notices.error(error);
      return isCancelled(error) ? 'cancelled' : 'failed';
    }
  }

  /** After a reload of the window: the place is restored; the model is not run unasked. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.panel?.dispose();
    this.panel = this.adopt(panel);
    this.askForRun();
    return Promise.resolve();
  }

  dispose(): void {
    this.panel?.dispose();
    this.store.dispose();
  }

  private askForSentence(): 'nothingToDo' {
    this.notices.info(vscode.l10n.t('Open a text and put the cursor in a sentence.'));
    return 'nothingToDo';
  }

  private askForRun(): void {
    this.panel?.tell(vscode.l10n.t('Run Show Attention on a sentence to fill this panel again.'));
  }

  private create(): AttentionPanel {
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    return this.adopt(
      vscode.window.createWebviewPanel(PANEL_TYPE, vscode.l10n.t('Attention'), column),
    );
  }

  private adopt(panel: vscode.WebviewPanel): AttentionPanel {
    return new AttentionPanel(panel, this.extensionUri, {
      query: (query) => this.service.attentionQuery(query),
      place: (message) => this.place(message),
      // An engine that was started anew knows the run no longer.
      error: (error) => (lacks(error, 'run') ? this.askForRun() : this.notices.error(error)),
      closed: () => {
        this.clearMarks();
        this.panel = undefined;
      },
    });
  }

  private place(message: Extract<PanelToHost, { type: 'mark' | 'reveal' }>): void {
    this.clearMarks();
    if (message.side !== 'source') return;
    const { type } = message;
    const range = this.rangeOf(type === 'mark' ? (message.indices[0] ?? -1) : message.index);
    if (!range || !this.anchor) return;
    for (const editor of this.editors()) {
      editor.setDecorations(this.mark, [range]);
      if (type === 'reveal') {
        editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
      }
    }
  }

  /** The token's characters in the document, unless it has none or the document is another by now. */
  private rangeOf(index: number): vscode.Range | undefined {
    const { anchor } = this;
    const token = anchor?.tokens[index];
    if (!anchor || !token || token.start < 0 || anchor.document.version !== anchor.version)
      return undefined;
    const { document, target } = anchor;
    const from = document.offsetAt(target.range.start);
    return new vscode.Range(
      document.positionAt(from + token.start),
      document.positionAt(from + token.end),
    );
  }

  private onChange(document: vscode.TextDocument): void {
    if (this.anchor?.document !== document || this.anchor.version === document.version) return;
    this.clearMarks();
    this.anchor = undefined;
    this.panel?.tell(
      vscode.l10n.t('The text has changed since; run Show Attention again to see it as it is.'),
    );
  }

  private clearMarks(): void {
    for (const editor of this.editors()) editor.setDecorations(this.mark, []);
  }

  private editors(): vscode.TextEditor[] {
    const document = this.anchor?.document;
    return vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
  }
}

/** The engine has no such sentence or run: nothing is wrong with a setting, which is what its code says of other cases. */
function lacks(error: unknown, what: 'sentence' | 'run'): boolean {
  return error instanceof AppError && error.data['what'] === what;
}
