import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../common/disposable';
import type { AttentionRun } from '../../protocol/attentionRun';
import type { HostToPanel, PanelToHost } from '../../protocol/panel';
import { parsePanelMessage } from '../../protocol/panelGuards';
import type { PanelState } from '../../protocol/panelState';
import { panelStrings } from '../attentionStrings';
import { readPanelSettings } from '../settings';
import { bundleFolder, panelPage } from './page';

export interface PanelEvents {
  readonly message: (message: Exclude<PanelToHost, { type: 'ready' }>) => void;
  readonly hidden: () => void;
  readonly closed: () => void;
}

export type PanelNotice = Omit<Extract<HostToPanel, { type: 'message' }>, 'type'>;

/**
 * The webview: its page, and what is sent to it once it says that it is ready. It is not kept while it is hidden: it is
 * loaded afresh when it comes back, and gets everything again.
 */
export class AttentionPanel implements Disposable {
  private readonly store = new DisposableStore();
  private run: AttentionRun | undefined;
  private state: PanelState | undefined;
  private notice: PanelNotice | undefined;
  private ready = false;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    extensionUri: vscode.Uri,
    private readonly events: PanelEvents,
  ) {
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [bundleFolder(extensionUri)] };
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
    this.store.add(webview.onDidReceiveMessage((message) => this.onMessage(message)));
    this.store.add(panel.onDidDispose(() => this.events.closed()));
    this.store.add(panel.onDidChangeViewState(() => this.onViewState()));
    this.store.add(vscode.workspace.onDidChangeConfiguration(() => this.sendSettings()));
    webview.html = panelPage(webview, extensionUri);
  }

  get column(): vscode.ViewColumn | undefined {
    return this.panel.viewColumn;
  }

  /** `state`: how it was shown before, where the page cannot know. */
  show(run: AttentionRun, state?: PanelState): void {
    this.run = run;
    this.state = state;
    this.notice = undefined;
    if (!this.panel.visible) this.panel.reveal(undefined, true);
    this.sendAll();
  }

  tell(notice: PanelNotice): void {
    this.notice = notice;
    if (this.ready) this.send({ type: 'message', ...notice });
  }

  /** To a page that is not there it is not sent, and no later one needs it. */
  send(message: HostToPanel): void {
    if (this.ready) void this.panel.webview.postMessage(message);
  }

  dispose(): void {
    this.store.dispose();
    this.panel.dispose();
  }

  private onMessage(value: unknown): void {
    const message = parsePanelMessage(value, this.run);
    if (!message) return;
    if (message.type !== 'ready') return this.events.message(message);
    this.ready = true;
    this.send({ type: 'strings', strings: panelStrings(), locale: vscode.env.language });
    this.sendSettings();
    this.sendAll();
  }

  private onViewState(): void {
    if (this.panel.visible) return;
    this.ready = false;
    this.events.hidden();
  }

  private sendSettings(): void {
    this.send({ type: 'settings', ...readPanelSettings() });
  }

  private sendAll(): void {
    const { run, state, notice } = this;
    if (!this.ready) return;
    if (run) this.send({ type: 'run', run, ...(state ? { state } : {}) });
    // From now on the page keeps it itself.
    this.state = undefined;
    if (notice) this.send({ type: 'message', ...notice });
  }
}
