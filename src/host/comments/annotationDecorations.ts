import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import type { PlacedLine } from './placedLines';

/** Lines of translation behind the lines of the document, where they move nothing. The editor moves them with edits. */
export class AnnotationDecorations implements Disposable {
  private readonly type = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    after: {
      margin: '0 0 0 3ch',
      color: new vscode.ThemeColor('editorCodeLens.foreground'),
    },
  });

  render(document: vscode.TextDocument, lines: readonly PlacedLine[]): void {
    const options = lines
      .filter(({ position }) => position.line < document.lineCount)
      .map(({ position, text }) => {
        const { end } = document.lineAt(position.line).range;
        return {
          range: new vscode.Range(end, end),
          renderOptions: { after: { contentText: text } },
        };
      });
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === document) editor.setDecorations(this.type, options);
    }
  }

  dispose(): void {
    this.type.dispose();
  }
}
