/**
 * One inspected text: what is sent when the attention panel opens. Everything in it is small; single maps are asked for by
 * `AttentionQueries`. Binary values are typed arrays on buffers of exactly their size: the editor sends the whole buffer
 * under a view.
 */
import type { AlignmentMode } from '../attention/alignment';
import { decodeHalf } from '../attention/half';
import type { AttentionKind, HeadMetrics } from '../attention/headMetrics';
import type { Language } from '../common/language';
import type { KeptReason } from './decoding';
import type { InspectTaskName } from './tasks';

/** The order of the kinds in every list of maps. S source tokens, T decoder inputs. */
export const ATTENTION_KINDS = ['encoder', 'decoder', 'cross'] as const satisfies AttentionKind[];

/** What each head is described by in the overview, in the order in which `metrics` holds them. */
export const HEAD_METRICS = [
  'entropy',
  'normalizedEntropy',
  'effectiveKeys',
  'confidence',
  'previous',
  'self',
  'next',
  'previousShare',
  'nextShare',
  'diagonality',
  'uniformDiagonality',
  'monotonicity',
  'distance',
  'sinkKey',
  'sinkMass',
  'specialMass',
  'firstMass',
] as const satisfies (keyof HeadMetrics)[];
export type HeadMetric = (typeof HEAD_METRICS)[number];

export interface PanelToken {
  readonly id: number;
  readonly text: string;
  /** UTF-16 units into the selection (source) or `targetText`; -1/-1 where the token stands for none of it. */
  readonly start: number;
  readonly end: number;
  readonly special: boolean;
  /** Number of the word it belongs to, from 0 without gaps in the order of the tokens; -1 for none. */
  readonly word: number;
}

/** A sentence of the selection with something to translate. */
export interface RunSentence {
  /** UTF-16 units into the selection. */
  readonly start: number;
  readonly end: number;
  /** Source tokens, the tag and `</s>` included. */
  readonly tokens: number;
}

/** An end of the beam search that was chosen instead of what is used. */
export interface RunHypothesis {
  /** From 0, the best. */
  readonly number: number;
  readonly count: number;
  /** Sum over the tokens, nats. */
  readonly logProbability: number;
  /** After the length penalty. */
  readonly score: number;
}

/** One teacher-forced pass over a text and what the model wrote for it: its translation, or what `task` says. */
export interface AttentionRun {
  readonly runId: number;
  readonly modelName: string;
  /** SHA-256 in hexadecimal of what tells the model's weights from others, and of the tokenizer's file. */
  readonly modelHash: string;
  readonly tokenizerHash: string;
  readonly direction: { readonly source: Language; readonly target: Language };
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  /** Of every layer. */
  readonly heads: number;
  /** UTF-16 units of the text given. */
  readonly selectionLength: number;
  readonly sentences: readonly RunSentence[];
  /** Which of `sentences` is shown; -1: all of them together. */
  readonly sentence: number;
  readonly targetText: string;
  /** Why the translation of a sentence that is shown may not stand: translating leaves the sentence as it is. */
  readonly refused?: KeptReason;
  /** `cut`: only the beginning of the text was read. */
  readonly task?: { readonly name: InspectTaskName; readonly cut: boolean };
  readonly hypothesis?: RunHypothesis;
  /** Encoder inputs: keys of encoder and cross attention. */
  readonly source: readonly PanelToken[];
  /** Decoder inputs, the start token first: queries of decoder and cross attention, keys of decoder attention. */
  readonly target: readonly PanelToken[];
  /** What each row of the decoder predicts: as many as `target`. */
  readonly predicted: readonly PanelToken[];
  /** Largest side of a thumbnail in cells. */
  readonly thumbnailSide: number;
  /** Square-root companded max-pooled maps, one after the other in the order of `mapIndex`. */
  readonly thumbnails: Uint8Array;
  /** HEAD_METRICS.length values per map in the order of `mapIndex`; NaN where a metric does not apply. */
  readonly metrics: Float32Array;
  /** ||f(x_j)|| of every map's keys in the order of `mapIndex`, as half-precision bits; read by `valueNormsOf`. */
  readonly valueNorms: Uint16Array;
  /** The cross-attention layer that aligns this model's words best, by its heads' mean, and which row is read. */
  readonly alignment: { readonly layer: number; readonly mode: AlignmentMode };
}

type LayerCounts = Pick<AttentionRun, 'encoderLayers' | 'decoderLayers'>;
type TokenLists = Pick<AttentionRun, 'source' | 'target'>;

/** Place of a head's map in `thumbnails` and `metrics`: by kind, then layer, then head. */
export function mapIndex(
  run: LayerCounts & Pick<AttentionRun, 'heads'>,
  kind: AttentionKind,
  layer: number,
  head: number,
): number {
  const before = {
    encoder: 0,
    decoder: run.encoderLayers,
    cross: run.encoderLayers + run.decoderLayers,
  };
  return (before[kind] + layer) * run.heads + head;
}

export function layersOf(run: LayerCounts, kind: AttentionKind): number {
  return kind === 'encoder' ? run.encoderLayers : run.decoderLayers;
}

/** Number of queries and keys of every map of a kind. */
export function mapShape(run: TokenLists, kind: AttentionKind): { queries: number; keys: number } {
  const queries = kind === 'encoder' ? run.source.length : run.target.length;
  const keys = kind === 'decoder' ? run.target.length : run.source.length;
  return { queries, keys };
}

/** Rows and columns of a kind's thumbnails, and where the first of them begins in `thumbnails`. */
export function thumbnailShape(
  run: LayerCounts & TokenLists & Pick<AttentionRun, 'heads' | 'thumbnailSide'>,
  kind: AttentionKind,
): { rows: number; columns: number; offset: number } {
  let offset = 0;
  for (const other of ATTENTION_KINDS) {
    const { queries, keys } = mapShape(run, other);
    const rows = Math.min(run.thumbnailSide, queries);
    const columns = Math.min(run.thumbnailSide, keys);
    if (other === kind) return { rows, columns, offset };
    offset += layersOf(run, other) * run.heads * rows * columns;
  }
  return { rows: 0, columns: 0, offset };
}

/** One metric of a head, NaN where it does not apply. */
export function metricOf(
  run: LayerCounts & Pick<AttentionRun, 'heads' | 'metrics'>,
  kind: AttentionKind,
  layer: number,
  head: number,
  metric: HeadMetric,
): number {
  const at = mapIndex(run, kind, layer, head) * HEAD_METRICS.length;
  return run.metrics[at + HEAD_METRICS.indexOf(metric)] ?? NaN;
}

/** Where the norms of a kind begin in `valueNorms`, and how many a map has. */
export function valueNormsShape(
  run: LayerCounts & TokenLists & Pick<AttentionRun, 'heads'>,
  kind: AttentionKind,
): { keys: number; offset: number } {
  let offset = 0;
  for (const other of ATTENTION_KINDS) {
    const { keys } = mapShape(run, other);
    if (other === kind) return { keys, offset };
    offset += layersOf(run, other) * run.heads * keys;
  }
  return { keys: 0, offset };
}

/** ||f(x_j)|| of a head's keys; for head -1 the mean over the layer's heads. [keys] */
export function valueNormsOf(
  run: LayerCounts & TokenLists & Pick<AttentionRun, 'heads' | 'valueNorms'>,
  kind: AttentionKind,
  layer: number,
  head: number,
): Float32Array<ArrayBuffer> {
  const { keys, offset } = valueNormsShape(run, kind);
  const of = (one: number): Float32Array<ArrayBuffer> => {
    const start = offset + (layer * run.heads + one) * keys;
    return decodeHalf(run.valueNorms.subarray(start, start + keys));
  };
  if (head >= 0) return of(head);
  const mean = new Float32Array(keys);
  for (let one = 0; one < run.heads; one++) {
    of(one).forEach((norm, key) => (mean[key] = (mean[key] ?? 0) + norm / run.heads));
  }
  return mean;
}
