import type { Value } from '../onnx/graphBuilder';
import { scalar, type Network } from './network';

export interface AttentionOutput {
  /** [B, h, Tq, d_v] */
  readonly output: Value;
  /** [B, h, Tq, Tk], rows sum to 1. */
  readonly weights: Value;
}

/**
 * Scaled dot-product attention, section 3.2.1, equation 1:
 *
 *   Attention(Q, K, V) = softmax(Q K^T / sqrt(d_k)) V
 *
 *   Q [B, h, Tq, d_k]   K [B, h, Tk, d_k]   V [B, h, Tk, d_v]
 *
 * Masking out, "setting to -infinity all values in the input of the softmax which correspond to illegal connections"
 * (section 3.2.3), is the addition of `bias`, [B or 1, 1, Tq or 1, Tk]: 0 where a query may look, the lowest number where not.
 */
export function scaledDotProductAttention(
  network: Network,
  query: Value,
  key: Value,
  value: Value,
  keySize: number,
  bias: Value | undefined,
): AttentionOutput {
  const { graph } = network;
  const transposed = graph.op('Transpose', [key], { attributes: { perm: [0, 1, 3, 2] } });
  const products = graph.op('MatMul', [query, transposed]);
  const scores = graph.op('Mul', [products, scalar(network, 1 / Math.sqrt(keySize))]);
  const masked = bias ? graph.op('Add', [scores, bias]) : scores;
  const weights = graph.op('Softmax', [masked], { attributes: { axis: -1 } });
  return { output: graph.op('MatMul', [weights, value]), weights };
}
