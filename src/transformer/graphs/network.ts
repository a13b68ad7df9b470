import type { TransformerConfig } from '../config';
import { WeightSource, type AttentionKind, type Network, type Precision } from '../layers/network';
import { GraphBuilder, type Value } from '../onnx/graphBuilder';
import { ElementType } from '../onnx/proto';
import { weightsError, type Weights } from '../weights';

export interface GraphOptions {
  readonly precision: Precision;
  readonly attention: AttentionKind;
  /** The file name by which the graph refers to model.safetensors. */
  readonly weightsLocation: string;
  /** Of a decoder: its tensors have room for more positions than there are, see emitDecoder. Absent: false. */
  readonly slots?: boolean;
  /** Of a decoder: its last softmax is spelled out, see bestTokensInParts. Absent: false. */
  readonly plainSoftmax?: boolean;
}

/** Throws modelWeightsInvalid if an int8 graph is asked of a float checkpoint. */
export function createNetwork(
  name: string,
  config: TransformerConfig,
  weights: Weights,
  options: GraphOptions,
): Network {
  const source = new WeightSource(weights, options.weightsLocation);
  if (options.precision === 'int8' && !source.quantized)
    throw weightsError('model.shared.weight', 'is not int8');
  return {
    graph: new GraphBuilder(name),
    config,
    weights: source,
    precision: options.precision,
    attention: options.attention,
    floatType: options.precision === 'fp16' ? ElementType.float16 : ElementType.float32,
  };
}

/** The sizes of ids [B, T]: the shape `sequences` [B, T, -1] that makes sequences of rows, and T without dimensions. */
export function sizes(network: Network, ids: Value): { sequences: Value; length: Value } {
  const { graph } = network;
  const shape = graph.op('Shape', [ids]);
  return {
    sequences: graph.op('Concat', [shape, graph.integers(-1)], { attributes: { axis: 0 } }),
    length: graph.op('Gather', [shape, graph.integer(1)]),
  };
}

/** 0, 1, ..., length - 1. */
export function positionsUpTo(network: Network, length: Value): Value {
  const { graph } = network;
  return graph.op('Range', [graph.integer(0), length, graph.integer(1)]);
}

/** Repeats a bias [B, 1, 1, S] for T queries: [B, 1, T, S], which the fused operator wants in full. `length` is T. */
export function forQueries(network: Network, bias: Value, length: Value): Value {
  const { graph } = network;
  const queries = graph.op('Unsqueeze', [length, graph.integers(0)]);
  const one = graph.integers(1);
  const shape = graph.op('Concat', [one, one, queries, one], { attributes: { axis: 0 } });
  return graph.op('Expand', [bias, shape]);
}
