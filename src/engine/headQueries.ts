import type { AttentionQueryParams, HeadMap } from '../protocol/attentionQueries';
import { mapShape } from '../protocol/attentionRun';
import type { QueryContext } from './attentionQueries';

/** One head's map. */
export function headMap({ kept }: QueryContext, params: AttentionQueryParams<'head'>): HeadMap {
  const { kind, layer, head } = params;
  const { queries, keys } = mapShape(kept.run, kind);
  const start = (layer * kept.run.heads + head) * queries * keys;
  // A copy of exactly this map: a view would take the whole run along over every boundary.
  const weights = kept.maps[kind].slice(start, start + queries * keys);
  return { kind, layer, head, queries, keys, weights };
}
