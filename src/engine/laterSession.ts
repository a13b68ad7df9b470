import type { Session } from './runtime';

/** A session that is made when it is first run: it costs memory, and most work never needs it. */
export class LaterSession implements Session {
  private made: Promise<Session> | undefined;

  constructor(
    readonly outputNames: readonly string[],
    private readonly create: () => Promise<Session>,
  ) {}

  async run(...[feeds, fetches]: Parameters<Session['run']>): ReturnType<Session['run']> {
    this.made ??= this.create();
    // A failure is not kept, so that a later run tries again.
    this.made.catch(() => (this.made = undefined));
    return (await this.made).run(feeds, fetches);
  }

  async release(): Promise<void> {
    const session = await this.made?.catch(() => undefined);
    await session?.release();
  }
}
