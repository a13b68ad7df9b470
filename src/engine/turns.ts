import { onAbort } from '../common/async';
import { cancelled } from '../common/errors';
import type { Priority } from '../protocol/engine';

interface Waiter {
  /** Source tokens the request still has to translate, weighed by its priority. */
  readonly work: number;
  readonly background: boolean;
  /** How often another request went first. */
  passed: number;
  readonly go: () => void;
}

/**
 * What a token of work counts. Someone is looking at a hover: a whole paragraph of it counts less than a title of a command.
 * Finite, so that by being passed over a document still comes before the next hover: 1000 tokens after about 14 of them.
 */
const WEIGHTS: Readonly<Record<Priority, number>> = { hover: 1 / 256, command: 1, background: 1 };

/**
 * Whose batch the device computes next: one at a time (two sessions on one GPU must not run together, on the CPU they would
 * only slow each other down), the request with the least work left first, so that a hover does not wait for a document.
 * Being passed over halves a request's claimed work: a stream of hovers delays a document, it does not stop it.
 * What runs in the background goes only when nothing else waits: nobody waits for it, so it may wait for ever.
 */
export class Turns {
  private taken = false;
  private readonly waiters: Waiter[] = [];

  /** Resolves with the function that ends the turn. Rejects with `cancelled` if the signal fires while waiting. */
  take(work: number, signal?: AbortSignal, priority: Priority = 'command'): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(cancelled());
        return;
      }
      let detach = (): void => undefined;
      const waiter: Waiter = {
        work: work * WEIGHTS[priority],
        background: priority === 'background',
        passed: 0,
        go: () => {
          detach();
          resolve(this.turn());
        },
      };
      detach = onAbort(signal, () => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        reject(cancelled());
      });
      this.waiters.push(waiter);
      this.next();
    });
  }

  private turn(): () => void {
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.taken = false;
      this.next();
    };
  }

  private next(): void {
    if (this.taken) return;
    let best: Waiter | undefined;
    for (const waiter of this.waiters) {
      if (!best || goesBefore(waiter, best)) best = waiter;
    }
    if (!best) return;
    this.taken = true;
    this.waiters.splice(this.waiters.indexOf(best), 1);
    for (const waiter of this.waiters) waiter.passed++;
    best.go();
  }
}

function goesBefore(a: Waiter, b: Waiter): boolean {
  if (a.background !== b.background) return b.background;
  return claim(a) < claim(b);
}

function claim(waiter: Waiter): number {
  return waiter.work / 2 ** waiter.passed;
}
