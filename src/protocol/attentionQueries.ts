/**
 * What the attention panel asks for after it was opened: one map, one table at a time. The host passes a query on without
 * looking into its answer, so that a new view needs no change there. All answers are for the run that the query names.
 */
import type { AttentionKind } from '../attention/headMetrics';

/** One head's map, post-softmax, or the mean of a layer's heads. */
export interface HeadMap {
  readonly kind: AttentionKind;
  readonly layer: number;
  /** -1: the mean of the layer's heads. */
  readonly head: number;
  readonly queries: number;
  readonly keys: number;
  /** IEEE half-precision bits, row by row. */
  readonly weights: Uint16Array;
}

export interface Candidate {
  readonly text: string;
  readonly probability: number;
}

/** One decode step of the run's output. */
export interface GenerationStep {
  /** Most probable first; at most ten. */
  readonly candidates: readonly Candidate[];
  /** What the output has here, and its rank among all of the vocabulary, 1 being the most probable. */
  readonly chosen: Candidate & { readonly rank: number };
}

/** An end of beam search, best first. */
export interface BeamHypothesis {
  readonly text: string;
  /** Sum over the tokens, nats. */
  readonly logProbability: number;
  /** After the length penalty. */
  readonly score: number;
}

export interface GenerationSteps {
  readonly steps: readonly GenerationStep[];
  /** Empty where the run spans several sentences: each had a search of its own. */
  readonly hypotheses: readonly BeamHypothesis[];
  /** Which of them the run is of; -1 for none. */
  readonly shown: number;
}

/** `encoder`: [S, S]. `source` [T, S] and `prefix` [T, T] are the two parts of the decoder's, each with rows that sum to 1. */
export type Flow = 'encoder' | 'source' | 'prefix';

export interface FlowMap {
  readonly flow: Flow;
  readonly layer: number;
  readonly queries: number;
  readonly keys: number;
  readonly weights: Uint16Array;
}

/** What a box of the diagram does. `unused`: tensors that no layer reads. */
export const BLOCK_KINDS = [
  'embedding',
  'positions',
  'selfAttention',
  'crossAttention',
  'feedForward',
  'residualNorm',
  'norm',
  'outputProjection',
  'softmax',
  'unused',
] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

/** One box of the architecture's diagram, from the input embedding to the softmax. */
export interface ModelBlock {
  /** Path of the block: `encoder.0.selfAttention`, `encoder.0.selfAttention.norm`, `decoder.1.feedForward`, `outputProjection`, ... */
  readonly id: string;
  readonly kind: BlockKind;
  /** Output shape in symbols and numbers: `['S', 512]`. */
  readonly shape: readonly (number | string)[];
  /** What it makes on the way: scores [h, Tq, Tk], or the inner layer [T, d_ff]. */
  readonly inner?: readonly (number | string)[];
  /** Trained numbers of this block alone; those it shares with another block are counted there and `tied` here. */
  readonly parameters: number;
  /** All numbers that the model's file holds for it: with int8 scales, constants and copies. */
  readonly stored: number;
  readonly tied?: string;
}

export interface ParameterComparison {
  /** `model`: this one. `base`, `big`: of the paper. `bertBase`. */
  readonly name: 'model' | 'base' | 'big' | 'bertBase';
  /** The terms of the sum, in order. */
  readonly terms: readonly {
    readonly id: string;
    /** Such as `6 × 4 × (512 × 512 + 512)`. */
    readonly formula: string;
    readonly parameters: number;
  }[];
  readonly parameters: number;
  /** As its paper states it, in round numbers. */
  readonly published?: number;
}

export interface ModelFacts {
  readonly name: string;
  readonly precision: string;
  readonly blocks: readonly ModelBlock[];
  /** Sums over `blocks`. */
  readonly parameters: number;
  readonly stored: number;
  readonly modelSize: number;
  readonly feedForwardSize: number;
  readonly heads: number;
  /** d_k */
  readonly keySize: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly norm: 'pre' | 'post';
  readonly activation: string;
  readonly positions: string;
  readonly comparisons: readonly ParameterComparison[];
}

export interface Neighbour {
  readonly text: string;
  readonly cosine: number;
}

/** One query of one head opened up (section 3.2.1): scores = q k / sqrt(d), mask, softmax, weighted values. */
export interface HeadDetail {
  readonly kind: AttentionKind;
  readonly layer: number;
  readonly head: number;
  readonly query: number;
  /** d_k numbers. */
  readonly queryVector: Float32Array;
  /** [keys, d_k]. */
  readonly keyVectors: Float32Array;
  /** [keys, d_v]. */
  readonly valueVectors: Float32Array;
  /** Dot products before and after the division by sqrt(d_k); keys. */
  readonly scores: Float32Array;
  readonly scaled: Float32Array;
  /** 1 where the query may look. */
  readonly mask: Uint8Array;
  /** After the softmax. */
  readonly weights: Float32Array;
  /** d_v numbers: the head's output for the query. */
  readonly output: Float32Array;
}

/** Measured here: one encoder layer's self-attention and a recurrent layer's arithmetic (Table 1 of the paper). */
export interface CostPoint {
  readonly length: number;
  /** n^2 d and n d^2, multiply-adds. */
  readonly selfAttention: number;
  readonly recurrent: number;
  /** Milliseconds of the whole encoder on a text of this length, measured in this process. */
  readonly encoderMilliseconds: number;
}

/** Every query with what it takes and gives. */
export interface AttentionQueries {
  head: {
    params: { readonly kind: AttentionKind; readonly layer: number; readonly head: number };
    result: HeadMap;
  };
  steps: { params: Record<string, never>; result: GenerationSteps };
  flow: { params: { readonly flow: Flow; readonly layer: number }; result: FlowMap };
  /** Distance of two heads: sqrt of the Jensen-Shannon divergence, to every head of the same kind, by layer, then head. */
  similarity: {
    params: { readonly kind: AttentionKind; readonly layer: number; readonly head: number };
    result: { readonly distances: Float32Array };
  };
  model: { params: Record<string, never>; result: ModelFacts };
  /** Nearest pieces of the vocabulary to a token of the run, by the cosine of their embeddings. */
  neighbours: {
    params: { readonly side: 'source' | 'target'; readonly index: number };
    result: { readonly neighbours: readonly Neighbour[] };
  };
  headDetail: {
    params: {
      readonly kind: AttentionKind;
      readonly layer: number;
      readonly head: number;
      readonly query: number;
    };
    result: HeadDetail;
  };
  cost: { params: Record<string, never>; result: { readonly points: readonly CostPoint[] } };
}

export const ATTENTION_QUERIES = [
  'head',
  'steps',
  'flow',
  'similarity',
  'model',
  'neighbours',
  'headDetail',
  'cost',
] as const satisfies AttentionQueryName[];

export type AttentionQueryName = keyof AttentionQueries;
export type AttentionQueryParams<N extends AttentionQueryName> = AttentionQueries[N]['params'];
export type AttentionQueryResult<N extends AttentionQueryName> = AttentionQueries[N]['result'];

/** A query as it travels: of the run that is shown. */
export type AttentionQuery = {
  [N in AttentionQueryName]: {
    readonly runId: number;
    readonly name: N;
    readonly params: AttentionQueryParams<N>;
  };
}[AttentionQueryName];

/** An answer as it travels: with the name of what was asked, by which it is read. */
export type AttentionAnswer = {
  [N in AttentionQueryName]: { readonly name: N; readonly result: AttentionQueryResult<N> };
}[AttentionQueryName];
