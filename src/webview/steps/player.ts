const PAUSE_MS = 900;

/** Goes on by one step at a time until told to stop. Never starts by itself. */
export class Player {
  private timer: number | undefined;

  /** @param advance goes one step on; false at the end */
  constructor(
    private readonly advance: () => boolean,
    private readonly onChange: () => void,
  ) {}

  get playing(): boolean {
    return this.timer !== undefined;
  }

  toggle(): void {
    if (this.playing) this.stop();
    else {
      this.timer = setInterval(() => {
        if (!this.advance()) this.stop();
      }, PAUSE_MS);
      this.onChange();
    }
  }

  stop(): void {
    if (!this.playing) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.onChange();
  }
}
