import type { TransformerConfig } from '../config';
import { crossName } from '../layers/decoderStack';
import { embedding } from '../layers/embedding';
import { encoderStack } from '../layers/encoderStack';
import { paddingBias } from '../layers/masks';
import { crossMemory } from '../layers/multiHeadAttention';
import { ElementType } from '../onnx/proto';
import type { Weights } from '../weights';
import { createNetwork, forQueries, positionsUpTo, sizes, type GraphOptions } from './network';

/**
 * Emits the encoder: everything that depends on the source alone, once per translation.
 *
 *   source_ids [B, S] (int64), source_mask [B, S] (int64, 1 token, 0 padding)
 *   -> encoder_output [B, S, d_model]
 *      source_bias [B, 1, 1, S], which hides the padding from the decoder
 *      cross_key_l [B, h, S, d_k], cross_value_l [B, h, S, d_v] for each decoder layer l
 *
 * Floats are of the network's type. Throws modelWeightsInvalid, naming the tensor that is missing or does not fit.
 */
export function emitEncoder(
  config: TransformerConfig,
  weights: Weights,
  options: GraphOptions,
): Uint8Array {
  const network = createNetwork('encoder', config, weights, options);
  const { graph, floatType } = network;
  const ids = graph.input('source_ids', ElementType.int64, ['batch', 'source']);
  const mask = graph.input('source_mask', ElementType.int64, ['batch', 'source']);
  const { sequences, length } = sizes(network, ids);
  const bias = paddingBias(network, mask);
  const x = embedding(network, 'encoder', ids, positionsUpTo(network, length));
  const encoded = encoderStack(network, x, {
    sequences,
    bias: forQueries(network, bias, length),
  }).output;
  const output = graph.op('Reshape', [encoded, sequences]);
  graph.output('encoder_output', output, floatType, ['batch', 'source', config.modelSize]);
  graph.output('source_bias', bias, floatType, ['batch', 1, 1, 'source']);
  const { layers, heads, keySize, valueSize } = config.decoder;
  for (let layer = 0; layer < layers; layer++) {
    const context = { name: crossName(layer), stack: config.decoder, sequences };
    const { key, value } = crossMemory(network, encoded, context);
    const dims = ['batch', heads, 'source'] as const;
    graph.output(`cross_key_${layer}`, key, floatType, [...dims, keySize]);
    graph.output(`cross_value_${layer}`, value, floatType, [...dims, valueSize]);
  }
  return graph.finish();
}
