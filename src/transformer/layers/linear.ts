import { ABSENT, type Value } from '../onnx/graphBuilder';
import { ElementType } from '../onnx/proto';
import { cast, type Network } from './network';

/**
 * A linear map, applied to each position separately and identically: y = x W + b.
 *
 *   x [rows, in]   W [in, out]   b [out]   y [rows, out]
 *
 * A float checkpoint stores W transposed, [out, in], as PyTorch does; Gemm reads it so, nothing is copied in the file.
 * Our int8 layout stores [in, out] with one scale per output channel: W[i, o] = q[i, o] * scale[o].
 */
export function linear(
  network: Network,
  x: Value,
  name: string,
  inSize: number,
  outSize: number,
): Value {
  const { weights, graph } = network;
  const bias = weights.float(network, `${name}.bias`, [outSize]);
  if (weights.quantized)
    return quantizedProduct(network, x, `${name}.weight`, inSize, outSize, bias);
  const weight = weights.float(network, `${name}.weight`, [outSize, inSize]);
  return graph.op('Gemm', [x, weight, bias], { attributes: { transB: 1 } });
}

/**
 * Several linear maps of the same rows, such as `{ q: 512, k: 512, v: 512 }` for `NAME.q_proj`, `NAME.k_proj`, `NAME.v_proj`.
 * The int8 layout has them joined as `NAME.qkv_proj`: one larger product is faster than three.
 */
export function linears(
  network: Network,
  x: Value,
  name: string,
  outSizes: Readonly<Record<string, number>>,
): Value[] {
  const { graph, config, weights } = network;
  const parts = Object.entries(outSizes);
  if (!weights.quantized)
    return parts.map(([part, size]) =>
      linear(network, x, `${name}.${part}_proj`, config.modelSize, size),
    );
  const sizes = Object.values(outSizes);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const joinedName = `${name}.${Object.keys(outSizes).join('')}_proj`;
  const joined = linear(network, x, joinedName, config.modelSize, total);
  return graph.ops('Split', [joined, graph.integers(...sizes)], sizes.length, {
    attributes: { axis: 1 },
  });
}

/**
 * x W + b with W of the int8 layout.
 *
 * In an int8 network x is rounded to 8 bits as well, with one scale for the whole of it, found while running
 * (x = scale_x * (q_x - zero_x)); the products are summed in int32 and scaled once. In a float network, where the device has no
 * such operator, W is turned back into floats.
 */
export function quantizedProduct(
  network: Network,
  x: Value,
  name: string,
  inSize: number,
  outSize: number,
  bias: Value,
): Value {
  const { graph } = network;
  const { weight, scale } = quantizedMatrix(network, name, inSize, outSize);
  if (network.precision === 'int8') return int8Product(network, x, { weight, scale, bias });
  const matrix = dequantized(network, weight, scale);
  return graph.op('Gemm', [x, matrix, bias]);
}

/** W [in, out] int8, scale and bias [out]. */
export interface Int8Linear {
  readonly weight: Value;
  readonly scale: Value;
  readonly bias: Value;
}

export function int8Product(
  network: Network,
  x: Value,
  { weight, scale, bias }: Int8Linear,
): Value {
  const noZeroPoint = ABSENT; // q is symmetric around 0
  return network.graph.op('DynamicQuantizeMatMul', [x, weight, scale, noZeroPoint, bias], {
    domain: 'com.microsoft',
  });
}

/** W [in, out] of the int8 layout in the network's float type. */
export function dequantizedMatrix(
  network: Network,
  name: string,
  inSize: number,
  outSize: number,
): Value {
  const { weight, scale } = quantizedMatrix(network, name, inSize, outSize);
  return dequantized(network, weight, scale);
}

/** W [in, out] and its scales [out] of the int8 layout. */
export function quantizedMatrix(
  network: Network,
  name: string,
  inSize: number,
  outSize: number,
): { readonly weight: Value; readonly scale: Value } {
  const { weights, graph } = network;
  return {
    weight: weights.raw(graph, name, [inSize, outSize], ['I8']),
    scale: weights.raw(graph, `${name}_scale`, [outSize], ['F32']),
  };
}

/**
 * Not DequantizeLinear: onnxruntime would fuse that with the product and round the activations too. Cast and product of constants are
 * folded when the session is made.
 */
function dequantized(network: Network, weight: Value, scale: Value): Value {
  const values = cast(network, weight, ElementType.int8);
  return network.graph.op('Mul', [values, cast(network, scale, ElementType.float32)]);
}
