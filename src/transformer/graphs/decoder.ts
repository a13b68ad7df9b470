import type { TransformerConfig } from '../config';
import { decoderStack } from '../layers/decoderStack';
import { embedding } from '../layers/embedding';
import type { Memory } from '../layers/heads';
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
 * With `slots`, the shapes stay the same from step to step: past and present have P places, more than there are positions. The
 * new key and value are written where `slot` is true, and `self_bias` hides the places that hold nothing yet:
 *
 *   slot [P, 1] (bool), self_bias [1, 1, 1, P]
 *   past_key_l [R', h, P, d_k] -> present_key_l [R, h, P, d_k], values alike
 *
 * The best `top` tokens are chosen here, because copying R x V logits out costs more than the choice.
 */
export function emitDecoder(
  config: TransformerConfig,
  weights: Weights,
  options: GraphOptions,
): Uint8Array {
  const network = createNetwork('decoder', config, weights, options);
  const { graph, floatType } = network;
  const ids = graph.input('target_ids', ElementType.int64, ['batch', 'group']);
  const position = graph.input('position', ElementType.int64, [1]);
  const top = graph.input('top', ElementType.int64, [1]);
  const bias = graph.input('source_bias', floatType, ['batch', 1, 1, 'source']);
  const { sequences, length } = sizes(network, ids);
  const memories = memoryInputs(network, 'cross', ['batch', 'source']);
  const slots = options.slots ? slotInputs(network) : undefined;
  const pasts = pastInputs(network).map((past) => ({ ...past, slot: slots?.slot }));
  const x = embedding(network, 'decoder', ids, position);
  const { output, selfAttentions } = decoderStack(network, x, {
    // Every row is a sequence of one new position.
    self: { sequences: graph.integers(0, 1, -1), bias: slots?.bias },
    cross: { sequences, bias: forQueries(network, bias, length) },
    memories,
    pasts,
  });
  const search = options.plainSoftmax ? bestTokensInParts : bestTokens;
  const best = search(network, allowedLogits(network, output), top);
  const { float32, int64 } = ElementType;
  graph.output('top_log_probabilities', best.logProbabilities, float32, ['rows', 'top']);
  graph.output('top_ids', best.ids, int64, ['rows', 'top']);
  outputMemories(
    network,
    'present',
    selfAttentions.map(({ present }) => present as Memory),
  );
  return graph.finish();
}

/** The keys and values of the rows `row_index` of the step before, one per layer. */
export function pastInputs(network: Network): Memory[] {
  const { graph } = network;
  const rowIndex = graph.input('row_index', ElementType.int64, ['rows']);
  return memoryInputs(network, 'past', ['past_rows', 'past']).map(({ key, value }) => ({
    key: graph.op('Gather', [key, rowIndex]),
    value: graph.op('Gather', [value, rowIndex]),
  }));
}

function slotInputs({ graph, floatType }: Network): { slot: Value; bias: Value } {
  return {
    slot: graph.input('slot', ElementType.bool, ['past', 1]),
    bias: graph.input('self_bias', floatType, [1, 1, 1, 'past']),
  };
}

export function memoryInputs(
  network: Network,
  kind: string,
  [rows, positions]: readonly [string, string],
): Memory[] {
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

export function outputMemories(network: Network, name: string, memories: readonly Memory[]): void {
  const { graph, config, floatType } = network;
  const { heads, keySize, valueSize } = config.decoder;
  const dims = ['rows', heads, 'positions'] as const;
  memories.forEach(({ key, value }, layer) => {
    graph.output(`${name}_key_${layer}`, key, floatType, [...dims, keySize]);
    graph.output(`${name}_value_${layer}`, value, floatType, [...dims, valueSize]);
  });
}

/** log p = log softmax(logits), section 3.4: the `top` largest of each row [R, C] and the columns that they are in, [R, top]. */
function bestTokens(
  { graph }: Network,
  logits: Value,
  top: Value,
): { logProbabilities: Value; ids: Value } {
  const all = graph.op('LogSoftmax', [logits], { attributes: { axis: -1 } });
  const [logProbabilities, ids] = graph.ops('TopK', [all, top], 2) as [Value, Value];
  return { logProbabilities, ids };
}

/**
 * As `bestTokens`, without the operator LogSoftmax, which WebGPU leaves to the CPU and all logits with it:
 * log p = x - max - log sum exp(x - max), in which no exponential overflows.
 */
function bestTokensInParts(
  { graph }: Network,
  logits: Value,
  top: Value,
): ReturnType<typeof bestTokens> {
  const [best, ids] = graph.ops('TopK', [logits, top], 2) as [Value, Value];
  const most = graph.op('ReduceMax', [logits, graph.integers(-1)]); // [R, 1]
  const exponentials = graph.op('Exp', [graph.op('Sub', [logits, most])]);
  const sum = graph.op('ReduceSum', [exponentials, graph.integers(-1)]); // [R, 1]
  const shifted = graph.op('Sub', [best, most]);
  return { logProbabilities: graph.op('Sub', [shifted, graph.op('Log', [sum])]), ids };
}

/** Banned tokens are left for the search to skip, unless what they take has to go to the others. */
function allowedLogits(network: Network, output: Value): Value {
  const logits = outputProjection(network, output);
  return network.config.renormalize ? withoutBanned(network, logits) : logits;
}

/** Logits [R, V] with the banned tokens' at the lowest number, so that their probability is 0. */
function withoutBanned(network: Network, logits: Value): Value {
  const { graph, config } = network;
  const bias = new Float32Array(config.vocabularySize);
  for (const id of config.bannedTokenIds) bias[id] = LOWEST_FLOAT32;
  return graph.op('Add', [logits, graph.table('banned', [config.vocabularySize], bias)]);
}
