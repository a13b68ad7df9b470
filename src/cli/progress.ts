/** A counter on a terminal's last line; silent where stderr is a file or a pipe. */
export class Progress {
  private shown = false;

  constructor(private readonly what: string) {}

  show(done: number, total: number): void {
    if (!process.stderr.isTTY) return;
    this.shown = true;
    process.stderr.write(`\r${done}/${total} ${this.what}`);
  }

  /** Clears the line. */
  end(): void {
    if (this.shown) process.stderr.write('\r\u001b[K');
    this.shown = false;
  }
}
