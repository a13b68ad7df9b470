import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../common/disposable';
import type { Marks as MarkMessage } from '../../protocol/panel';
import { MOST_INDICES, type PanelSide } from '../../protocol/panelState';
import type { AnchorState } from './anchor';
import { Latest, UPDATE_MILLISECONDS } from './latest';
import { Marks } from './marks';
import type { ShownRun } from './shown';
import { tokensAt, tokensIn } from './tokens';

export interface LinkEvents {
  /** Source tokens under the editor's mouse or cursor. */
  readonly cursor: (runId: number, indices: readonly number[]) => void;
  /** The source text was edited, its document was closed or came back. */
  readonly state: (state: AnchorState) => void;
}

/** Both directions between the panel and the editors, for the run that is shown. */
export class EditorLink implements Disposable, vscode.HoverProvider {
  private readonly store = new DisposableStore();
  private readonly marks = this.store.add(
    new Marks((document, side, index) => this.shown?.place(document, side, index)),
  );
  /** Of each side, for both come together. */
  private readonly hovers = { source: this.latestMark(), target: this.latestMark() };
  private readonly cursors = this.store.add(
    new Latest<readonly number[]>(UPDATE_MILLISECONDS, (indices) => this.sendCursor(indices)),
  );
  private shown: ShownRun | undefined;
  private state: AnchorState = 'linked';
  private sent = '';

  constructor(private readonly events: LinkEvents) {
    const { window, languages } = vscode;
    const { store } = this;
    // The editor tells nobody where the mouse is; but it asks for a hover there, and nothing is shown for no answer.
    store.add(languages.registerHoverProvider('*', this));
    store.add(window.onDidChangeTextEditorSelection((event) => this.onSelection(event)));
  }

  show(shown: ShownRun | undefined): void {
    this.shown = shown;
    this.state = shown?.source.state ?? 'linked';
    this.sent = '';
    this.clear();
  }

  mark(message: MarkMessage): void {
    this.hovers[message.side].push(message);
  }

  pin(message: MarkMessage): void {
    this.marks.pin(message);
  }

  /** Places have changed: marks move along, or go for good. */
  refresh(): void {
    if (!this.shown) return;
    const { state } = this.shown.source;
    const news = state !== this.state;
    this.state = state;
    if (news && state === 'changed') this.clear();
    else this.marks.draw();
    if (news) this.events.state(state);
  }

  /** The panel is hidden: no pointer is over it. */
  rest(): void {
    this.cancelHovers();
    this.marks.clear('hovered');
  }

  /** Scrolls to the token, in every editor that shows its document, else in one opened in `column`; the focus stays. */
  async reveal(side: PanelSide, index: number, viewColumn: vscode.ViewColumn): Promise<void> {
    const anchor = this.shown?.anchor(side);
    const current = anchor?.current();
    const range = current && this.shown?.place(current.document, side, index);
    if (!current || !range) return;
    const visible = vscode.window.visibleTextEditors.filter(
      ({ document }) => document === current.document,
    );
    const editors =
      visible.length > 0
        ? visible
        : [
            await vscode.window.showTextDocument(current.document, {
              viewColumn,
              preserveFocus: true,
            }),
          ];
    for (const editor of editors) {
      editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): null {
    this.point(document, new vscode.Range(position, position));
    return null;
  }

  dispose(): void {
    this.store.dispose();
  }

  private latestMark(): Latest<MarkMessage> {
    return this.store.add(
      new Latest<MarkMessage>(UPDATE_MILLISECONDS, (message) => this.marks.hover(message)),
    );
  }

  private cancelHovers(): void {
    for (const hover of Object.values(this.hovers)) hover.cancel();
  }

  private clear(): void {
    this.cancelHovers();
    this.cursors.cancel();
    this.marks.clear('all');
  }

  private onSelection({ textEditor, selections }: vscode.TextEditorSelectionChangeEvent): void {
    const [selection] = selections;
    if (selection) this.point(textEditor.document, selection);
  }

  private point(document: vscode.TextDocument, range: vscode.Range): void {
    const { shown } = this;
    if (!shown?.source.isIn(document)) return;
    const start = shown.source.offsetAt(range.start);
    const end = shown.source.offsetAt(range.end);
    const { source } = shown.run;
    if (start === undefined || end === undefined) this.cursors.push([]);
    else this.cursors.push(range.isEmpty ? tokensAt(source, start) : tokensIn(source, start, end));
  }

  private sendCursor(indices: readonly number[]): void {
    const { shown } = this;
    const key = indices.join();
    if (!shown || key === this.sent) return;
    this.sent = key;
    this.events.cursor(shown.run.runId, indices.slice(0, MOST_INDICES));
  }
}
