/** The facts of a small model that does not exist: sizes of a run, parameters by the paper's arithmetic. Runs in the page. */
import type { BlockKind, ModelFacts } from '../../src/protocol/attentionQueries';
import type { AttentionRun } from '../../src/protocol/attentionRun';
import { modelBlocks } from '../../src/transformer/blocks';
import type { TransformerConfig } from '../../src/transformer/config';
import { parameterSums } from '../../src/transformer/parameterTerms';

const SIZE = 64;
const INNER = 4 * SIZE;
const VOCABULARY = 1000;

const PARAMETERS: Readonly<Partial<Record<BlockKind, number>>> = {
  selfAttention: 4 * (SIZE * SIZE + SIZE),
  crossAttention: 4 * (SIZE * SIZE + SIZE),
  feedForward: 2 * SIZE * INNER + INNER + SIZE,
  residualNorm: 2 * SIZE,
};

export function syntheticFacts(run: AttentionRun): ModelFacts {
  const { heads, encoderLayers, decoderLayers, modelName: name } = run;
  const keySize = SIZE / heads;
  const stack = { heads, keySize, valueSize: keySize, feedForwardSize: INNER };
  const config: TransformerConfig = {
    vocabularySize: VOCABULARY,
    modelSize: SIZE,
    encoder: { ...stack, layers: encoderLayers },
    decoder: { ...stack, layers: decoderLayers },
    activation: 'relu',
    norm: 'post',
    embeddingNorm: false,
    positions: 'sinusoidalInterleaved',
    maxPositions: 512,
    positionOffset: 0,
    scaleEmbedding: true,
    tiedSoftmax: true,
    padTokenId: 0,
    endTokenId: 1,
    startTokenId: 0,
    bannedTokenIds: [],
    renormalize: false,
  };
  const blocks = modelBlocks(config, new Map()).map((block) => {
    const embedding = block.id === 'encoder.embedding' ? VOCABULARY * SIZE : 0;
    const parameters = PARAMETERS[block.kind] ?? embedding;
    return { ...block, parameters, stored: parameters };
  });
  const parameters = blocks.reduce((sum, block) => sum + block.parameters, 0);
  return {
    name,
    precision: 'fp32',
    blocks,
    parameters,
    stored: parameters,
    modelSize: SIZE,
    feedForwardSize: INNER,
    heads,
    keySize,
    encoderLayers,
    decoderLayers,
    vocabularySize: VOCABULARY,
    maxPositions: config.maxPositions,
    norm: config.norm,
    activation: config.activation,
    positions: config.positions,
    comparisons: parameterSums(config),
  };
}
