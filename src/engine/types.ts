/**
 * What the rest of the engine knows of a loaded model. The translator, the device trial and their tests depend on these
 * interfaces only, so that none of them needs onnxruntime-node to be loaded.
 */
import type { AttentionKind } from '../attention/headMetrics';
import type { DeviceName } from '../protocol/engine';
import type { AttentionPlace } from '../transformer/graphs/projections';
import type { TransformerConfig } from '../transformer/config';

export type Precision = 'fp32' | 'fp16' | 'int8';

export interface DecodeOptions {
  /** 1 is greedy. */
  readonly beam: number;
  /** Exponent of the hypothesis length that its log-probability is divided by. */
  readonly lengthPenalty: number;
  /** Most target tokens of one source, `</s>` included. */
  readonly maxTokens: number;
  /** Hypotheses returned per source, at most `beam`. */
  readonly nBest: number;
  /** Whether only the pieces that the model's shortlist names for the sources are weighed, where there is one. */
  readonly shortlist?: boolean;
  /** Tokens that a search with a beam may write only by the PlaceholderRule; greedy decoding knows no rule. */
  readonly placeholders?: ReadonlySet<number>;
  /** Looked at before every decode step. */
  readonly signal?: AbortSignal;
  /** Greedy only: after every step, the ids so far of the rows that are not finished. */
  readonly onStep?: (rows: readonly { row: number; ids: readonly number[] }[]) => void;
}

export interface Hypothesis {
  /** Without the start token, with `</s>` if the hypothesis ended. */
  readonly ids: number[];
  /** Sum over the tokens, nats. */
  readonly logProbability: number;
  /** `logProbability` after the length penalty. */
  readonly score: number;
  readonly tokenLogProbabilities: number[];
  /** False where `maxTokens` cut it off. */
  readonly ended: boolean;
}

export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** One teacher-forced pass. S source tokens, T decoder inputs (the start token first), L layers, H heads. */
export interface InspectResult {
  /** Encoder self-attention [L, H, S, S]. */
  readonly enc: Tensor;
  /** Decoder self-attention [L, H, T, T]. */
  readonly dec: Tensor;
  /** Cross-attention [L, H, T, S]. */
  readonly cross: Tensor;
  /** Euclidean norms of the value vectors per head and key: [L, H, S], [L, H, T], [L, H, S]. */
  readonly valueNorms: { readonly enc: Tensor; readonly dec: Tensor; readonly cross: Tensor };
  /** [T, vocabulary]. */
  readonly logits: Tensor;
}

/** One teacher-forced pass in as little memory as it can be kept in. S source tokens, T decoder inputs. */
export interface Capture {
  /** Half-precision bits by layer, then head: [L, H, S, S], [L, H, T, T], [L, H, T, S]. */
  readonly maps: Readonly<Record<AttentionKind, Uint16Array>>;
  /** ||f(x_j)||: [L, H, S], [L, H, T], [L, H, S]. */
  readonly valueNorms: Readonly<Record<AttentionKind, Float32Array>>;
  /** [T, vocabulary]. */
  readonly logits: Float32Array;
}

/** What the heads of one attention look with and at, each [h, T, d] row-major. */
export interface Projections {
  /** [h, Tq, d_k] */
  readonly query: Float32Array;
  /** [h, Tk, d_k] */
  readonly key: Float32Array;
  /** [h, Tk, d_v] */
  readonly value: Float32Array;
}

export interface Model {
  readonly config: TransformerConfig;
  readonly precision: Precision;
  readonly device: DeviceName;
  readonly parameters: number;
  /** Most source tokens, the tag and `</s>` included. */
  readonly encodeLimit: number;
  /** Per source its hypotheses, best first. Pads and batches inside; throws cancelled, inferenceFailed. */
  generate(
    sources: readonly (readonly number[])[],
    options: DecodeOptions,
  ): Promise<Hypothesis[][]>;
  inspect(source: readonly number[], target: readonly number[]): Promise<InspectResult>;
  /** The same pass over the decoder's inputs (the start token first), kept in half precision. */
  capture(source: readonly number[], inputs: readonly number[]): Promise<Capture>;
  /** Queries, keys and values of one attention in the same pass. The last result is kept, for one head after the other. */
  projections(
    place: AttentionPlace,
    source: readonly number[],
    inputs: readonly number[],
  ): Promise<Projections>;
  /** The mean encoder state of each source, [d_model]; see encodeMeans. */
  encode(sources: readonly (readonly number[])[], signal?: AbortSignal): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

export interface OpenModelOptions {
  readonly device: DeviceName;
  /** Threads of one operator; 0 leaves the choice to the engine. */
  readonly threads: number;
  readonly attention?: 'fused' | 'plain';
  /** Of a floating-point checkpoint; int8 folders ignore it. */
  readonly precision?: 'fp32' | 'fp16';
  /** Whether batches and lengths are padded to a few sizes; by default where a device prepares itself for every shape. */
  readonly fixedShapes?: boolean;
}
