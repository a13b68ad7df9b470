import type { Activation } from '../config';
import type { Value } from '../onnx/graphBuilder';
import { linear } from './linear';
import type { Network } from './network';

/**
 * The position-wise feed-forward network, section 3.3, equation 2:
 *
 *   FFN(x) = max(0, x W_1 + b_1) W_2 + b_2
 *
 *   x [rows, d_model]   W_1 [d_model, d_ff]   W_2 [d_ff, d_model]
 *
 * `name` is the layer's in the checkpoint; max(0, .) may be another activation.
 */
export function feedForward(network: Network, x: Value, name: string, innerSize: number): Value {
  const { modelSize, activation } = network.config;
  return network.graph.scope('feedForward', () => {
    const inner = linear(network, x, `${name}.fc1`, modelSize, innerSize);
    const active = activate(network, inner, activation);
    return linear(network, active, `${name}.fc2`, innerSize, modelSize);
  });
}

function activate(network: Network, x: Value, activation: Activation): Value {
  const { graph } = network;
  switch (activation) {
    case 'relu': // max(0, x)
      return graph.op('Relu', [x]);
    case 'gelu': // x Phi(x), Phi the normal distribution function (Hendrycks & Gimpel 2016)
      return graph.op('Gelu', [x]);
    case 'silu': // x sigmoid(x) (Elfwing et al. 2017)
      return graph.op('Mul', [x, graph.op('Sigmoid', [x])]);
  }
}
