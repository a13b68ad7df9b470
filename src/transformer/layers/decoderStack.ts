import type { Value } from '../onnx/graphBuilder';
import { finalNorm, type StackInputs } from './encoderStack';
import { feedForward } from './feedForward';
import type { Memory, Past } from './heads';
import { crossAttention, selfAttention, type MultiHeadOutput } from './multiHeadAttention';
import type { Network } from './network';
import { residual } from './residualNorm';

export interface DecoderInputs {
  /** Of the attention among target positions. */
  readonly self: StackInputs;
  /** Of the attention to the source; its bias [B, 1, T, S] hides the source's padding. */
  readonly cross: StackInputs;
  /** Keys and values of the encoder's output, one per layer. */
  readonly memories: readonly Memory[];
  /** Keys and values of earlier target positions, one per layer; absent where x holds all positions. */
  readonly pasts?: readonly Past[];
}

export interface DecoderOutput {
  /** [B * T, d_model] */
  readonly output: Value;
  readonly selfAttentions: MultiHeadOutput[];
  readonly crossAttentions: MultiHeadOutput[];
}

/**
 * The decoder, section 3.1: N identical layers of three sub-layers, self-attention that sees no later position, attention
 * to the encoder's output, and feed-forward. x [B * T, d_model].
 */
export function decoderStack(network: Network, x: Value, inputs: DecoderInputs): DecoderOutput {
  const { graph, config } = network;
  const { layers, feedForwardSize } = config.decoder;
  const selfAttentions: MultiHeadOutput[] = [];
  const crossAttentions: MultiHeadOutput[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const name = `model.decoder.layers.${layer}`;
    x = graph.scope(`decoder.${layer}`, () => {
      const attended = residual(network, x, `${name}.self_attn_layer_norm`, (rows) => {
        const context = { ...inputs.self, name: `${name}.self_attn`, stack: config.decoder };
        const attention = selfAttention(network, rows, context, inputs.pasts?.[layer]);
        selfAttentions.push(attention);
        return attention.output;
      });
      const informed = residual(network, attended, `${name}.encoder_attn_layer_norm`, (rows) => {
        const context = { ...inputs.cross, name: crossName(layer), stack: config.decoder };
        const memory = inputs.memories[layer] as Memory;
        const attention = crossAttention(network, rows, memory, context);
        crossAttentions.push(attention);
        return attention.output;
      });
      return residual(network, informed, `${name}.final_layer_norm`, (rows) =>
        feedForward(network, rows, name, feedForwardSize),
      );
    });
  }
  const output = finalNorm(network, x, 'model.decoder.layer_norm');
  return { output, selfAttentions, crossAttentions };
}

/** The name of a decoder layer's encoder-decoder attention in the checkpoint. */
export function crossName(layer: number): string {
  return `model.decoder.layers.${layer}.encoder_attn`;
}
