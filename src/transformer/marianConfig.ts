/** Reads the config.json of a Hugging Face MarianMTModel folder. */
import {
  configError,
  validateConfig,
  type Activation,
  type PositionalEncoding,
  type StackConfig,
  type TransformerConfig,
} from './config';

/** `swish` is the older name of SiLU; GELU is the exact one, with the error function. */
const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  relu: 'relu',
  gelu: 'gelu',
  silu: 'silu',
  swish: 'silu',
};

const POSITIONS: readonly PositionalEncoding[] = [
  'sinusoidalInterleaved',
  'sinusoidalConcatenated',
  'learned',
  'index',
  'normalizedIndex',
];

type Fields = Readonly<Record<string, unknown>>;

/**
 * config.json, and generation_config.json where the folder has one, as a TransformerConfig.
 *
 * MarianMTModel itself knows only post-norm, d_k = d_v = d_model / h and two kinds of positions. What goes beyond stands
 * under `headlight`: `{"norm": "pre", "positions": "sinusoidalInterleaved", "positionOffset": 2, "keySize": 32, "valueSize": 32}`.
 *
 * Throws modelConfigInvalid with the field's name in `data.field`.
 */
export function parseMarianConfig(json: unknown, generationJson?: unknown): TransformerConfig {
  const fields = object(json, 'config.json');
  const extra = fields.headlight === undefined ? {} : object(fields.headlight, 'headlight');
  const generation = generationJson === undefined ? {} : object(generationJson, 'generation');
  // Where both files say how to decode, only the newer one counts, as in the reference.
  const decoding = generationJson === undefined ? fields : generation;
  if (fields.model_type !== undefined && fields.model_type !== 'marian')
    throw configError('model_type', `is ${JSON.stringify(fields.model_type)}, not "marian"`);
  const vocabularySize = whole(fields, 'vocab_size');
  if ((optionalWhole(fields, 'decoder_vocab_size') ?? vocabularySize) !== vocabularySize)
    throw configError('decoder_vocab_size', 'must equal vocab_size: one vocabulary serves both');
  if (!flag(fields, 'share_encoder_decoder_embeddings', true))
    throw configError('share_encoder_decoder_embeddings', 'must be true: one table serves both');
  return validateConfig({
    vocabularySize,
    modelSize: whole(fields, 'd_model'),
    encoder: stack(fields, extra, 'encoder'),
    decoder: stack(fields, extra, 'decoder'),
    activation: activation(fields),
    norm: norm(fields, extra),
    embeddingNorm: flag(fields, 'normalize_embedding', false),
    positions: positions(fields, extra),
    maxPositions: whole(fields, 'max_position_embeddings'),
    positionOffset: optionalWhole(extra, 'positionOffset') ?? 0,
    scaleEmbedding: flag(fields, 'scale_embedding', false),
    tiedSoftmax: flag(fields, 'tie_word_embeddings', true),
    padTokenId: whole(fields, 'pad_token_id'),
    endTokenId: optionalWhole(generation, 'eos_token_id') ?? whole(fields, 'eos_token_id'),
    startTokenId:
      optionalWhole(generation, 'decoder_start_token_id') ??
      whole(fields, 'decoder_start_token_id'),
    bannedTokenIds: bannedTokens(decoding.bad_words_ids),
    renormalize: flag(decoding, 'renormalize_logits', false),
    forcedEndTokenId: optionalWhole(decoding, 'forced_eos_token_id'),
  });
}

function stack(fields: Fields, extra: Fields, side: 'encoder' | 'decoder'): StackConfig {
  const heads = whole(fields, `${side}_attention_heads`);
  const keySize =
    optionalWhole(extra, 'keySize') ?? headSize(whole(fields, 'd_model'), heads, side);
  return {
    layers: whole(fields, `${side}_layers`),
    heads,
    keySize,
    valueSize: optionalWhole(extra, 'valueSize') ?? keySize,
    feedForwardSize: whole(fields, `${side}_ffn_dim`),
  };
}

/** d_k = d_v = d_model / h, section 3.2.2. */
function headSize(modelSize: number, heads: number, side: string): number {
  const size = modelSize / heads;
  if (!Number.isInteger(size))
    throw configError(`${side}_attention_heads`, `${heads} does not divide d_model ${modelSize}`);
  return size;
}

function activation(fields: Fields): Activation {
  const name = fields.activation_function ?? 'gelu'; // MarianConfig's own default
  const known = typeof name === 'string' ? ACTIVATIONS[name] : undefined;
  if (!known) throw configError('activation_function', `${JSON.stringify(name)} is not known`);
  return known;
}

function norm(fields: Fields, extra: Fields): 'pre' | 'post' {
  const name = extra.norm ?? (flag(fields, 'normalize_before', false) ? 'pre' : 'post');
  if (name === 'pre' || name === 'post') return name;
  throw configError('headlight.norm', 'must be "pre" or "post"');
}

function positions(fields: Fields, extra: Fields): PositionalEncoding {
  if (extra.positions === undefined)
    return flag(fields, 'static_position_embeddings', true) ? 'sinusoidalConcatenated' : 'learned';
  const known = POSITIONS.find((name) => name === extra.positions);
  if (!known)
    throw configError('headlight.positions', `${JSON.stringify(extra.positions)} is not known`);
  return known;
}

/** Only single tokens can be banned: sequences need a look at the past that no Marian checkpoint asks for. */
function bannedTokens(value: unknown): number[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw configError('bad_words_ids', 'must be a list');
  return value.map((sequence: unknown) => {
    const id: unknown = Array.isArray(sequence) && sequence.length === 1 ? sequence[0] : undefined;
    if (typeof id !== 'number') throw configError('bad_words_ids', 'must hold single tokens');
    return id;
  });
}

function object(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw configError(field, 'must be an object');
  return value as Fields;
}

function whole(fields: Fields, field: string): number {
  const value = fields[field];
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw configError(field, `must be a whole number, not ${JSON.stringify(value) ?? 'missing'}`);
  return value;
}

function optionalWhole(fields: Fields, field: string): number | undefined {
  return fields[field] === undefined || fields[field] === null ? undefined : whole(fields, field);
}

function flag(fields: Fields, field: string, otherwise: boolean): boolean {
  const value = fields[field] ?? otherwise;
  if (typeof value !== 'boolean') throw configError(field, 'must be true or false');
  return value;
}
