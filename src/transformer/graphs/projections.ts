import type { TransformerConfig } from '../config';
import { crossName, decoderStack } from '../layers/decoderStack';
import { embedding } from '../layers/embedding';
import { encoderStack } from '../layers/encoderStack';
import { splitHeads, type AttentionContext } from '../layers/heads';
import { causalBias, paddingBias } from '../layers/masks';
import { crossMemory, type MultiHeadOutput } from '../layers/multiHeadAttention';
import { cast, type Network } from '../layers/network';
import type { Value } from '../onnx/graphBuilder';
import { ElementType } from '../onnx/proto';
import type { Weights } from '../weights';
import { createNetwork, forQueries, positionsUpTo, sizes, type GraphOptions } from './network';

/** One attention of the model: self-attention of an encoder or decoder layer, or a decoder layer's encoder-decoder attention. */
export interface AttentionPlace {
  readonly kind: 'encoder' | 'decoder' | 'cross';
  readonly layer: number;
}

/**
 * Emits a teacher-forced pass up to one attention, with what its heads look with and at (section 3.2.2):
 *
 *   source_ids [B, S], source_mask [B, S] and, for a decoder layer, target_ids [B, T] (int64)
 *   -> query [B, h, Tq, d_k], key [B, h, Tk, d_k], value [B, h, Tk, d_v] (float32)
 *
 * Layers behind the one asked for are left out. Throws modelWeightsInvalid.
 */
export function emitProjections(
  config: TransformerConfig,
  weights: Weights,
  options: GraphOptions,
  { kind, layer }: AttentionPlace,
): Uint8Array {
  const upTo = upToLayer(config, kind, layer);
  const network = createNetwork('projections', upTo, weights, options);
  const { graph } = network;
  const sourceIds = graph.input('source_ids', ElementType.int64, ['batch', 'source']);
  const mask = graph.input('source_mask', ElementType.int64, ['batch', 'source']);
  const source = sizes(network, sourceIds);
  const padding = paddingBias(network, mask);
  const encoder = encoderStack(
    network,
    embedding(network, 'encoder', sourceIds, positionsUpTo(network, source.length)),
    { sequences: source.sequences, bias: forQueries(network, padding, source.length) },
  );
  if (kind === 'encoder') {
    const context = { name: '', stack: upTo.encoder, sequences: source.sequences };
    outputs(network, encoder.attentions[layer] as MultiHeadOutput, context);
    return graph.finish();
  }
  const targetIds = graph.input('target_ids', ElementType.int64, ['batch', 'target']);
  const { sequences, length } = sizes(network, targetIds);
  const memories = Array.from({ length: layer + 1 }, (_, index) =>
    crossMemory(network, encoder.output, {
      name: crossName(index),
      stack: upTo.decoder,
      sequences: source.sequences,
    }),
  );
  const decoder = decoderStack(
    network,
    embedding(network, 'decoder', targetIds, positionsUpTo(network, length)),
    {
      self: { sequences, bias: causalBias(network, length) },
      cross: { sequences, bias: forQueries(network, padding, length) },
      memories,
    },
  );
  const attentions = kind === 'decoder' ? decoder.selfAttentions : decoder.crossAttentions;
  const context = { name: '', stack: upTo.decoder, sequences };
  outputs(network, attentions[layer] as MultiHeadOutput, context);
  return graph.finish();
}

function upToLayer(
  config: TransformerConfig,
  kind: AttentionPlace['kind'],
  layer: number,
): TransformerConfig {
  const side = kind === 'encoder' ? 'encoder' : 'decoder';
  return { ...config, [side]: { ...config[side], layers: layer + 1 } };
}

function outputs(network: Network, attention: MultiHeadOutput, context: AttentionContext): void {
  const { query, key, value, layout } = attention.projected;
  const { heads, keySize, valueSize } = context.stack;
  const byHead = (x: Value): Value => (layout === 'rows' ? splitHeads(network, x, context) : x);
  const give = (name: string, x: Value, length: string, size: number): void => {
    const floats = cast(network, x, network.floatType, ElementType.float32);
    graph.output(name, floats, ElementType.float32, ['batch', heads, length, size]);
  };
  const { graph } = network;
  give('query', splitHeads(network, query, context), 'queries', keySize);
  give('key', byHead(key), 'keys', keySize);
  give('value', byHead(value), 'keys', valueSize);
}
