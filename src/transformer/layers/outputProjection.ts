import type { Value } from '../onnx/graphBuilder';
import { ElementType } from '../onnx/proto';
import { quantizedProduct } from './linear';
import { cast, type Network } from './network';

/**
 * The linear map before the softmax, section 3.4. Its matrix is the embedding's, "we share the same weight matrix":
 *
 *   logits = x E^T + b
 *
 *   x [rows, d_model]   E [V, d_model]   b [V]   logits [rows, V], float32 whatever the network's type
 */
export function outputProjection(network: Network, x: Value): Value {
  const { graph, weights, config } = network;
  const { vocabularySize, modelSize } = config;
  return graph.scope('output', () => {
    const bias = weights.float(network, 'final_logits_bias', [vocabularySize]);
    if (weights.quantized) {
      const product = quantizedProduct(
        network,
        x,
        'lm_head.weight',
        modelSize,
        vocabularySize,
        bias,
      );
      return cast(network, product, network.floatType, ElementType.float32);
    }
    const name = config.tiedSoftmax ? 'model.shared.weight' : 'lm_head.weight';
    const matrix = weights.float(network, name, [vocabularySize, modelSize]);
    const product = graph.op('Gemm', [x, matrix, bias], { attributes: { transB: 1 } });
    return cast(network, product, network.floatType, ElementType.float32);
  });
}
