import type { Value } from '../onnx/graphBuilder';
import { feedForward } from './feedForward';
import { selfAttention, type MultiHeadOutput } from './multiHeadAttention';
import type { Network } from './network';
import { layerNorm, residual } from './residualNorm';

export interface StackInputs {
  /** int64 [3]: B, T, -1, the shape that makes sequences of rows. */
  readonly sequences: Value;
  /** [B or 1, 1, T, T], hides padding (encoder) or later positions (decoder). */
  readonly bias?: Value | undefined;
  readonly capture?: boolean;
}

/**
 * The encoder, section 3.1: N identical layers of two sub-layers, self-attention and feed-forward, each with its residual
 * connection and norm. x [B * S, d_model] -> [B * S, d_model].
 */
export function encoderStack(
  network: Network,
  x: Value,
  inputs: StackInputs,
): { output: Value; attentions: MultiHeadOutput[] } {
  const { graph, config } = network;
  const { layers, feedForwardSize } = config.encoder;
  const attentions: MultiHeadOutput[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const name = `model.encoder.layers.${layer}`;
    x = graph.scope(`encoder.${layer}`, () => {
      const attended = residual(network, x, `${name}.self_attn_layer_norm`, (rows) => {
        const context = { ...inputs, name: `${name}.self_attn`, stack: config.encoder };
        const attention = selfAttention(network, rows, context);
        attentions.push(attention);
        return attention.output;
      });
      return residual(network, attended, `${name}.final_layer_norm`, (rows) =>
        feedForward(network, rows, name, feedForwardSize),
      );
    });
  }
  return { output: finalNorm(network, x, 'model.encoder.layer_norm'), attentions };
}

/** Pre-norm leaves the sum of all sub-layers unnormalized at the end of a stack: one more norm closes it. */
export function finalNorm(network: Network, x: Value, name: string): Value {
  return network.config.norm === 'pre' ? layerNorm(network, x, name) : x;
}
