import type { TransformerConfig } from '../config';
import { crossName, decoderStack } from '../layers/decoderStack';
import { embedding } from '../layers/embedding';
import { encoderStack } from '../layers/encoderStack';
import { causalBias, paddingBias } from '../layers/masks';
import { crossMemory, type MultiHeadOutput } from '../layers/multiHeadAttention';
import { cast, type Network } from '../layers/network';
import { outputProjection } from '../layers/outputProjection';
import type { Value } from '../onnx/graphBuilder';
import { ElementType } from '../onnx/proto';
import type { Weights } from '../weights';
import { createNetwork, forQueries, positionsUpTo, sizes, type GraphOptions } from './network';

/**
 * Emits one pass over source and target with everything that attention did. Position t of the target is the query whose
 * decoder input is token t, the start token first ("teacher forcing": the decoder reads the given target, not its own choices).
 *
 *   source_ids [B, S], source_mask [B, S], target_ids [B, T] (int64)
 *   -> enc_l [B, h, S, S], dec_l [B, h, T, T], cross_l [B, h, T, S] for each layer l
 *      enc_norm_l [B, h, S], dec_norm_l [B, h, T], cross_norm_l [B, h, S]: lengths of the values, see `valueNorms`
 *      logits [B, T, V]
 *
 * All results are float32, the maps float16 if that is asked for: a long text's are then 72 MiB instead of 144.
 */
export function emitInspect(
  config: TransformerConfig,
  weights: Weights,
  options: GraphOptions,
  mapType: 'float32' | 'float16' = 'float32',
): Uint8Array {
  const network = createNetwork('inspect', config, weights, options);
  const { graph } = network;
  const sourceIds = graph.input('source_ids', ElementType.int64, ['batch', 'source']);
  const mask = graph.input('source_mask', ElementType.int64, ['batch', 'source']);
  const targetIds = graph.input('target_ids', ElementType.int64, ['batch', 'target']);
  const source = sizes(network, sourceIds);
  const target = sizes(network, targetIds);
  const padding = paddingBias(network, mask);
  const encoder = encoderStack(
    network,
    embedding(network, 'encoder', sourceIds, positionsUpTo(network, source.length)),
    {
      sequences: source.sequences,
      bias: forQueries(network, padding, source.length),
      capture: true,
    },
  );
  const memories = Array.from({ length: config.decoder.layers }, (_, layer) =>
    crossMemory(network, encoder.output, {
      name: crossName(layer),
      stack: config.decoder,
      sequences: source.sequences,
    }),
  );
  const { sequences, length } = target;
  const decoder = decoderStack(
    network,
    embedding(network, 'decoder', targetIds, positionsUpTo(network, length)),
    {
      self: { sequences, bias: causalBias(network, length), capture: true },
      cross: { sequences, bias: forQueries(network, padding, length), capture: true },
      memories,
    },
  );
  const rows = outputProjection(network, decoder.output);
  const logits = graph.op('Reshape', [rows, sequences]);
  graph.output('logits', logits, ElementType.float32, ['batch', 'target', config.vocabularySize]);
  // The runtime works off what nothing depends on from the last node to the first. In this order each layer's maps are rounded
  // when they are there; in the other one all of them would be kept in float32 until the end of the pass.
  const type = ElementType[mapType];
  const { heads } = config.decoder;
  for (let layer = config.decoder.layers - 1; layer >= 0; layer--) {
    const [self, cross] = [decoder.selfAttentions[layer], decoder.crossAttentions[layer]];
    output(network, 'cross', type, layer, cross, heads, ['target', 'source']);
    output(network, 'dec', type, layer, self, heads, ['target', 'target']);
  }
  for (let layer = config.encoder.layers - 1; layer >= 0; layer--) {
    const attention = encoder.attentions[layer];
    output(network, 'enc', type, layer, attention, config.encoder.heads, ['source', 'source']);
  }
  return graph.finish();
}

function output(
  network: Network,
  kind: 'enc' | 'dec' | 'cross',
  mapType: ElementType,
  layer: number,
  attention: MultiHeadOutput | undefined,
  heads: number,
  [queries, keys]: readonly [string, string],
): void {
  const { graph, floatType } = network;
  const { float32 } = ElementType;
  const weights = cast(network, attention?.weights as Value, floatType, mapType);
  const norms = cast(network, attention?.valueNorms as Value, floatType, float32);
  graph.output(`${kind}_norm_${layer}`, norms, float32, ['batch', heads, keys]);
  graph.output(`${kind}_${layer}`, weights, mapType, ['batch', heads, queries, keys]);
}
