import { cancelled, AppError } from '../common/errors';
import { Deferred } from '../common/async';
import type {
  AttentionQuery,
  AttentionQueryName,
  AttentionQueryParams,
  AttentionQueryResult,
} from '../protocol/attentionQueries';
import type { HostToPanel, PanelToHost } from '../protocol/panel';

/** As many answers are kept: 64 maps of 512 x 512 halves are 32 MiB. */
export const MOST_ANSWERS = 64;

type Answer = Extract<HostToPanel, { type: 'answer' }>;

/**
 * Asks the engine by way of the host. Answers are kept for the run shown, the last used ones longest; what is asked twice is
 * sent once; answers for another run are dropped.
 */
export class QueryClient {
  private runId = -1;
  private seq = 0;
  private readonly waiting = new Map<number, { key: string; deferred: Deferred<unknown> }>();
  private readonly answers = new Map<string, Promise<unknown>>();

  constructor(private readonly post: (message: PanelToHost) => void) {}

  /** Another run is shown: all that was asked of the one before is off. */
  reset(runId: number): void {
    this.runId = runId;
    this.answers.clear();
    for (const { deferred } of this.waiting.values()) deferred.reject(cancelled());
    this.waiting.clear();
  }

  ask<N extends AttentionQueryName>(
    name: N,
    params: AttentionQueryParams<N>,
  ): Promise<AttentionQueryResult<N>> {
    const key = `${name} ${JSON.stringify(params)}`;
    const known = this.answers.get(key) ?? this.send(key, name, params);
    // The order of a Map is that of insertion: the first is the one not used for longest.
    this.answers.delete(key);
    this.answers.set(key, known);
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= MOST_ANSWERS) break;
      this.answers.delete(oldest);
    }
    return known as Promise<AttentionQueryResult<N>>;
  }

  answer({ seq, runId, result }: Answer): void {
    const entry = this.waiting.get(seq);
    if (!entry || runId !== this.runId) return;
    this.waiting.delete(seq);
    entry.deferred.resolve(result);
  }

  /** A failed question may be asked again. */
  fail(seq: number, text: string): void {
    const entry = this.waiting.get(seq);
    if (!entry) return;
    this.waiting.delete(seq);
    this.answers.delete(entry.key);
    entry.deferred.reject(new AppError('internal', text));
  }

  private send<N extends AttentionQueryName>(
    key: string,
    name: N,
    params: AttentionQueryParams<N>,
  ): Promise<unknown> {
    const seq = this.seq++;
    const deferred = new Deferred<unknown>();
    // Whoever asked sees the rejection; one that is only kept here must not count as unhandled.
    deferred.promise.catch(() => undefined);
    this.waiting.set(seq, { key, deferred });
    // Name and parameters belong together by the types of `ask`.
    const query = { runId: this.runId, name, params } as AttentionQuery;
    this.post({ type: 'query', seq, ...query });
    return deferred.promise;
  }
}
