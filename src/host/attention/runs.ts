import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../common/disposable';
import type { AttentionRun } from '../../protocol/attentionRun';
import type { Anchor } from './anchor';
import { ShownRun } from './shown';

/** As many as the engine keeps: a panel that is opened again shows what it showed, without the model. */
const MOST_RUNS = 3;

/** The last runs, whose places follow all edits, also those made while a run was on its way. */
export class Runs implements Disposable {
  private readonly store = new DisposableStore();
  private readonly pending = new Set<Anchor>();
  private kept: ShownRun[] = [];

  /** `moved` is called after places have changed. */
  constructor(moved: () => void) {
    const { workspace } = vscode;
    const each = (what: (followed: Anchor | ShownRun) => void): void => {
      [...this.pending, ...this.kept].forEach(what);
      moved();
    };
    this.store.add(
      workspace.onDidChangeTextDocument((event) => each((followed) => followed.follow(event))),
    );
    this.store.add(
      workspace.onDidCloseTextDocument((document) => each((followed) => followed.close(document))),
    );
    this.store.add(
      workspace.onDidOpenTextDocument((document) => each((followed) => followed.open(document))),
    );
  }

  /** Follows the place of a text while it is inspected. */
  async track(anchor: Anchor, inspect: () => Promise<AttentionRun>): Promise<ShownRun> {
    this.pending.add(anchor);
    try {
      const shown = new ShownRun(await inspect(), anchor);
      this.kept = [shown, ...this.kept.filter(({ run }) => run.runId !== shown.run.runId)];
      this.kept.splice(MOST_RUNS);
      return shown;
    } finally {
      this.pending.delete(anchor);
    }
  }

  get(runId: number): ShownRun | undefined {
    return this.kept.find(({ run }) => run.runId === runId);
  }

  dispose(): void {
    this.store.dispose();
  }
}
