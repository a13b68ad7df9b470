import { setImmediate } from 'node:timers/promises';
import { encodeHalf } from '../attention/half';
import {
  identity,
  nextDecoderRollout,
  nextRollout,
  normalizedBlock,
  decoderStart,
  type Matrix,
} from '../attention/rollout';
import { throwIfAborted } from '../common/async';
import type { AttentionQueryParams, FlowMap } from '../protocol/attentionQueries';
import type { KeptRun, QueryContext } from './queryContext';
import { layerMean } from './headQueries';

/** The rollouts of a run after every layer, half-precision bits; made when they are first asked for. */
export interface Rollouts {
  readonly encoder: readonly Uint16Array[];
  /** Each with rows that add up to 1: [T, S] and [T, T]. */
  readonly source: readonly Uint16Array[];
  readonly prefix: readonly Uint16Array[];
}

const made = new WeakMap<KeptRun, Promise<Rollouts>>();

/** How much of each token has reached each position after a layer, if heads are averaged and half passes by unchanged. */
export async function flowMap(
  { kept, signal }: QueryContext,
  { flow, layer }: AttentionQueryParams<'flow'>,
): Promise<FlowMap> {
  const known = made.get(kept) ?? rollouts(kept, signal);
  made.set(kept, known);
  known.catch(() => made.delete(kept));
  const weights = (await known)[flow][layer] ?? new Uint16Array();
  const { source, target } = kept.run;
  const queries = flow === 'encoder' ? source.length : target.length;
  const keys = flow === 'prefix' ? target.length : source.length;
  // The kept one stays: sending may detach or copy what it is given.
  return { flow, layer, queries, keys, weights: weights.slice() };
}

/** Layer by layer, letting other requests in between: a long text takes seconds. */
async function rollouts(kept: KeptRun, signal: AbortSignal): Promise<Rollouts> {
  const { encoderLayers, decoderLayers } = kept.run;
  const [sources, targets] = [kept.run.source.length, kept.run.target.length];
  const encoder: Uint16Array[] = [];
  let memory: Matrix | undefined;
  for (let layer = 0; layer < encoderLayers; layer++) {
    memory = nextRollout(memory, layerMean(kept, 'encoder', layer));
    encoder.push(halves(memory));
    await setImmediate();
    throwIfAborted(signal);
  }
  const source: Uint16Array[] = [];
  const prefix: Uint16Array[] = [];
  let state = decoderStart(sources, targets);
  for (let layer = 0; layer < decoderLayers; layer++) {
    const self = layerMean(kept, 'decoder', layer);
    state = nextDecoderRollout(state, memory ?? identity(sources), {
      self,
      cross: layerMean(kept, 'cross', layer),
    });
    source.push(halves(normalizedBlock(state, 0, sources)));
    prefix.push(halves(normalizedBlock(state, sources, sources + targets)));
    await setImmediate();
    throwIfAborted(signal);
  }
  return { encoder, source, prefix };
}

function halves({ values }: Matrix): Uint16Array {
  return encodeHalf(Float32Array.from(values));
}
