/** Parts of the limit after which one look is taken. */
const LOOKS = 4;

/**
 * Calls back when nothing was heard for a time while something is awaited. A look counts only if its own timer ran, so a
 * machine that slept for an hour uses up one look, not the whole limit.
 */
export class SilenceWatch {
  private timer: NodeJS.Timeout | undefined;
  private silentLooks = 0;

  constructor(
    private readonly limitMs: number,
    private readonly onSilence: () => void,
  ) {}

  /** Something arrived. */
  heard(): void {
    this.silentLooks = 0;
  }

  /** Watches from now on; does nothing if it already does. */
  start(): void {
    if (this.timer) return;
    this.silentLooks = 0;
    this.timer = setInterval(() => {
      this.silentLooks++;
      if (this.silentLooks < LOOKS) return;
      this.stop();
      this.onSilence();
    }, this.limitMs / LOOKS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
