/** Work that takes longer than the first leaves the thread to others for the second between its turns, in milliseconds. */
const LONG_WORK_MS = 200;
const PAUSE_MS = 4;
/** Keys are struck in rows: the next one is due by then, and would wait for the turn that it finds. */
const TYPING_MS = 300;

/** When work in turns began and when its document was last edited, in milliseconds of one clock. */
export interface TurnTimes {
  readonly began: number;
  readonly edited: number;
}

/** How long the thread is left to others before the next turn; 0: only until they have had theirs. */
export function pauseBeforeTurn(now: number, { began, edited }: TurnTimes): number {
  const typing = edited + TYPING_MS - now;
  if (typing > 0) return typing;
  return now - began > LONG_WORK_MS ? PAUSE_MS : 0;
}
