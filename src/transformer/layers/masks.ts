import type { Value } from '../onnx/graphBuilder';
import { ElementType } from '../onnx/proto';
import { cast, scalar, type Network } from './network';

/**
 * The lowest finite numbers stand for the -infinity of section 3.2.3: exp() of them is exactly 0 as well, and a row that
 * may look nowhere (a padded query) gives finite nonsense instead of NaN.
 */
export const LOWEST_FLOAT32 = -3.4028234663852886e38;
const LOWEST_FLOAT16 = -65504;

function lowest(network: Network): Value {
  const value = network.floatType === ElementType.float16 ? LOWEST_FLOAT16 : LOWEST_FLOAT32;
  return scalar(network, value);
}

/** From the mask [B, S] (int64, 1 for a token, 0 for padding) the bias [B, 1, 1, S] that hides padding from every query. */
export function paddingBias(network: Network, mask: Value): Value {
  const { graph } = network;
  const isToken = cast(network, mask, ElementType.int64);
  const isPadding = graph.op('Sub', [scalar(network, 1), isToken]);
  const bias = graph.op('Mul', [isPadding, lowest(network)]);
  return graph.op('Unsqueeze', [bias, graph.integers(1, 2)]);
}

/**
 * [1, 1, T, T]: position i may look at positions up to i, so that what is predicted there "can depend only on the known outputs
 * at positions less than i" (section 3.1). `length` is T, int64 without dimensions.
 */
export function causalBias(network: Network, length: Value): Value {
  const { graph } = network;
  const positions = graph.op('Range', [graph.integer(0), length, graph.integer(1)]);
  const queries = graph.op('Unsqueeze', [positions, graph.integers(1)]); // [T, 1]
  const later = graph.op('Greater', [positions, queries]); // [T, T]: key after query
  const bias = graph.op('Where', [later, lowest(network), scalar(network, 0)]);
  return graph.op('Unsqueeze', [bias, graph.integers(0, 1)]);
}
