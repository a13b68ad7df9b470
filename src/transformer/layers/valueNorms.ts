import type { Value } from '../onnx/graphBuilder';
import type { AttentionContext } from './heads';
import { dequantizedMatrix } from './linear';
import type { Network } from './network';

/**
 * How much of each key's value reaches the output through each head (Kobayashi et al. 2020, arXiv 2004.10102): the head h adds
 * a_ij f_h(x_j) to the output of query i, with
 *
 *   f_h(x) = (x W^V_h + b^V_h) W^O_h
 *
 * and its length is a_ij ||f_h(x_j)||. The second factor does not depend on the query: one number per head and key.
 *
 *   values (x W^V + b^V by head) [B, h, Tk, d_v]   W^O by head [h, d_v, d_model]   result [B, h, Tk]
 */
export function valueNorms(network: Network, values: Value, context: AttentionContext): Value {
  const { graph } = network;
  return graph.scope('valueNorms', () => {
    const outputs = graph.op('MatMul', [values, outputMatrixByHead(network, context)]);
    return graph.op('ReduceL2', [outputs, graph.integers(-1)], { attributes: { keepdims: 0 } });
  });
}

/** W^O as [h, d_v, d_model]. */
function outputMatrixByHead(network: Network, { name, stack }: AttentionContext): Value {
  const { graph, config, weights } = network;
  const { heads, valueSize } = stack;
  const { modelSize } = config;
  const matrix = `${name}.out_proj.weight`;
  const inSize = heads * valueSize;
  const inByOut = weights.quantized
    ? dequantizedMatrix(network, matrix, inSize, modelSize)
    : graph.op('Transpose', [weights.float(network, matrix, [modelSize, inSize])], {
        attributes: { perm: [1, 0] },
      });
  return graph.op('Reshape', [inByOut, graph.integers(heads, valueSize, modelSize)]);
}
