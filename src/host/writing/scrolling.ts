import * as vscode from 'vscode';

/**
 * Scrolls two editors in step, whose documents have the same lines: what is scrolled leads, the other follows.
 * `partnerOf` gives the address of the document that goes with one.
 */
export function followScrolling(
  partnerOf: (document: vscode.TextDocument) => string | undefined,
): vscode.Disposable {
  /** Where an editor was put by us: the event that it sends for that leads nobody. */
  const placed = new WeakMap<vscode.TextEditor, number>();
  return vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor, visibleRanges }) => {
    const top = visibleRanges[0]?.start.line;
    if (top === undefined) return;
    if (placed.get(textEditor) === top) {
      placed.delete(textEditor);
      return;
    }
    const partner = partnerOf(textEditor.document);
    if (partner === undefined) return;
    for (const other of vscode.window.visibleTextEditors) {
      if (other === textEditor || other.document.uri.toString() !== partner) continue;
      const line = Math.min(top, other.document.lineCount - 1);
      if (other.visibleRanges[0]?.start.line === line) continue;
      placed.set(other, line);
      other.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.AtTop);
    }
  });
}
