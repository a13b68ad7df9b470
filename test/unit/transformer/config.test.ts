import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../src/common/errors';
import { parseMarianConfig } from '../../../src/transformer/marianConfig';
import { countParameters } from '../../../src/transformer/parameters';

/** The base model of the paper, Table 3, with the shared vocabulary of section 5.1. */
const BASE = {
  model_type: 'marian',
  vocab_size: 37000,
  d_model: 512,
  encoder_layers: 6,
  decoder_layers: 6,
  encoder_attention_heads: 8,
  decoder_attention_heads: 8,
  encoder_ffn_dim: 2048,
  decoder_ffn_dim: 2048,
  activation_function: 'relu',
  scale_embedding: true,
  max_position_embeddings: 512,
  pad_token_id: 36999,
  eos_token_id: 0,
  decoder_start_token_id: 36999,
};

interface Counts {
  readonly base: Record<
    | 'total'
    | 'embedding'
    | 'encoderAttention'
    | 'encoderFeedForward'
    | 'encoderLayer'
    | 'decoderLayer',
    number
  >;
  readonly bertBaseLayer: Record<'attention' | 'feedForward' | 'norms', number>;
}

const counts = JSON.parse(
  readFileSync(join(__dirname, '../../fixtures/transformer/counts.json'), 'utf8'),
) as Counts;

describe('transformer config', () => {
  it('reads the base model of the paper', () => {
    const config = parseMarianConfig(BASE);
    assert.deepEqual(config.encoder, {
      layers: 6,
      heads: 8,
      keySize: 64,
      valueSize: 64,
      feedForwardSize: 2048,
    });
    assert.equal(config.norm, 'post');
    assert.equal(config.positions, 'sinusoidalConcatenated');
    assert.equal(config.tiedSoftmax, true);
  });

  it('takes generation_config.json over config.json', () => {
    const config = parseMarianConfig(BASE, { eos_token_id: 5, bad_words_ids: [[36999]] });
    assert.equal(config.endTokenId, 5);
    assert.deepEqual(config.bannedTokenIds, [36999]);
  });

  it('reads how to decode from one file only, as the reference does', () => {
    const both = { forced_eos_token_id: 0, renormalize_logits: true, bad_words_ids: [[5]] };
    const alone = parseMarianConfig({ ...BASE, ...both });
    assert.equal(alone.forcedEndTokenId, 0);
    assert.equal(alone.renormalize, true);
    assert.deepEqual(alone.bannedTokenIds, [5]);
    const newer = parseMarianConfig({ ...BASE, ...both }, {});
    assert.equal(newer.forcedEndTokenId, undefined);
    assert.equal(newer.renormalize, false);
    assert.deepEqual(newer.bannedTokenIds, []);
  });

  const refused: [string, Record<string, unknown>, string][] = [
    ['heads that do not divide d_model', { encoder_attention_heads: 7 }, 'encoder_attention_heads'],
    ['no layers', { decoder_layers: 0 }, 'decoder.layers'],
    ['a negative size', { encoder_ffn_dim: -1 }, 'encoder.feedForwardSize'],
    ['a size that is no whole number', { d_model: 51.5 }, 'd_model'],
    ['a missing size', { d_model: undefined }, 'd_model'],
    ['text for a number', { vocab_size: '37000' }, 'vocab_size'],
    ['an absurd size', { vocab_size: 2 ** 40 }, 'vocabularySize'],
    ['an unknown activation', { activation_function: 'tanh' }, 'activation_function'],
    ['a token outside the vocabulary', { eos_token_id: 37000 }, 'endTokenId'],
    ['an unknown position encoding', { headlight: { positions: 'x' } }, 'headlight.positions'],
    ['an unknown norm placement', { headlight: { norm: 'x' } }, 'headlight.norm'],
    ['an offset without a table', { headlight: { positionOffset: 2 } }, 'positionOffset'],
    ['another model type', { model_type: 'bert' }, 'model_type'],
    ['two vocabularies', { decoder_vocab_size: 5 }, 'decoder_vocab_size'],
    [
      'unshared embeddings',
      { share_encoder_decoder_embeddings: false },
      'share_encoder_decoder_embeddings',
    ],
    ['a banned end token', { bad_words_ids: [[0]] }, 'bannedTokenIds'],
    ['banned sequences', { bad_words_ids: [[1, 2]] }, 'bad_words_ids'],
    ['a flag that is no flag', { scale_embedding: 1 }, 'scale_embedding'],
  ];
  for (const [what, change, field] of refused)
    it(`refuses ${what} by name`, () => {
      assert.throws(
        () => parseMarianConfig({ ...BASE, ...change }),
        (error) =>
          error instanceof AppError &&
          error.code === 'modelConfigInvalid' &&
          error.data.field === field,
      );
    });

  it('refuses what is no object', () => {
    for (const value of [null, [], 'x', 3]) assert.throws(() => parseMarianConfig(value), AppError);
  });
});

describe('parameter arithmetic', () => {
  it("agrees with the state dict of the paper's base model", () => {
    const { encoder, decoder, embedding, total } = countParameters(parseMarianConfig(BASE));
    assert.deepEqual(
      {
        total,
        embedding,
        encoderAttention: encoder.attention,
        encoderFeedForward: encoder.feedForward,
        encoderLayer: encoder.layer,
        decoderLayer: decoder.layer,
      },
      counts.base,
    );
  });

  it("agrees with BERT-base's encoder layer", () => {
    const { encoder } = countParameters(
      parseMarianConfig({
        ...BASE,
        d_model: 768,
        encoder_attention_heads: 12,
        decoder_attention_heads: 12,
        encoder_ffn_dim: 3072,
      }),
    );
    assert.equal(encoder.attention, 2_362_368);
    assert.equal(encoder.feedForward, 4_722_432);
    assert.deepEqual(
      { attention: encoder.attention, feedForward: encoder.feedForward, norms: 2 * encoder.norm },
      counts.bertBaseLayer,
    );
  });

  it('counts untied softmax, learned positions, final norms and other head sizes', () => {
    const base = countParameters(parseMarianConfig(BASE));
    const count = (change: Record<string, unknown>) =>
      countParameters(parseMarianConfig({ ...BASE, ...change })).total - base.total;
    assert.equal(count({ tie_word_embeddings: false }), 37000 * 512);
    assert.equal(count({ static_position_embeddings: false }), 2 * 512 * 512);
    assert.equal(count({ headlight: { norm: 'pre' } }), 2 * 2 * 512);
    assert.equal(count({ normalize_embedding: true }), 2 * 2 * 512);
    // Table 3, row B: d_k = 32, d_v still 64. 18 attentions lose half of W_Q, W_K and their biases.
    const halved = { keySize: 32, valueSize: 64 };
    assert.equal(count({ headlight: halved }), -18 * 2 * (512 * 256 + 256));
  });
});
