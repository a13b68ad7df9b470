import * as vscode from 'vscode';

/** Lines that the editor leaves free above what it reveals, at most: those of its sticky scroll. */
const MOST_STICKY = 10;

/** An editor on its way to where its partner is. */
interface Move {
  readonly from: number;
  readonly to: number;
}

/**
 * Scrolls two editors in step, whose documents have the same lines: what is scrolled leads, the other follows.
 * `partnerOf` gives the address of the document that goes with one.
 */
export function followScrolling(
  partnerOf: (document: vscode.TextDocument) => string | undefined,
): vscode.Disposable {
  /** Followers: the events that they send on their way lead nobody. */
  const moves = new WeakMap<vscode.TextEditor, Move>();
  const tops = new WeakMap<vscode.TextEditor, number>();
  /** How far above the line that was to be at the top the editor began; learned from the first move. */
  let sticky = 0;

  const lead = (editor: vscode.TextEditor, top: number): void => {
    const partner = partnerOf(editor.document);
    if (partner === undefined) return;
    for (const other of vscode.window.visibleTextEditors) {
      if (other === editor || other.document.uri.toString() !== partner) continue;
      move(other, top);
    }
  };
  const move = (editor: vscode.TextEditor, top: number): void => {
    const from = topOf(editor) ?? 0;
    if (from === top) return;
    tops.set(editor, from);
    moves.set(editor, { from, to: top });
    const line = Math.min(top === 0 ? 0 : top + sticky, editor.document.lineCount - 1);
    editor.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.AtTop);
  };

  return vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
    const top = topOf(textEditor);
    if (top === undefined || tops.get(textEditor) === top) return;
    tops.set(textEditor, top);
    const own = moves.get(textEditor);
    if (!own || !isOnItsWay(own, top)) {
      moves.delete(textEditor);
      lead(textEditor, top);
      return;
    }
    const short = own.to - top;
    if (Math.abs(short) > MOST_STICKY) return;
    moves.delete(textEditor);
    if (sticky === 0 && short > 0 && !showsEnd(textEditor)) {
      sticky = short;
      move(textEditor, own.to);
    }
  });
}

function topOf({ visibleRanges }: vscode.TextEditor): number | undefined {
  return visibleRanges[0]?.start.line;
}

/** The end of a document cannot be scrolled to the top everywhere. */
function showsEnd({ visibleRanges, document }: vscode.TextEditor): boolean {
  return (visibleRanges.at(-1)?.end.line ?? 0) >= document.lineCount - 1;
}

function isOnItsWay({ from, to }: Move, top: number): boolean {
  return top >= Math.min(from, to) - MOST_STICKY && top <= Math.max(from, to) + MOST_STICKY;
}
