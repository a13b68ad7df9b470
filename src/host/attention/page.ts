import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The one folder that the page may load from. */
export function bundleFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist');
}

/**
 * The panel's page. Nothing may be loaded but its own script and style, and nothing at all from the network; the nonce is
 * 128 random bits, made anew each time the page is. Pictures are the exports that the page itself draws, the worker's
 * source is inside the script.
 */
export function panelPage(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(bundleFolder(extensionUri), name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} blob: data:`,
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="${vscode.env.language}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${vscode.l10n.t('Attention')}</title>
    <link rel="stylesheet" href="${file('panel.css')}">
  </head>
  <body>
    <script nonce="${nonce}" src="${file('webview.js')}"></script>
  </body>
</html>`;
}
