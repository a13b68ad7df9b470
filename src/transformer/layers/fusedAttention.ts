import { ABSENT, type Value } from '../onnx/graphBuilder';
import type { AttentionContext, AttentionInputs, AttentionResult } from './heads';
import type { Network } from './network';

/**
 * All heads of one attention as onnxruntime's own operator, which computes what `plainAttention` spells out without writing
 * intermediate results back. Its fourth output is Q K^T / sqrt(d_k) with the bias added: one softmax short of the attention weights.
 */
export function fusedAttention(
  network: Network,
  context: AttentionContext,
  inputs: AttentionInputs,
): AttentionResult {
  const { graph } = network;
  const { stack, bias, capture } = context;
  const { heads } = stack;
  const { query, key, value, past } = inputs;
  const projectionBias = ABSENT; // added by the projections already
  const paddingMask = ABSENT; // not every provider has it; the bias says the same
  const operands = [query, key, value, projectionBias, paddingMask, bias ?? ABSENT];
  if (past) operands.push(past.key, past.value);
  const outputs = capture ? 4 : past ? 3 : 1;
  const [output, presentKey, presentValue, scores] = graph.ops(
    'MultiHeadAttention',
    operands,
    outputs,
    { domain: 'com.microsoft', attributes: { num_heads: heads } },
  ) as [Value, Value, Value, Value];
  const present = past ? { key: presentKey, value: presentValue } : undefined;
  if (!capture) return { output, present };
  // The runtime has no shape inference for this output: undeclared, the session cannot be made. The names are this output's
  // own: by equal names it would take the attention of source and target for equally large and reuse one's memory for the other.
  const [queries, keys] = [`${scores}/queries`, `${scores}/keys`];
  graph.declare(scores, network.floatType, ['batch', heads, queries, keys]);
  const weights = graph.op('Softmax', [scores], { attributes: { axis: -1 } });
  return { output, present, weights };
}
