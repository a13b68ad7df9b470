import type { TransformerConfig } from '../config';
import { GraphBuilder } from '../onnx/graphBuilder';
import { ElementType } from '../onnx/proto';

/**
 * Emits the choice of sources out of what the encoder made of them, for tensors that lie in a device's memory: there a search
 * whose sources end one by one cannot copy them as it does in its own.
 *
 *   index [n] (int64), source_bias [B, 1, 1, S], cross_key_l [B, h, S, d_k], cross_value_l [B, h, S, d_v]
 *   -> kept_source_bias [n, 1, 1, S], kept_cross_key_l [n, h, S, d_k], kept_cross_value_l [n, h, S, d_v]
 */
export function emitTakeSources(
  { decoder }: TransformerConfig,
  precision: 'fp32' | 'fp16',
): Uint8Array {
  const graph = new GraphBuilder('takeSources');
  const type = precision === 'fp16' ? ElementType.float16 : ElementType.float32;
  const index = graph.input('index', ElementType.int64, ['kept']);
  const take = (name: string, dims: readonly (number | string)[]) => {
    const all = graph.input(name, type, ['batch', ...dims]);
    graph.output(`kept_${name}`, graph.op('Gather', [all, index]), type, ['kept', ...dims]);
  };
  take('source_bias', [1, 1, 'source']);
  const { layers, heads, keySize, valueSize } = decoder;
  for (let layer = 0; layer < layers; layer++) {
    take(`cross_key_${layer}`, [heads, 'source', keySize]);
    take(`cross_value_${layer}`, [heads, 'source', valueSize]);
  }
  return graph.finish();
}
