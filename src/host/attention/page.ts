import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { panelHtml } from './html';

/** The one folder that the page may load from. */
export function bundleFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist');
}

export function panelPage(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const file = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(bundleFolder(extensionUri), name)).toString();
  return panelHtml({
    nonce: randomBytes(16).toString('base64'),
    source: webview.cspSource,
    script: file('webview.js'),
    style: file('panel.css'),
    language: vscode.env.language,
    title: vscode.l10n.t('Attention'),
  });
}
