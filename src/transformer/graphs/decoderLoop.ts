import type { TransformerConfig } from '../config';
import { decoderStack } from '../layers/decoderStack';
import { embedding } from '../layers/embedding';
import type { Memory } from '../layers/heads';
import { int8Product } from '../layers/linear';
import type { Network } from '../layers/network';
import type { Value } from '../onnx/graphBuilder';
import { ElementType } from '../onnx/proto';
import type { Weights } from '../weights';
import { memoryInputs, outputMemories, pastInputs } from './decoder';
import { createNetwork, forQueries, sizes, type GraphOptions } from './network';

/**
 * Emits several steps of the decoder of an int8 model over a part of the vocabulary: `emitDecoder`'s, in a Loop, with the
 * columns of the output layer as inputs. What a run costs beside its kernels is paid once for all of its steps.
 *
 *   steps [] (int64): the most there may be
 *   output_weight [d_model, C] (int8), output_scale [C], output_bias [C]: the pieces that are weighed
 *   output_ids [K] (int64), K <= C: the first of them, which may be chosen; the others only take their share of the probability
 *   the other inputs as in emitDecoder
 *   -> top_log_probabilities [N, R, top], top_ids [N, R, top] of N steps, present_key_l, present_value_l [R, h, t + N, d]
 *
 * Every row goes on with its best piece. The first step that has a banned piece or the end among these is the last one, since
 * what follows is for the search to say. Probabilities are over the C pieces.
 */
export function emitDecoderLoop(
  config: TransformerConfig,
  weights: Weights,
  options: GraphOptions,
): Uint8Array {
  const network = createNetwork('decoderLoop', config, weights, options);
  const { graph, floatType } = network;
  const { float32, int8, int64 } = ElementType;
  const steps = graph.input('steps', int64, []);
  const ids = graph.input('target_ids', int64, ['batch', 'group']);
  const position = graph.input('position', int64, [1]);
  const top = graph.input('top', int64, [1]);
  const bias = graph.input('source_bias', floatType, ['batch', 1, 1, 'source']);
  const columns = {
    weight: graph.input('output_weight', int8, [config.modelSize, 'chosen']),
    scale: graph.input('output_scale', float32, ['chosen']),
    bias: graph.input('output_bias', float32, ['chosen']),
  };
  const pieces = graph.input('output_ids', int64, ['eligible']);
  const count = graph.op('Shape', [pieces]);
  const { sequences, length } = sizes(network, ids);
  const shape = graph.op('Shape', [ids]);
  const cross = { sequences, bias: forQueries(network, bias, length) };
  const memories = memoryInputs(network, 'cross', ['batch', 'source']);
  const pasts = pastInputs(network);
  const body = graph.body('step', () => {
    graph.input('step', int64, []);
    graph.input('going_on', ElementType.bool, []);
    const lastIds = graph.input('last_ids', int64, ['batch', 'group']);
    const at = graph.input('at', int64, [1]);
    const x = embedding(network, 'decoder', lastIds, at);
    const { output, selfAttentions } = decoderStack(network, x, {
      self: { sequences: graph.integers(0, 1, -1) }, // every row is a sequence of one new position
      cross,
      memories,
      pasts: memoryInputs(network, 'step_past', ['rows', 'past']),
    });
    const logits = int8Product(network, output, columns);
    const all = graph.op('LogSoftmax', [logits], { attributes: { axis: -1 } });
    const eligible = graph.op('Slice', [all, graph.integers(0), count, graph.integers(1)]);
    const [logProbabilities, places] = graph.ops('TopK', [eligible, top], 2) as [Value, Value];
    const found = graph.op('Gather', [pieces, places]);
    const first = graph.op('Gather', [found, graph.integers(0)], { attributes: { axis: 1 } });
    graph.output('goes_on', goesOn(network, first), ElementType.bool, []);
    graph.output('next_ids', graph.op('Reshape', [first, shape]), int64, ['batch', 'group']);
    graph.output('next_at', graph.op('Add', [at, graph.integers(1)]), int64, [1]);
    outputMemories(
      network,
      'step_present',
      selfAttentions.map(({ present }) => present as Memory),
    );
    graph.output('step_log_probabilities', logProbabilities, float32, ['rows', 'top']);
    graph.output('step_ids', found, int64, ['rows', 'top']);
  });
  const begins = graph.op('Greater', [steps, graph.integer(0)]);
  const carried = [ids, position, ...pasts.flatMap(({ key, value }) => [key, value])];
  const results = graph.ops('Loop', [steps, begins, ...carried], carried.length + 2, {
    attributes: { body: { body } },
  });
  const presents = results.slice(2, carried.length);
  outputMemories(
    network,
    'present',
    pasts.map((_, layer) => {
      const [key, value] = presents.slice(2 * layer);
      return { key: key as Value, value: value as Value };
    }),
  );
  const [topLogProbabilities, topIds] = results.slice(carried.length) as [Value, Value];
  const dims = ['steps', 'rows', 'top'] as const;
  graph.output('top_log_probabilities', topLogProbabilities, float32, dims);
  graph.output('top_ids', topIds, int64, dims);
  return graph.finish();
}

/** Whether none of the pieces [R, 1] is the end or banned. */
function goesOn(network: Network, pieces: Value): Value {
  const { graph, config } = network;
  const stops = graph.integers(config.endTokenId, ...config.bannedTokenIds);
  const equal = graph.op('Equal', [pieces, stops]);
  const counted = graph.op('Cast', [equal], { attributes: { to: ElementType.int64 } });
  const sum = graph.op('ReduceSum', [counted], { attributes: { keepdims: 0 } });
  return graph.op('Equal', [sum, graph.integer(0)]);
}
