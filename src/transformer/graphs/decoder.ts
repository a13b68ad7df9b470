import type { TransformerConfig } from '../config';
import { decoderStack } from '../layers/decoderStack';
import { embedding } from '../layers/embedding';
import type { Memory } from '../layers/heads';
import { int8Product } from '../layers/linear';
import { LOWEST_FLOAT32 } from '../layers/masks';
import type { Network } from '../layers/network';
import { outputProjection } from '../layers/outputProjection';
import type { Value } from '../onnx/graphBuilder';
import { ElementType } from '../onnx/proto';
import type { Weights } from '../weights';
import { createNetwork, forQueries, sizes, type GraphOptions } from './network';

/**
 * Emits one step of the decoder: one more position for every hypothesis.
 *
 * B sources have G hypotheses each (G = 1 while decoding greedily and in a beam's first step), R = B * G rows in that order. Rows
 * take their keys and values of earlier positions from the rows `row_index` of the step before, so that a beam search reorders
 * and drops rows by numbers alone. The G hypotheses of a source are G queries to the same keys and values of the source.
 *
 *   target_ids [B, G] (int64), position [1] (int64), row_index [R] (int64), top [1] (int64)
 *   source_bias [B, 1, 1, S], cross_key_l [B, h, S, d_k], cross_value_l [B, h, S, d_v]
 *   past_key_l [R', h, t, d_k], past_value_l [R', h, t, d_v], with R' = R and t = 0 at the start
 *   -> top_log_probabilities [R, top] (float32, nats, descending), top_ids [R, top] (int64)
 *      present_key_l [R, h, t + 1, d_k], present_value_l [R, h, t + 1, d_v]
 *
 * The best `top` tokens are chosen here, because copying R x V logits out costs more than the choice.
 *
 * `output`: `whole` weighs all V pieces. `chosen` (int8 only) weighs C of them, whose columns of the output layer are inputs
 * too; probabilities are then over these C, and `top_ids` count them from 0:
 *
 *   output_weight [d_model, C] (int8), output_scale [C], output_bias [C]
 */
export function emitDecoder(
  config: TransformerConfig,
  weights: Weights,
  options: GraphOptions,
  output: 'whole' | 'chosen' = 'whole',
): Uint8Array {
  const network = createNetwork('decoder', config, weights, options);
  const { graph, floatType } = network;
  const ids = graph.input('target_ids', ElementType.int64, ['batch', 'group']);
  const position = graph.input('position', ElementType.int64, [1]);
  const rowIndex = graph.input('row_index', ElementType.int64, ['rows']);
  const top = graph.input('top', ElementType.int64, [1]);
  const bias = graph.input('source_bias', floatType, ['batch', 1, 1, 'source']);
  const { sequences, length } = sizes(network, ids);
  const memories = memoryInputs(network, 'cross', 'batch', 'source');
  const pasts = memoryInputs(network, 'past', 'past_rows', 'past').map(({ key, value }) => ({
    key: graph.op('Gather', [key, rowIndex]),
    value: graph.op('Gather', [value, rowIndex]),
  }));
  const x = embedding(network, 'decoder', ids, position);
  const { output: states, selfAttentions } = decoderStack(network, x, {
    self: { sequences: graph.integers(0, 1, -1) }, // every row is a sequence of one new position
    cross: { sequences, bias: forQueries(network, bias, length) },
    memories,
    pasts,
  });
  if (output === 'chosen') topTokens(network, chosenLogits(network, states), top);
  else topTokens(network, allowedLogits(network, states), top);
  const { heads, keySize, valueSize } = config.decoder;
  selfAttentions.forEach(({ present }, layer) => {
    const { key, value } = present as Memory;
    const dims = ['rows', heads, 'positions'] as const;
    graph.output(`present_key_${layer}`, key, floatType, [...dims, keySize]);
    graph.output(`present_value_${layer}`, value, floatType, [...dims, valueSize]);
  });
  return graph.finish();
}

function memoryInputs(network: Network, kind: string, rows: string, positions: string): Memory[] {
  const { graph, config, floatType } = network;
  const { heads, layers, keySize, valueSize } = config.decoder;
  return Array.from({ length: layers }, (_, layer) => {
    const dims = [rows, heads, positions] as const;
    return {
      key: graph.input(`${kind}_key_${layer}`, floatType, [...dims, keySize]),
      value: graph.input(`${kind}_value_${layer}`, floatType, [...dims, valueSize]),
    };
  });
}

/** log p = log softmax(logits), section 3.4, and the `top` largest of each row. */
function topTokens(network: Network, logits: Value, top: Value): void {
  const { graph } = network;
  const logProbabilities = graph.op('LogSoftmax', [logits], { attributes: { axis: -1 } });
  const [values, ids] = graph.ops('TopK', [logProbabilities, top], 2) as [Value, Value];
  graph.output('top_log_probabilities', values, ElementType.float32, ['rows', 'top']);
  graph.output('top_ids', ids, ElementType.int64, ['rows', 'top']);
}

/** Logits [R, C]; who gives the columns has left out what must not take a share of the probability. */
function chosenLogits(network: Network, states: Value): Value {
  const { graph, config } = network;
  const { int8, float32 } = ElementType;
  return int8Product(network, states, {
    weight: graph.input('output_weight', int8, [config.modelSize, 'chosen']),
    scale: graph.input('output_scale', float32, ['chosen']),
    bias: graph.input('output_bias', float32, ['chosen']),
  });
}

/** Banned tokens are left for the search to skip, unless what they take has to go to the others. */
function allowedLogits(network: Network, states: Value): Value {
  const logits = outputProjection(network, states);
  return network.config.renormalize ? withoutBanned(network, logits) : logits;
}

/** Logits [R, V] with the banned tokens' at the lowest number, so that their probability is 0. */
function withoutBanned(network: Network, logits: Value): Value {
  const { graph, config } = network;
  const bias = new Float32Array(config.vocabularySize);
  for (const id of config.bannedTokenIds) bias[id] = LOWEST_FLOAT32;
  return graph.op('Add', [logits, graph.table('banned', [config.vocabularySize], bias)]);
}
