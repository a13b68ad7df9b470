import type { Value } from '../onnx/graphBuilder';
import { linear } from './linear';
import type { Network } from './network';
import { fusedAttention } from './fusedAttention';
import { splitHeads, type AttentionContext, type Memory } from './heads';
import { plainAttention } from './plainAttention';
import { valueNorms } from './valueNorms';

export interface MultiHeadOutput {
  /** [B * Tq, d_model] */
  readonly output: Value;
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
 * keys and values of earlier positions come before those of x: a decoder's step then computes one position, not all.
 */
export function selfAttention(
  network: Network,
  x: Value,
  context: AttentionContext,
  past?: Memory,
): MultiHeadOutput {
  return network.graph.scope('selfAttention', () => {
    const [query, key, value] = projectSelf(network, x, context) as [Value, Value, Value];
    return attend(network, context, query, { key, value, layout: 'rows' }, past);
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
    const size = context.stack.heads * context.stack.keySize;
    const query = linear(network, x, `${context.name}.q_proj`, network.config.modelSize, size);
    return attend(network, context, query, { ...memory, layout: 'heads' });
  });
}

/** K W^K and V W^V of the encoder's output [B * S, d_model] for one decoder layer's encoder-decoder attention. */
export function crossMemory(network: Network, encoded: Value, context: AttentionContext): Memory {
  const { graph, config, weights } = network;
  const { name, stack } = context;
  return graph.scope('crossMemory', () => {
    const sizes = [stack.heads * stack.keySize, stack.heads * stack.valueSize];
    const [key, value] = weights.quantized
      ? splitProduct(network, encoded, `${name}.kv_proj`, sizes)
      : [
          linear(network, encoded, `${name}.k_proj`, config.modelSize, sizes[0] as number),
          linear(network, encoded, `${name}.v_proj`, config.modelSize, sizes[1] as number),
        ];
    return {
      key: splitHeads(network, key as Value, context),
      value: splitHeads(network, value as Value, context),
    };
  });
}

function projectSelf(network: Network, x: Value, context: AttentionContext): Value[] {
  const { config, weights } = network;
  const { name, stack } = context;
  const keys = stack.heads * stack.keySize;
  const values = stack.heads * stack.valueSize;
  if (weights.quantized) return splitProduct(network, x, `${name}.qkv_proj`, [keys, keys, values]);
  return [
    linear(network, x, `${name}.q_proj`, config.modelSize, keys),
    linear(network, x, `${name}.k_proj`, config.modelSize, keys),
    linear(network, x, `${name}.v_proj`, config.modelSize, values),
  ];
}

/** The int8 layout joins matrices that are applied to the same rows: one larger product is faster than two or three. */
function splitProduct(network: Network, x: Value, name: string, sizes: number[]): Value[] {
  const { graph, config } = network;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const joined = linear(network, x, name, config.modelSize, total);
  return graph.ops('Split', [joined, graph.integers(...sizes)], sizes.length, {
    attributes: { axis: 1 },
  });
}

/** Keys and values before they are looked at: `rows` [B * Tk, h d_k] of the query's sequences, or split by heads already. */
interface Source extends Memory {
  readonly layout: 'rows' | 'heads';
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
  const attention = network.attention === 'fused' ? fusedAttention : plainAttention;
  const rows = source.layout === 'rows';
  const result = attention(network, context, {
    query: graph.op('Reshape', [query, sequences]),
    key: rows ? graph.op('Reshape', [source.key, sequences]) : source.key,
    value: rows ? graph.op('Reshape', [source.value, sequences]) : source.value,
    layout: source.layout,
    past,
  });
  const size = stack.heads * stack.valueSize;
  const concatenated = graph.op('Reshape', [result.output, graph.integers(-1, size)]);
  const output = linear(network, concatenated, `${context.name}.out_proj`, size, config.modelSize);
  if (!context.capture) return { output, present: result.present };
  const values = rows ? splitHeads(network, source.value, context) : source.value;
  return { output, weights: result.weights, valueNorms: valueNorms(network, values, context) };
}
