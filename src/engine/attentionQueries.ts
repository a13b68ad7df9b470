import { AppError } from '../common/errors';
import { isQueryInRange } from '../protocol/attentionGuards';
import type {
  AttentionAnswer,
  AttentionQuery,
  AttentionQueryName,
  AttentionQueryParams,
  AttentionQueryResult,
} from '../protocol/attentionQueries';
import { flowMap } from './flowQueries';
import { headDistances, headMap } from './headQueries';
import { cost, headDetail, modelFacts, neighbours } from './modelQueries';
import type { QueryContext } from './queryContext';
import { generationSteps } from './stepQueries';

export type { KeptRun, QueryContext } from './queryContext';

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
