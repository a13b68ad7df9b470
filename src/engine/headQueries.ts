import { setImmediate } from 'node:timers/promises';
import { meanMap, type AttentionMap } from '../attention/attentionMap';
import { decodeHalf, encodeHalf } from '../attention/half';
import type { AttentionKind } from '../attention/headMetrics';
import { headDistance } from '../attention/similarity';
import { throwIfAborted } from '../common/async';
import type {
  AttentionQueryParams,
  AttentionQueryResult,
  HeadMap,
} from '../protocol/attentionQueries';
import { layersOf, mapShape } from '../protocol/attentionRun';
import type { KeptRun, QueryContext } from './queryContext';

type Place = AttentionQueryParams<'similarity'>;

/** One head's map, or the mean of a layer's heads. */
export function headMap({ kept }: QueryContext, params: Place): HeadMap {
  const { kind, layer, head } = params;
  const { queries, keys } = mapShape(kept.run, kind);
  // A copy of exactly this map: a view would take the whole run along over every boundary.
  const weights =
    head < 0 ? encodeHalf(layerMean(kept, kind, layer).weights) : halvesOf(kept, params).slice();
  return { kind, layer, head, queries, keys, weights };
}

/** Mean of a layer's heads, by which rollouts and alignments go. */
export function layerMean(kept: KeptRun, kind: AttentionKind, layer: number): AttentionMap {
  const heads = Array.from({ length: kept.run.heads }, (_, head) => head);
  return meanMap(heads.map((head) => attentionMap(kept, { kind, layer, head })));
}

/** Distances to every head of the kind, one after the other, letting other requests in between. */
export async function headDistances(
  { kept, signal }: QueryContext,
  params: Place,
): Promise<AttentionQueryResult<'similarity'>> {
  const { kind } = params;
  const { heads } = kept.run;
  const own = attentionMap(kept, params);
  const distances = new Float32Array(layersOf(kept.run, kind) * heads);
  for (let other = 0; other < distances.length; other++) {
    const place = { kind, layer: Math.floor(other / heads), head: other % heads };
    distances[other] = headDistance(own, attentionMap(kept, place));
    await setImmediate();
    throwIfAborted(signal);
  }
  return { distances };
}

function attentionMap(kept: KeptRun, place: Place): AttentionMap {
  const weights = decodeHalf(halvesOf(kept, place));
  return { weights, ...mapShape(kept.run, place.kind), causal: place.kind === 'decoder' };
}

function halvesOf({ run, maps }: KeptRun, { kind, layer, head }: Place): Uint16Array {
  const { queries, keys } = mapShape(run, kind);
  const start = (layer * run.heads + head) * queries * keys;
  return maps[kind].subarray(start, start + queries * keys);
}
