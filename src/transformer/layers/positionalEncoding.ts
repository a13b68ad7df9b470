import type { TransformerConfig } from '../config';
import type { Value } from '../onnx/graphBuilder';
import { ElementType } from '../onnx/proto';
import { positionTable } from '../positionTable';
import { cast, type Network } from './network';

/** Rows of the stored table of learned positions. */
export function learnedRows(config: TransformerConfig): number {
  return config.maxPositions + config.positionOffset;
}

/** positions [S] (int64) -> their encodings [S, d_model]. */
export function positionalEncoding(
  network: Network,
  side: 'encoder' | 'decoder',
  positions: Value,
): Value {
  const { graph, config, weights } = network;
  const { maxPositions, modelSize } = config;
  if (config.positions === 'learned') {
    const name = `model.${side}.embed_positions.weight`;
    const table = weights.float(network, name, [learnedRows(config), modelSize]);
    const rows =
      config.positionOffset === 0
        ? positions
        : graph.op('Add', [positions, graph.integer(config.positionOffset)]);
    return graph.op('Gather', [table, rows]);
  }
  const values = positionTable(config.positions, maxPositions, modelSize);
  const table = graph.table(`positions/${config.positions}`, [maxPositions, modelSize], values);
  return cast(network, graph.op('Gather', [table, positions]), ElementType.float32);
}
