/**
 * The sizes and choices that make one Transformer out of the family described in "Attention Is All You Need"
 * (Vaswani et al. 2017, arXiv 1706.03762). The names of the paper stand in brackets.
 */
import { AppError } from '../common/errors';

/** The paper uses max(0, x); GELU and SiLU are the later replacements. */
export type Activation = 'relu' | 'gelu' | 'silu';

/** `post`: LayerNorm(x + Sublayer(x)), section 3.1. `pre`: x + Sublayer(LayerNorm(x)), with one more norm after the stack. */
export type NormPlacement = 'post' | 'pre';

/**
 * How a position becomes a vector (section 3.5 and the alternatives people compare it with):
 * - `sinusoidalInterleaved`: the paper's formula, channels 2i and 2i+1 hold sin and cos of one frequency;
 * - `sinusoidalConcatenated`: the same values, all sines in the first half, all cosines in the second (Marian, tensor2tensor);
 * - `learned`: a trained table (Table 3, row E);
 * - `index`: the position itself, in every channel;
 * - `normalizedIndex`: position / (maxPositions - 1), in every channel, so that it stays in [0, 1].
 */
export type PositionalEncoding =
  'sinusoidalInterleaved' | 'sinusoidalConcatenated' | 'learned' | 'index' | 'normalizedIndex';

/** One stack of identical layers, encoder or decoder. */
export interface StackConfig {
  /** [N] */
  readonly layers: number;
  /** [h] */
  readonly heads: number;
  /** [d_k], the size of a query or key of one head. */
  readonly keySize: number;
  /** [d_v], the size of a value of one head. */
  readonly valueSize: number;
  /** [d_ff], the inner size of the feed-forward part. */
  readonly feedForwardSize: number;
}

export interface TransformerConfig {
  readonly vocabularySize: number;
  /** [d_model] */
  readonly modelSize: number;
  readonly encoder: StackConfig;
  readonly decoder: StackConfig;
  readonly activation: Activation;
  readonly norm: NormPlacement;
  /** A LayerNorm on the embedding sum, before the first layer (mBART's habit; not in the paper). */
  readonly embeddingNorm: boolean;
  readonly positions: PositionalEncoding;
  /** Rows of the position table: the longest source or target, in tokens. */
  readonly maxPositions: number;
  /** Rows of a learned table that come before position 0 (BART keeps 2 of them). */
  readonly positionOffset: number;
  /** Embeddings multiplied by sqrt(d_model), section 3.4. */
  readonly scaleEmbedding: boolean;
  /** The matrix before the softmax is the embedding matrix, section 3.4. */
  readonly tiedSoftmax: boolean;
  readonly padTokenId: number;
  readonly endTokenId: number;
  /** What the decoder reads before the first target token. */
  readonly startTokenId: number;
  /** Tokens that are never generated. */
  readonly bannedTokenIds: readonly number[];
  /** Whether the probabilities of the other tokens are scaled up to 1 where tokens are banned. */
  readonly renormalize: boolean;
  /** What stands at the last place if a hypothesis reaches the token limit, whatever its probability. */
  readonly forcedEndTokenId?: number | undefined;
}

/** The epsilon inside the square root of every LayerNorm: PyTorch's default, which every Marian checkpoint was trained with. */
export const LAYER_NORM_EPSILON = 1e-5;

/** Bounds that no published Transformer reaches; they keep a hostile config.json from asking for the machine's memory. */
const MOST_LAYERS = 256;
const MOST_SIZE = 1 << 20;

export function configError(field: string, problem: string): AppError {
  return new AppError('modelConfigInvalid', `config.json: ${field} ${problem}`, { field });
}

/** Refuses what no Transformer can be. Throws modelConfigInvalid; `data.field` names the first wrong field. */
export function validateConfig(config: TransformerConfig): TransformerConfig {
  count('vocabularySize', config.vocabularySize, 2, MOST_SIZE);
  count('modelSize', config.modelSize, 1, MOST_SIZE);
  count('maxPositions', config.maxPositions, 1, MOST_SIZE);
  count('positionOffset', config.positionOffset, 0, 16);
  for (const side of ['encoder', 'decoder'] as const) {
    const stack = config[side];
    count(`${side}.layers`, stack.layers, 1, MOST_LAYERS);
    count(`${side}.heads`, stack.heads, 1, MOST_SIZE);
    count(`${side}.keySize`, stack.keySize, 1, MOST_SIZE);
    count(`${side}.valueSize`, stack.valueSize, 1, MOST_SIZE);
    count(`${side}.feedForwardSize`, stack.feedForwardSize, 1, MOST_SIZE);
  }
  if (config.positionOffset > 0 && config.positions !== 'learned')
    throw configError('positionOffset', 'is only meaningful for learned positions');
  const tokens: [string, number][] = [
    ['padTokenId', config.padTokenId],
    ['endTokenId', config.endTokenId],
    ['startTokenId', config.startTokenId],
    ['forcedEndTokenId', config.forcedEndTokenId ?? config.endTokenId],
    ...config.bannedTokenIds.map((id): [string, number] => ['bannedTokenIds', id]),
  ];
  for (const [field, id] of tokens) count(field, id, 0, config.vocabularySize - 1);
  if (config.bannedTokenIds.includes(config.endTokenId))
    throw configError('bannedTokenIds', 'bans the end token: nothing could ever end');
  if (config.bannedTokenIds.length >= config.vocabularySize)
    throw configError('bannedTokenIds', 'leaves no token to generate');
  return config;
}

function count(field: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw configError(field, `must be a whole number from ${least} to ${most}, not ${value}`);
}
