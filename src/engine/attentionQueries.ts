import type { AttentionKind } from '../attention/headMetrics';
import { AppError } from '../common/errors';
import { isQueryInRange } from '../protocol/attentionGuards';
import type {
  AttentionAnswer,
  AttentionQuery,
  AttentionQueryName,
  AttentionQueryParams,
  AttentionQueryResult,
} from '../protocol/attentionQueries';
import type { AttentionRun } from '../protocol/attentionRun';
import type { Distribution } from '../attention/candidates';
import type { DecodingOptions } from '../protocol/engine';
import { flowMap } from './flowQueries';
import { headDistances, headMap } from './headQueries';
import type { Searched } from './inspection';
import type { LoadedModel } from './modelKeeper';
import { cost, headDetail, modelFacts, neighbours } from './modelQueries';
import { generationSteps } from './stepQueries';
import type { Turns } from './turns';

/** What is kept of a run after it was given. Ids of its tokens are in `run`. */
export interface KeptRun {
  readonly run: AttentionRun;
  /** Half-precision bits by layer, then head: [layers, heads, queries, keys]. */
  readonly maps: Readonly<Record<AttentionKind, Uint16Array>>;
  /** What the logits of each row said. */
  readonly steps: readonly Distribution[];
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

type Handler<N extends AttentionQueryName> = (
  context: QueryContext,
  params: AttentionQueryParams<N>,
) => AttentionQueryResult<N> | Promise<AttentionQueryResult<N>>;

/** Who answers each query. Each file has one group of them. */
const HANDLERS: { readonly [N in AttentionQueryName]: Handler<N> } = {
  head: headMap,
  similarity: headDistances,
  steps: generationSteps,
  flow: flowMap,
  model: modelFacts,
  neighbours,
  headDetail,
  cost,
};

/** Throws invalidArgument if the run has nothing of the kind that is asked for. */
export async function answerQuery(
  context: QueryContext,
  query: AttentionQuery,
): Promise<AttentionAnswer> {
  const handler = HANDLERS[query.name] as Handler<AttentionQueryName>;
  if (!isQueryInRange(query, context.kept.run))
    throw new AppError('invalidArgument', `The run has no such ${query.name}.`);
  const result = await handler(context, query.params);
  // Name and result belong together by the type of HANDLERS.
  return { name: query.name, result } as AttentionAnswer;
}
