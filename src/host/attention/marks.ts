import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../common/disposable';
import type { Marks as MarkMessage } from '../../protocol/panel';
import type { PanelSide } from '../../protocol/panelState';
import { WEIGHT_COLOURS } from '../ids';

/** Steps by token. */
type Steps = ReadonlyMap<number, number>;
type BySide = Record<PanelSide, Steps>;

const none = (): BySide => ({ source: new Map(), target: new Map() });

/** Gives the ranges of a token of a side in an editor's document; none where nothing may be marked. */
export type Place = (
  document: vscode.TextDocument,
  side: PanelSide,
  index: number,
) => vscode.Range | undefined;

/**
 * The marks in the editors, in five strengths. What is pinned stays while what the pointer is over comes and goes; of two
 * marks of one token the stronger is seen.
 */
export class Marks implements Disposable {
  private readonly store = new DisposableStore();
  private readonly decorations = WEIGHT_COLOURS.map((colour) =>
    this.store.add(
      vscode.window.createTextEditorDecorationType({
        backgroundColor: new vscode.ThemeColor(colour),
        borderRadius: '2px',
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      }),
    ),
  );
  private hovered = none();
  /** Whether there may be marks in an editor: without, every key typed anywhere would set none anew. */
  private drawn = false;
  private pinned = none();

  constructor(private readonly place: Place) {
    // An editor that was split or opened later shows what its neighbours show.
    this.store.add(vscode.window.onDidChangeVisibleTextEditors(() => this.draw()));
  }

  hover({ side, indices, steps }: MarkMessage): void {
    this.hovered[side] = stepsOf(indices, steps);
    this.draw();
  }

  pin({ side, indices, steps }: MarkMessage): void {
    this.pinned[side] = stepsOf(indices, steps);
    this.draw();
  }

  clear(which: 'hovered' | 'all'): void {
    this.hovered = none();
    if (which === 'all') this.pinned = none();
    this.draw();
  }

  /** Sets every decoration anew, at the places of now. */
  draw(): void {
    const marked = [...this.merged('source'), ...this.merged('target')];
    if (marked.length === 0 && !this.drawn) return;
    this.drawn = marked.length > 0;
    for (const editor of vscode.window.visibleTextEditors) {
      const ranges: vscode.Range[][] = this.decorations.map(() => []);
      for (const [side, index, step] of marked) {
        const range = this.place(editor.document, side, index);
        if (range) ranges[step - 1]?.push(range);
      }
      this.decorations.forEach((type, step) => editor.setDecorations(type, ranges[step] ?? []));
    }
  }

  dispose(): void {
    this.store.dispose();
  }

  private merged(side: PanelSide): [PanelSide, number, number][] {
    const [hovered, pinned] = [this.hovered[side], this.pinned[side]];
    return [...new Set([...hovered.keys(), ...pinned.keys()])].map((index) => [
      side,
      index,
      Math.max(hovered.get(index) ?? 0, pinned.get(index) ?? 0),
    ]);
  }
}

function stepsOf(indices: readonly number[], steps: readonly number[]): Steps {
  return new Map(indices.map((index, at) => [index, steps[at] ?? 1]));
}
