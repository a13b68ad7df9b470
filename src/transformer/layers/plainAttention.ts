import type { Value } from '../onnx/graphBuilder';
import {
  splitSequences,
  type AttentionContext,
  type AttentionInputs,
  type AttentionResult,
} from './heads';
import type { Network } from './network';
import { scaledDotProductAttention } from './scaledDotProductAttention';

/** All heads of one attention in standard ONNX operators, for providers without the fused operator and as its check. */
export function plainAttention(
  network: Network,
  context: AttentionContext,
  inputs: AttentionInputs,
): AttentionResult {
  const { graph } = network;
  const { stack, bias } = context;
  const { heads, valueSize } = stack;
  const byHead = (x: Value) => (inputs.layout === 'rows' ? splitSequences(network, x, heads) : x);
  const append = (past: Value | undefined, x: Value) =>
    past ? graph.op('Concat', [past, x], { attributes: { axis: 2 } }) : x;
  const query = splitSequences(network, inputs.query, heads);
  const key = append(inputs.past?.key, byHead(inputs.key));
  const value = append(inputs.past?.value, byHead(inputs.value));
  const attention = scaledDotProductAttention(network, query, key, value, stack.keySize, bias);
  const swapped = graph.op('Transpose', [attention.output], { attributes: { perm: [0, 2, 1, 3] } });
  return {
    output: graph.op('Reshape', [swapped, graph.integers(0, 0, heads * valueSize)]),
    present: inputs.past ? { key, value } : undefined,
    weights: attention.weights,
  };
}
