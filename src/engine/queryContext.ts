import type { Distribution } from '../attention/candidates';
import type { AttentionKind } from '../attention/headMetrics';
import type { AttentionRun } from '../protocol/attentionRun';
import type { DecodingOptions } from '../protocol/engine';
import type { Searched } from './inspection';
import type { LoadedModel } from './modelKeeper';
import type { Turns } from './turns';

/** What is kept of a run after it was given. Ids of its tokens are in `run`. */
export interface KeptRun {
  readonly run: AttentionRun;
  /** Half-precision bits by layer, then head: [layers, heads, queries, keys]. */
  readonly maps: Readonly<Record<AttentionKind, Uint16Array>>;
  /** What the logits of each row said, a moment after the run was given. */
  readonly steps: Promise<readonly Distribution[]>;
  /** The one search that wrote the output, and how it searched; absent if there were several. */
  readonly searched: Searched | undefined;
  readonly decoding: DecodingOptions;
}

/** What a query is answered from. */
export interface QueryContext {
  readonly kept: KeptRun;
  readonly signal: AbortSignal;
  readonly turns: Turns;
  /** Lends the model of the run, loaded again if it was let go. Rejects with invalidArgument if there is another one by now. */
  readonly useModel: <T>(work: (loaded: LoadedModel) => Promise<T>) => Promise<T>;
}
