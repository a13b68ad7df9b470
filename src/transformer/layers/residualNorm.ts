import { LAYER_NORM_EPSILON } from '../config';
import type { Value } from '../onnx/graphBuilder';
import type { Network } from './network';

/**
 * The residual connection around a sub-layer and its layer normalization, section 3.1:
 *
 *   post-norm (the paper):  x' = LayerNorm(x + Sublayer(x))
 *   pre-norm:               x' = x + Sublayer(LayerNorm(x))
 *
 *   x, x' [rows, d_model]
 *
 * `name` is the norm's in the checkpoint. One operator, SkipLayerNormalization, does the paper's sum and norm together.
 */
export function residual(
  network: Network,
  x: Value,
  name: string,
  sublayer: (x: Value) => Value,
): Value {
  const { graph, config } = network;
  if (config.norm === 'pre') return graph.op('Add', [x, sublayer(layerNorm(network, x, name))]);
  const { gamma, beta } = normWeights(network, name);
  return graph.op('SkipLayerNormalization', [sublayer(x), x, gamma, beta], {
    domain: 'com.microsoft',
    attributes: { epsilon: { float: LAYER_NORM_EPSILON } },
  });
}

/**
 * Layer normalization (Ba et al. 2016) over the d_model channels of each row, with gain gamma and bias beta [d_model]:
 *
 *   LayerNorm(x) = (x - mean(x)) / sqrt(var(x) + epsilon) * gamma + beta
 */
export function layerNorm(network: Network, x: Value, name: string): Value {
  const { gamma, beta } = normWeights(network, name);
  return network.graph.op('LayerNormalization', [x, gamma, beta], {
    attributes: { axis: -1, epsilon: { float: LAYER_NORM_EPSILON } },
  });
}

function normWeights(network: Network, name: string): { gamma: Value; beta: Value } {
  const { weights, config } = network;
  return {
    gamma: weights.float(network, `${name}.weight`, [config.modelSize]),
    beta: weights.float(network, `${name}.bias`, [config.modelSize]),
  };
}
