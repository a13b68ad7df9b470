import type { TransformerConfig } from '../config';
import { quantizedMatrix } from '../layers/linear';
import type { Value } from '../onnx/graphBuilder';
import { ElementType } from '../onnx/proto';
import type { Weights } from '../weights';
import { createNetwork, type GraphOptions } from './network';

/**
 * Emits the choice of pieces out of the output layer of an int8 model, in the form that `emitDecoderLoop` takes them:
 *
 *   ids [C] (int64) -> output_weight [d_model, C] (int8), output_scale [C], output_bias [C] (float32)
 *
 * The runtime folds the outer transposition when the session is made: rows of the transposed matrix lie in one piece, and are
 * copied so. Single columns of 16,000 would miss the caches for every number.
 */
export function emitOutputColumns(
  config: TransformerConfig,
  weights: Weights,
  options: GraphOptions,
): Uint8Array {
  const network = createNetwork('outputColumns', config, weights, options);
  const { graph } = network;
  const { modelSize, vocabularySize } = config;
  const ids = graph.input('ids', ElementType.int64, ['chosen']);
  const take = (all: Value) => graph.op('Gather', [all, ids]);
  const { weight, scale } = quantizedMatrix(network, 'lm_head.weight', modelSize, vocabularySize);
  const bias = network.weights.float(network, 'final_logits_bias', [vocabularySize]);
  const columns = graph.op('Transpose', [take(graph.op('Transpose', [weight]))]);
  graph.output('output_weight', columns, ElementType.int8, [modelSize, 'chosen']);
  graph.output('output_scale', take(scale), ElementType.float32, ['chosen']);
  graph.output('output_bias', take(bias), ElementType.float32, ['chosen']);
  return graph.finish();
}
