/** The number of a Transformer's parameters as arithmetic: one product for each kind of block, the same terms for every model. */
import type { StackConfig, TransformerConfig } from './config';
import { learnedRows } from './layers/positionalEncoding';

export interface ParameterTerm {
  /** `embedding`, `encoderAttention`, `decoderFeedForward`, ... */
  readonly id: string;
  /** Such as `6 × 4 × (512 × 512 + 512)`. */
  readonly formula: string;
  readonly parameters: number;
}

export interface ParameterSum {
  /** `model`: the loaded one. `base`, `big`: of the paper, Table 3. `bertBase`: Devlin et al. 2018. */
  readonly name: 'model' | 'base' | 'big' | 'bertBase';
  readonly terms: readonly ParameterTerm[];
  readonly parameters: number;
  /** As its paper states it, in round numbers. */
  readonly published?: number;
}

/** A product of numbers that can be written down and computed. */
function term(id: string, parts: readonly (number | readonly number[][])[]): ParameterTerm {
  const text = (part: number | readonly number[][]) =>
    typeof part === 'number'
      ? String(part)
      : `(${part.map((product) => product.join(' × ')).join(' + ')})`;
  const value = (part: number | readonly number[][]) =>
    typeof part === 'number' ? part : part.reduce((sum, product) => sum + multiply(product), 0);
  return { id, formula: parts.map(text).join(' × '), parameters: multiply(parts.map(value)) };
}

function multiply(factors: readonly number[]): number {
  return factors.reduce((product, factor) => product * factor, 1);
}

function sum(
  name: ParameterSum['name'],
  terms: readonly ParameterTerm[],
  published?: number,
): ParameterSum {
  const parameters = terms.reduce((total, { parameters }) => total + parameters, 0);
  return { name, terms, parameters, ...(published === undefined ? {} : { published }) };
}

/** W^Q, W^K, W^V, W^O and their biases, `times` over. */
function attention(id: string, times: number, size: number, stack: StackConfig): ParameterTerm {
  const keys = stack.heads * stack.keySize;
  const values = stack.heads * stack.valueSize;
  if (keys === size && values === size) return term(id, [times, 4, [[size, size], [size]]]);
  const matrices = [[2, size, keys], [2, keys], [2, size, values], [values], [size]];
  return term(id, [times, matrices]);
}

/** W_1, b_1, W_2, b_2. */
function feedForward(id: string, times: number, size: number, inner: number): ParameterTerm {
  return term(id, [times, [[2, size, inner], [inner], [size]]]);
}

/** Gain and bias of each of `norms` normalizations a layer. */
function norms(id: string, layers: number, perLayer: number, size: number): ParameterTerm {
  return term(id, [layers, perLayer, 2, size]);
}

/** The loaded model's arithmetic; its sum is that of `countParameters`. */
export function modelTerms(config: TransformerConfig): ParameterSum {
  const { vocabularySize, modelSize, encoder, decoder } = config;
  const terms = [
    term('embedding', [vocabularySize, modelSize]),
    ...(config.positions === 'learned'
      ? [term('positions', [2, learnedRows(config), modelSize])]
      : []),
    ...(config.embeddingNorm ? [norms('embeddingNorm', 2, 1, modelSize)] : []),
    attention('encoderAttention', encoder.layers, modelSize, encoder),
    feedForward('encoderFeedForward', encoder.layers, modelSize, encoder.feedForwardSize),
    norms('encoderNorms', encoder.layers, 2, modelSize),
    attention('decoderAttention', decoder.layers, modelSize, decoder),
    attention('crossAttention', decoder.layers, modelSize, decoder),
    feedForward('decoderFeedForward', decoder.layers, modelSize, decoder.feedForwardSize),
    norms('decoderNorms', decoder.layers, 3, modelSize),
    ...(config.norm === 'pre' ? [norms('finalNorms', 2, 1, modelSize)] : []),
    ...(config.tiedSoftmax ? [] : [term('output', [vocabularySize, modelSize])]),
  ];
  return sum('model', terms);
}

/** Section 5.1: about 37000 shared tokens. */
const PAPER_VOCABULARY = 37000;
const PAPER_LAYERS = 6;

/** Table 3 of the paper, with the biases that section 3.2 leaves open; what it states is rounded to a million. */
function paperModel(
  name: 'base' | 'big',
  size: number,
  inner: number,
  heads: number,
  published: number,
): ParameterSum {
  const stack = {
    layers: PAPER_LAYERS,
    heads,
    keySize: size / heads,
    valueSize: size / heads,
    feedForwardSize: inner,
  };
  const terms = [
    term('embedding', [PAPER_VOCABULARY, size]),
    attention('encoderAttention', PAPER_LAYERS, size, stack),
    feedForward('encoderFeedForward', PAPER_LAYERS, size, inner),
    norms('encoderNorms', PAPER_LAYERS, 2, size),
    attention('decoderAttention', PAPER_LAYERS, size, stack),
    attention('crossAttention', PAPER_LAYERS, size, stack),
    feedForward('decoderFeedForward', PAPER_LAYERS, size, inner),
    norms('decoderNorms', PAPER_LAYERS, 3, size),
  ];
  return sum(name, terms, published);
}

/** BERT-base, uncased (Devlin et al. 2018, arXiv 1810.04805): an encoder only, with learned positions, segments and a pooler. */
function bertBase(): ParameterSum {
  const size = 768;
  const layers = 12;
  const stack = { layers, heads: 12, keySize: 64, valueSize: 64, feedForwardSize: 4 * size };
  const terms = [
    term('embedding', [30522, size]),
    term('positions', [512, size]),
    term('segments', [2, size]),
    norms('embeddingNorm', 1, 1, size),
    attention('encoderAttention', layers, size, stack),
    feedForward('encoderFeedForward', layers, size, stack.feedForwardSize),
    norms('encoderNorms', layers, 2, size),
    term('pooler', [[[size, size], [size]]]),
  ];
  return sum('bertBase', terms, 110e6);
}

/** The loaded model beside the three that everybody knows. */
export function parameterSums(config: TransformerConfig): ParameterSum[] {
  return [
    modelTerms(config),
    paperModel('base', 512, 2048, 8, 65e6),
    paperModel('big', 1024, 4096, 16, 213e6),
    bertBase(),
  ];
}
