import type { StackConfig, TransformerConfig } from './config';
import { learnedRows } from './layers/positionalEncoding';

/** Trained numbers by component. Sinusoids and Marian's final_logits_bias are not trained and do not count. */
export interface ParameterCounts {
  /** E [V, d_model]; with untied softmax also the output matrix. */
  readonly embedding: number;
  readonly output: number;
  /** Learned position tables of both sides. */
  readonly positions: number;
  readonly embeddingNorms: number;
  readonly encoder: StackCounts;
  readonly decoder: StackCounts;
  readonly total: number;
}

export interface StackCounts {
  /** One multi-head attention: W^Q, W^K, W^V, W^O and their biases. A decoder layer has two. */
  readonly attention: number;
  /** One feed-forward network: W_1, W_2 and their biases. */
  readonly feedForward: number;
  /** One layer norm: gain and bias. */
  readonly norm: number;
  /** One layer with all its sub-layers and norms. */
  readonly layer: number;
  /** All layers and, with pre-norm, the norm after them. */
  readonly total: number;
}

export function countParameters(config: TransformerConfig): ParameterCounts {
  const { vocabularySize, modelSize } = config;
  const norm = 2 * modelSize;
  const embedding = vocabularySize * modelSize;
  const output = config.tiedSoftmax ? 0 : embedding;
  const positions = config.positions === 'learned' ? 2 * learnedRows(config) * modelSize : 0;
  const embeddingNorms = config.embeddingNorm ? 2 * norm : 0;
  const encoder = countStack(config, config.encoder, 1);
  const decoder = countStack(config, config.decoder, 2);
  const total = embedding + output + positions + embeddingNorms + encoder.total + decoder.total;
  return { embedding, output, positions, embeddingNorms, encoder, decoder, total };
}

function countStack(
  config: TransformerConfig,
  stack: StackConfig,
  attentionsPerLayer: number,
): StackCounts {
  const { modelSize } = config;
  const keys = stack.heads * stack.keySize;
  const values = stack.heads * stack.valueSize;
  const attention =
    2 * linear(modelSize, keys) + linear(modelSize, values) + linear(values, modelSize);
  const feedForward =
    linear(modelSize, stack.feedForwardSize) + linear(stack.feedForwardSize, modelSize);
  const norm = 2 * modelSize;
  // Every sub-layer, attention or feed-forward, has its norm.
  const layer = attentionsPerLayer * (attention + norm) + feedForward + norm;
  const total = stack.layers * layer + (config.norm === 'pre' ? norm : 0);
  return { attention, feedForward, norm, layer, total };
}

/** Weights and bias of one linear map. */
function linear(inSize: number, outSize: number): number {
  return inSize * outSize + outSize;
}
