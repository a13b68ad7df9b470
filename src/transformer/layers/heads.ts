import type { StackConfig } from '../config';
import type { Value } from '../onnx/graphBuilder';
import type { Network } from './network';

/** Keys and values by head: [B, h, Tk, d_k] and [B, h, Tk, d_v]. */
export interface Memory {
  readonly key: Value;
  readonly value: Value;
}

/** Keys and values of earlier positions. */
export interface Past extends Memory {
  /**
   * bool [P, 1]: the place of the new position among the P that there is room for. Absent: as many places as positions, and the
   * new one comes last.
   */
  readonly slot?: Value | undefined;
}

/** Which attention this is, and over what. */
export interface AttentionContext {
  /** The module's name in the checkpoint, such as `model.encoder.layers.0.self_attn`. */
  readonly name: string;
  /** Whose h, d_k and d_v it has. */
  readonly stack: StackConfig;
  /** int64 [3]: B, T, -1. Rows [B * T, n] reshaped by it are sequences [B, T, n]. */
  readonly sequences: Value;
  /** [B or 1, 1, Tq, Tk], added to the scores before the softmax. */
  readonly bias?: Value | undefined;
  /** Whether the attention weights and value norms are wanted as well. */
  readonly capture?: boolean | undefined;
}

export interface AttentionInputs {
  /** [B, Tq, h d_k] */
  readonly query: Value;
  /** [B, Tk, h d_k], or [B, h, Tk, d_k] in layout `heads`. */
  readonly key: Value;
  /** [B, Tk, h d_v], or [B, h, Tk, d_v] in layout `heads`. */
  readonly value: Value;
  readonly layout: 'rows' | 'heads';
  /** Keys and values of earlier positions, which come first. */
  readonly past: Memory | undefined;
}

export interface AttentionResult {
  /** [B, Tq, h d_v]: the heads side by side, "Concat(head_1, ..., head_h)". */
  readonly output: Value;
  /** With `past`: all keys and values. */
  readonly present?: Memory | undefined;
  /** [B, h, Tq, Tk] if captured. */
  readonly weights?: Value | undefined;
}

/** Rows [B * T, h n] -> heads [B, h, T, n]. */
export function splitHeads(network: Network, rows: Value, context: AttentionContext): Value {
  const { graph } = network;
  const sequences = graph.op('Reshape', [rows, context.sequences]);
  return splitSequences(network, sequences, context.stack.heads);
}

/** Sequences [B, T, h n] -> heads [B, h, T, n]. */
export function splitSequences(network: Network, sequences: Value, heads: number): Value {
  const { graph } = network;
  const split = graph.op('Reshape', [sequences, graph.integers(0, 0, heads, -1)]); // [B, T, h, n]
  return graph.op('Transpose', [split], { attributes: { perm: [0, 2, 1, 3] } });
}
