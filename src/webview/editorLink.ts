import { MARK_STEPS, type PanelToHost } from '../protocol/panel';
import { MOST_INDICES, type PanelSide } from '../protocol/panelState';

/** At most 30 a second: more would only fill the queue to the host. */
const PAUSE_MS = 34;
/** A weight that is not worth a mark. */
const LEAST = 0.01;

/**
 * Marks in the editor as the mouse moves: the first at once, then the latest of each side after a pause; an unchanged one is
 * not sent.
 */
export class EditorLink {
  private timer: number | undefined;
  private readonly next = new Map<PanelSide, PanelToHost>();
  private readonly last = new Map<PanelSide, string>();

  constructor(private readonly post: (message: PanelToHost) => void) {}

  mark(runId: number, side: PanelSide, indices: readonly number[], weights: ArrayLike<number>) {
    this.next.set(side, { type: 'mark', ...marks(runId, side, indices, weights) });
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => this.afterPause(), PAUSE_MS);
    // Both sides are marked one after the other.
    queueMicrotask(() => this.flush());
  }

  pin(runId: number, side: PanelSide, indices: readonly number[], weights: ArrayLike<number>) {
    this.post({ type: 'pin', ...marks(runId, side, indices, weights) });
  }

  private afterPause(): void {
    this.timer = this.next.size > 0 ? setTimeout(() => this.afterPause(), PAUSE_MS) : undefined;
    this.flush();
  }

  private flush(): void {
    for (const [side, message] of this.next) {
      const text = JSON.stringify(message);
      if (text === this.last.get(side)) continue;
      this.last.set(side, text);
      this.post(message);
    }
    this.next.clear();
  }
}

/** Steps are equal in the square root of the weight, as colours are by default; the heaviest tokens stay if there are many. */
export function marks(
  runId: number,
  side: PanelSide,
  indices: readonly number[],
  weights: ArrayLike<number>,
): { runId: number; side: PanelSide; indices: number[]; steps: number[] } {
  const heavy = indices
    .map((index, at) => ({ index, weight: Math.min(1, weights[at] ?? 0) }))
    .filter(({ weight }) => weight >= LEAST)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_INDICES);
  return {
    runId,
    side,
    indices: heavy.map(({ index }) => index),
    steps: heavy.map(({ weight }) => Math.max(1, Math.ceil(Math.sqrt(weight) * MARK_STEPS))),
  };
}
