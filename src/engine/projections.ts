import type { TransformerConfig } from '../transformer/config';
import type { AttentionPlace } from '../transformer/graphs/projections';
import { inspectFeeds } from './inspect';
import { float32Data, run, type Session } from './runtime';
import type { Projections } from './types';

/** `inputs` are the decoder's, the start token first. Throws textTooLong, invalidArgument, inferenceFailed. */
export async function projections(
  session: Session,
  config: TransformerConfig,
  { kind }: AttentionPlace,
  source: readonly number[],
  inputs: readonly number[],
): Promise<Projections> {
  const { target_ids, ...ofSource } = inspectFeeds(config, source, inputs);
  const feeds = kind === 'encoder' || !target_ids ? ofSource : { ...ofSource, target_ids };
  const results = await run(session, feeds);
  return {
    query: float32Data(results, 'query'),
    key: float32Data(results, 'key'),
    value: float32Data(results, 'value'),
  };
}
