import type { StackConfig } from '../config';
import type { Value } from '../onnx/graphBuilder';
import { fusedAttention } from './fusedAttention';
import { splitHeads, type AttentionContext, type Memory, type Past } from './heads';
import { linear, linears } from './linear';
import type { Network } from './network';
import { plainAttention } from './plainAttention';
import { valueNorms } from './valueNorms';

export interface MultiHeadOutput {
  /** [B * Tq, d_model] */
  readonly output: Value;
  /** What the heads looked with and at. */
  readonly projected: Projected;
  /** With `past`: its keys and values and those of x. */
  readonly present?: Memory | undefined;
  /** [B, h, Tq, Tk] if captured. */
  readonly weights?: Value | undefined;
  /** [B, h, Tk] if captured: see `valueNorms`. */
  readonly valueNorms?: Value | undefined;
}

/**
 * Multi-head attention, section 3.2.2:
 *
 *   MultiHead(Q, K, V) = Concat(head_1, ..., head_h) W^O
 *   head_i = Attention(Q W^Q_i, K W^K_i, V W^V_i)
 *
 *   W^Q_i, W^K_i [d_model, d_k]   W^V_i [d_model, d_v]   W^O [h d_v, d_model]
 *
 * The h matrices of a kind lie side by side in one matrix, so that one product makes all heads.
 *
 * Self-attention (section 3.2.3, second and third use): Q, K and V come from the same rows x [B * T, d_model]. With `past`, the
 * keys and values of earlier positions come before those of x: a decoder's step then computes one position, not all. With a
 * slot, x is one position and its key and value are written there; which slots are read is for the context's bias to say.
 */
export function selfAttention(
  network: Network,
  x: Value,
  context: AttentionContext,
  past?: Past,
): MultiHeadOutput {
  return network.graph.scope('selfAttention', () => {
    const { keys, values } = widths(context.stack);
    const sizes = { q: keys, k: keys, v: values };
    const [query, key, value] = linears(network, x, context.name, sizes) as [Value, Value, Value];
    if (!past?.slot) return attend(network, context, query, { key, value, layout: 'rows' }, past);
    const write = (slot: Value, rows: Value, earlier: Value) =>
      network.graph.op('Where', [slot, splitHeads(network, rows, context), earlier]);
    const present = {
      key: write(past.slot, key, past.key),
      value: write(past.slot, value, past.value),
    };
    return { ...attend(network, context, query, { ...present, layout: 'heads' }), present };
  });
}

/**
 * Encoder-decoder attention (section 3.2.3, first use): queries from the decoder's rows x [B * T, d_model], keys and values from
 * the encoder's output, made once per source by `crossMemory`.
 */
export function crossAttention(
  network: Network,
  x: Value,
  memory: Memory,
  context: AttentionContext,
): MultiHeadOutput {
  return network.graph.scope('crossAttention', () => {
    const { keys } = widths(context.stack);
    const query = linear(network, x, `${context.name}.q_proj`, network.config.modelSize, keys);
    return attend(network, context, query, { ...memory, layout: 'heads' });
  });
}

/** K W^K and V W^V of the encoder's output [B * S, d_model] for one decoder layer's encoder-decoder attention. */
export function crossMemory(network: Network, encoded: Value, context: AttentionContext): Memory {
  const { name, stack } = context;
  return network.graph.scope('crossMemory', () => {
    const { keys, values } = widths(stack);
    const [key, value] = linears(network, encoded, name, { k: keys, v: values });
    return {
      key: splitHeads(network, key as Value, context),
      value: splitHeads(network, value as Value, context),
    };
  });
}

/** Columns of all heads' matrices side by side. */
function widths({ heads, keySize, valueSize }: StackConfig): { keys: number; values: number } {
  return { keys: heads * keySize, values: heads * valueSize };
}

/** Keys and values before they are looked at: `rows` [B * Tk, h d_k] of the query's sequences, or split by heads already. */
interface Source extends Memory {
  readonly layout: 'rows' | 'heads';
}

export interface Projected extends Source {
  /** [B * Tq, h d_k] */
  readonly query: Value;
}

/** Attention of query rows [B * Tq, h d_k], then W^O. */
function attend(
  network: Network,
  context: AttentionContext,
  query: Value,
  source: Source,
  past?: Memory,
): MultiHeadOutput {
  const { graph, config } = network;
  const { stack, sequences } = context;
  // The fused operator's cache has one size for keys and values.
  const fused = network.attention === 'fused' && stack.keySize === stack.valueSize;
  const attention = fused ? fusedAttention : plainAttention;
  const rows = source.layout === 'rows';
  const result = attention(network, context, {
    query: graph.op('Reshape', [query, sequences]),
    key: rows ? graph.op('Reshape', [source.key, sequences]) : source.key,
    value: rows ? graph.op('Reshape', [source.value, sequences]) : source.value,
    layout: source.layout,
    past,
  });
  const { values } = widths(stack);
  const heads = graph.op('Reshape', [result.output, graph.integers(-1, values)]);
  const output = linear(network, heads, `${context.name}.out_proj`, values, config.modelSize);
  const projected = { ...source, query };
  if (!context.capture) return { output, projected, present: result.present };
  const byHead = rows ? splitHeads(network, source.value, context) : source.value;
  const norms = valueNorms(network, byHead, context);
  return { output, projected, weights: result.weights, valueNorms: norms };
}
