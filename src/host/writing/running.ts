import { throwIfAborted } from '../../common/async';
import { withDelayedProgress } from '../progress';
import type { Progress } from '../translation';

/** The commands of this part that are under way, so that one command cancels them at any of their stages. */
export class Running {
  private readonly all = new Set<AbortController>();

  /** As withDelayedProgress; rejects with `cancelled` even if the last stage did not notice. */
  async run<T>(
    title: string,
    task: (signal: AbortSignal, report: (progress: Progress) => void) => Promise<T>,
    describe?: (done: number, total: number) => string,
  ): Promise<T> {
    const abort = new AbortController();
    this.all.add(abort);
    try {
      const result = await withDelayedProgress(
        title,
        (signal, report) => task(AbortSignal.any([signal, abort.signal]), report),
        describe,
      );
      throwIfAborted(abort.signal);
      return result;
    } finally {
      this.all.delete(abort);
    }
  }

  /** Tells how many there were. */
  cancelAll(): number {
    for (const abort of this.all) abort.abort();
    return this.all.size;
  }
}
