import type { AttentionKind } from '../attention/headMetrics';
import type { TransformerConfig } from '../transformer/config';
import { inspectFeeds } from './inspect';
import { encodeHalf } from '../attention/half';
import { runInto, type Session } from './runtime';
import type { Capture } from './types';

export type { Capture } from './types';

/**
 * The pass of `inspect`, written by the runtime into arrays of the size that is kept: nothing is there twice. `inputs` are
 * the decoder's, the start token first; `mapType` is what the session gives. Throws textTooLong, invalidArgument, inferenceFailed.
 */
export async function capture(
  session: Session,
  config: TransformerConfig,
  source: readonly number[],
  inputs: readonly number[],
  mapType: 'float32' | 'float16' = 'float16',
): Promise<Capture> {
  const feeds = inspectFeeds(config, source, inputs);
  const [s, t] = [source.length, inputs.length];
  const { encoder, decoder } = config;
  const logits = new Float32Array(t * config.vocabularySize);
  const kinds = [
    { kind: 'encoder', name: 'enc', stack: encoder, queries: s, keys: s },
    { kind: 'decoder', name: 'dec', stack: decoder, queries: t, keys: t },
    { kind: 'cross', name: 'cross', stack: decoder, queries: t, keys: s },
  ] as const;
  const outputs = new Map<string, { data: Float32Array | Uint16Array; dims: number[] }>();
  outputs.set('logits', { data: logits, dims: [1, t, config.vocabularySize] });
  const maps = {} as Record<AttentionKind, Uint16Array>;
  const wide: { data: Float32Array; half: Uint16Array }[] = [];
  const valueNorms = {} as Record<AttentionKind, Float32Array>;
  for (const { kind, name, stack, queries, keys } of kinds) {
    const { layers, heads } = stack;
    const [mapSize, normSize] = [heads * queries * keys, heads * keys];
    const all = (maps[kind] = new Uint16Array(layers * mapSize));
    const norms = (valueNorms[kind] = new Float32Array(layers * normSize));
    for (let layer = 0; layer < layers; layer++) {
      const half = all.subarray(layer * mapSize, (layer + 1) * mapSize);
      const data = mapType === 'float16' ? half : new Float32Array(mapSize);
      if (data instanceof Float32Array) wide.push({ data, half });
      outputs.set(`${name}_${layer}`, { data, dims: [1, heads, queries, keys] });
      outputs.set(`${name}_norm_${layer}`, {
        data: norms.subarray(layer * normSize, (layer + 1) * normSize),
        dims: [1, heads, keys],
      });
    }
  }
  await runInto(session, feeds, outputs);
  for (const { data, half } of wide) half.set(encodeHalf(data));
  return { maps, valueNorms, logits };
}
