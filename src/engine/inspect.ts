import type { TransformerConfig } from '../transformer/config';
import { refuseSource } from './generate';
import { float32Data, int64, run, type Session, type Tensors } from './runtime';
import type { InspectResult, Tensor } from './types';

/**
 * One teacher-forced pass. The decoder reads the start token and then `target`; a final `</s>` is predicted, never read, and is
 * left out. T is therefore the number of target tokens that were generated, `</s>` included. Throws textTooLong, invalidArgument, inferenceFailed.
 */
export async function inspect(
  session: Session,
  config: TransformerConfig,
  source: readonly number[],
  target: readonly number[],
): Promise<InspectResult> {
  const read = target.at(-1) === config.endTokenId ? target.slice(0, -1) : target;
  const inputs = [config.startTokenId, ...read];
  const results = await run(session, inspectFeeds(config, source, inputs));
  const [s, t] = [source.length, inputs.length];
  const { encoder, decoder } = config;
  return {
    enc: stack(results, 'enc', encoder.layers, [encoder.heads, s, s]),
    dec: stack(results, 'dec', decoder.layers, [decoder.heads, t, t]),
    cross: stack(results, 'cross', decoder.layers, [decoder.heads, t, s]),
    valueNorms: {
      enc: stack(results, 'enc_norm', encoder.layers, [encoder.heads, s]),
      dec: stack(results, 'dec_norm', decoder.layers, [decoder.heads, t]),
      cross: stack(results, 'cross_norm', decoder.layers, [decoder.heads, s]),
    },
    logits: { data: float32Data(results, 'logits'), dims: [t, config.vocabularySize] },
  };
}

/** Throws textTooLong, invalidArgument for ids that the model does not have. */
export function inspectFeeds(
  config: TransformerConfig,
  source: readonly number[],
  inputs: readonly number[],
): Tensors {
  refuseSource(source, config.maxPositions, config.vocabularySize);
  refuseSource(inputs, config.maxPositions, config.vocabularySize);
  return {
    source_ids: int64(source, [1, source.length]),
    source_mask: int64(
      source.map(() => 1),
      [1, source.length],
    ),
    target_ids: int64(inputs, [1, inputs.length]),
  };
}

/** The outputs `name_0`, `name_1`, ... as one tensor [layers, ...dims]. */
function stack(results: Tensors, name: string, layers: number, dims: readonly number[]): Tensor {
  const size = dims.reduce((product, length) => product * length, 1);
  const data = new Float32Array(layers * size);
  for (let layer = 0; layer < layers; layer++)
    data.set(float32Data(results, `${name}_${layer}`), layer * size);
  return { data, dims: [layers, ...dims] };
}
