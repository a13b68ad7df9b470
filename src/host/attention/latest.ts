import type { Disposable } from '../../common/disposable';

/** Passes values on at most once an interval: the first at once, then the latest that has come meanwhile. */
export class Latest<T> implements Disposable {
  private waiting: { readonly value: T } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly milliseconds: number,
    private readonly pass: (value: T) => void,
  ) {}

  push(value: T): void {
    if (this.timer !== undefined) {
      this.waiting = { value };
      return;
    }
    this.timer = setTimeout(() => this.next(), this.milliseconds);
    this.pass(value);
  }

  /** Forgets what is waiting. */
  cancel(): void {
    this.waiting = undefined;
  }

  dispose(): void {
    this.cancel();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private next(): void {
    this.timer = undefined;
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting) this.push(waiting.value);
  }
}

/** Updates of marks and of the cursor, 30 a second. */
export const UPDATE_MILLISECONDS = 1000 / 30;
