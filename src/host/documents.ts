import * as vscode from 'vscode';
import type { Disposable } from '../common/disposable';
import { RESULT_SCHEME } from './ids';

/** Read-only documents that the host makes: results beside their source, and the diagnostics. */
export class ResultDocuments implements vscode.TextDocumentContentProvider, Disposable {
  private readonly contents = new Map<string, string>();
  private readonly change = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChange = this.change.event;

  constructor() {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(RESULT_SCHEME, this),
      vscode.workspace.onDidCloseTextDocument((document) =>
        this.contents.delete(document.uri.toString()),
      ),
      this.change,
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.contents.get(uri.toString()) ?? '';
  }

  /**
   * Shows the text under a file name, whose extension gives the language; the same name again shows the new text in the
   * same editor. Beside, the focus stays where it is.
   */
  async show(name: string, text: string, where: 'beside' | 'active'): Promise<vscode.Uri> {
    const uri = vscode.Uri.from({ scheme: RESULT_SCHEME, path: `/${name}` });
    const known = this.contents.get(uri.toString());
    this.contents.set(uri.toString(), text);
    if (known !== undefined && known !== text) this.change.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), {
      viewColumn: where === 'beside' ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
      preserveFocus: where === 'beside',
      preview: true,
    });
    return uri;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.contents.clear();
  }
}
