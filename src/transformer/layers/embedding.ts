import type { Value } from '../onnx/graphBuilder';
import { ElementType } from '../onnx/proto';
import { layerNorm } from './residualNorm';
import { cast, scalar, type Network } from './network';
import { positionalEncoding } from './positionalEncoding';

/**
 * Embedding and positional encoding, sections 3.4 and 3.5:
 *
 *   x = E[id] * sqrt(d_model) + PE[pos]
 *
 *   ids [B, S] (int64)   positions [S] (int64)   E [V, d_model]   x [B * S, d_model]
 *
 * From here on the batch is one list of positions: every layer but attention treats each row for itself.
 */
export function embedding(
  network: Network,
  side: 'encoder' | 'decoder',
  ids: Value,
  positions: Value,
): Value {
  const { graph, config } = network;
  return graph.scope(`${side}.embedding`, () => {
    const rows = lookup(network, ids);
    const scaled = config.scaleEmbedding
      ? graph.op('Mul', [rows, scalar(network, Math.sqrt(config.modelSize))])
      : rows;
    const sum = graph.op('Add', [scaled, positionalEncoding(network, side, positions)]);
    const x = graph.op('Reshape', [sum, graph.integers(-1, config.modelSize)]);
    return config.embeddingNorm ? layerNorm(network, x, `model.${side}.layernorm_embedding`) : x;
  });
}

/** ids [B, S] -> rows of E [B, S, d_model]. */
function lookup(network: Network, ids: Value): Value {
  const { graph, weights, config } = network;
  const name = 'model.shared.weight';
  const dims = [config.vocabularySize, config.modelSize];
  if (!weights.quantized) return graph.op('Gather', [weights.float(network, name, dims), ids]);
  // One scale per row, E[v, :] = q[v, :] * scale[v]: only the rows that are asked for become floats.
  const rows = graph.op('Gather', [weights.raw(graph, name, dims, ['I8']), ids]);
  const scales = weights.float(network, `${name}_scale`, [config.vocabularySize]);
  const perRow = graph.op('Unsqueeze', [graph.op('Gather', [scales, ids]), graph.integers(2)]);
  return graph.op('Mul', [cast(network, rows, ElementType.int8), perRow]);
}
