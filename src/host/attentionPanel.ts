import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../common/disposable';
import type { AttentionAnswer, AttentionQuery } from '../protocol/attentionQueries';
import type { AttentionRun } from '../protocol/attentionRun';
import type { HostToPanel, PanelToHost } from '../protocol/panel';
import { parsePanelMessage } from '../protocol/panelGuards';
import { panelStrings } from './attentionStrings';

export interface PanelEvents {
  readonly query: (query: AttentionQuery) => Promise<AttentionAnswer>;
  readonly place: (message: Extract<PanelToHost, { type: 'mark' | 'reveal' }>) => void;
  readonly error: (error: unknown) => void;
  readonly closed: () => void;
}

/** The webview: its page, and what is sent to it once it says that it is ready. */
export class AttentionPanel implements Disposable {
  private readonly store = new DisposableStore();
  private run: AttentionRun | undefined;
  private notice: string | undefined;
  private ready = false;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    extensionUri: vscode.Uri,
    private readonly events: PanelEvents,
  ) {
    const bundle = vscode.Uri.joinPath(extensionUri, 'dist');
    panel.webview.options = { enableScripts: true, localResourceRoots: [bundle] };
    panel.webview.html = page(panel.webview, extensionUri);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
    this.store.add(panel.webview.onDidReceiveMessage((message) => this.onMessage(message)));
    this.store.add(panel.onDidDispose(() => this.events.closed()));
  }

  show(run: AttentionRun): void {
    this.run = run;
    this.notice = undefined;
    this.panel.reveal(undefined, true);
    this.sendAll();
  }

  tell(notice: string): void {
    this.notice = notice;
    if (this.ready) this.send({ type: 'message', text: notice, kind: 'info' });
  }

  dispose(): void {
    this.store.dispose();
    this.panel.dispose();
  }

  private onMessage(value: unknown): void {
    const message = parsePanelMessage(value, this.run);
    if (!message) return;
    switch (message.type) {
      case 'ready':
        // A panel that was hidden is loaded afresh when it comes back: it gets everything again.
        this.ready = true;
        this.send({ type: 'strings', strings: panelStrings(), locale: vscode.env.language });
        this.sendAll();
        break;
      case 'query':
        void this.answer(message);
        break;
      case 'mark':
      case 'reveal':
        this.events.place(message);
        break;
    }
  }

  private async answer(message: Extract<PanelToHost, { type: 'query' }>): Promise<void> {
    const { type: _type, seq, ...query } = message;
    try {
      const { runId } = query;
      this.send({ type: 'answer', seq, runId, ...(await this.events.query(query)) });
    } catch (error) {
      this.events.error(error);
    }
  }

  private sendAll(): void {
    if (!this.ready) return;
    if (this.run) this.send({ type: 'run', run: this.run });
    if (this.notice !== undefined) this.send({ type: 'message', text: this.notice, kind: 'info' });
  }

  private send(message: HostToPanel): void {
    void this.panel.webview.postMessage(message);
  }
}

/** Nothing may be loaded but our own script and style, and nothing at all from the network. */
function page(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (...path: string[]) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html>
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${file('dist', 'panel.css')}">
  </head>
  <body>
    <script nonce="${nonce}" src="${file('dist', 'webview.js')}"></script>
  </body>
</html>`;
}
