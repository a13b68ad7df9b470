import * as vscode from 'vscode';
import type { Progress } from './translation';

/** Shorter waits are not worth a notification that flashes up and goes. */
const PROGRESS_DELAY_MS = 400;

/**
 * Runs the task at once; shows a notification with a cancel button only if it takes longer than the delay. `describe`
 * tells how far it is.
 */
export async function withDelayedProgress<T>(
  title: string,
  task: (signal: AbortSignal, report: (progress: Progress) => void) => Promise<T>,
  describe: (done: number, total: number) => string = sentencesDone,
): Promise<T> {
  const abort = new AbortController();
  let latest: Progress | undefined;
  let show: ((progress: Progress) => void) | undefined;
  const outcome = task(abort.signal, (progress) => {
    latest = progress;
    show?.(progress);
  });
  const timer = setTimeout(() => {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title,
      cancellable: true,
    };
    void vscode.window.withProgress(options, async (notification, token) => {
      token.onCancellationRequested(() => abort.abort());
      let shown = 0;
      show = ({ done, total }) => {
        if (total === 0) return;
        const percent = (100 * done) / total;
        notification.report({
          message: describe(done, total),
          increment: percent - shown,
        });
        shown = percent;
      };
      if (latest) show(latest);
      // The notification lives as long as the task; what became of it is told elsewhere.
      await outcome.then(
        () => undefined,
        () => undefined,
      );
    });
  }, PROGRESS_DELAY_MS);
  try {
    return await outcome;
  } finally {
    clearTimeout(timer);
  }
}

function sentencesDone(done: number, total: number): string {
  return vscode.l10n.t('{0} of {1} sentences', done, total);
}
