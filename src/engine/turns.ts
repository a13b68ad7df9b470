import { onAbort } from '../common/async';
import { cancelled } from '../common/errors';

interface Waiter {
  /** Source tokens the request still has to translate. */
  readonly work: number;
  /** How often another request went first. */
  passed: number;
  readonly go: () => void;
}

/**
 * Whose batch the device computes next: one at a time (two sessions on one GPU must not run together, on the CPU they would
 * only slow each other down), the request with the least work left first, so that a hover does not wait for a document.
 * Being passed over halves a request's claimed work: a stream of hovers delays a document, it does not stop it.
 */
export class Turns {
  private taken = false;
  private readonly waiters: Waiter[] = [];

  /** Resolves with the function that ends the turn. Rejects with `cancelled` if the signal fires while waiting. */
  take(work: number, signal?: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(cancelled());
        return;
      }
      let detach = (): void => undefined;
      const waiter: Waiter = {
        work,
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
      if (!best || claim(waiter) < claim(best)) best = waiter;
    }
    if (!best) return;
    this.taken = true;
    this.waiters.splice(this.waiters.indexOf(best), 1);
    for (const waiter of this.waiters) waiter.passed++;
    best.go();
  }
}

function claim(waiter: Waiter): number {
  return waiter.work / 2 ** waiter.passed;
}
