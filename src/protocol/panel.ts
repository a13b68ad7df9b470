/**
 * The contract between the host and the attention panel's webview. The webview pulls: nothing is sent to a panel that
 * has not said `ready`, because messages to a hidden webview are dropped by the editor.
 * Binary values are typed arrays on buffers of exactly their size: the editor sends the whole buffer under a view.
 */
import type { AttentionKind, HeadMetrics } from '../attention/headMetrics';
import { THUMBNAIL_SIZE } from '../attention/thumbnail';

/** The order of the kinds in every list of maps. S source tokens, T decoder inputs. */
export const ATTENTION_KINDS = ['encoder', 'decoder', 'cross'] as const satisfies AttentionKind[];

/** What each head is described by in the overview, in the order in which `metrics` holds them. */
export const HEAD_METRICS = [
  'entropy',
  'confidence',
  'previous',
  'self',
  'next',
  'sinkMass',
] as const satisfies (keyof HeadMetrics)[];
export type HeadMetric = (typeof HEAD_METRICS)[number];

export interface PanelToken {
  readonly text: string;
  /** UTF-16 units into the text given (source) or `targetText`; -1/-1 where the token stands for none of it. */
  readonly start: number;
  readonly end: number;
  readonly special: boolean;
}

/** One teacher-forced pass over one sentence and its translation. */
export interface AttentionRun {
  readonly runId: number;
  readonly modelName: string;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly heads: number;
  readonly targetText: string;
  /** Encoder inputs: keys of encoder and cross attention. */
  readonly source: readonly PanelToken[];
  /** Decoder inputs, the start token first: queries of decoder and cross attention, keys of decoder attention. */
  readonly target: readonly PanelToken[];
  /** Square-root companded max-pooled maps, one after the other in the order of `mapIndex`. */
  readonly thumbnails: Uint8Array;
  /** HEAD_METRICS.length values per map in the order of `mapIndex`; NaN where a metric does not apply. */
  readonly metrics: Float32Array;
}

/** One head's map, post-softmax. */
export interface HeadMap {
  readonly runId: number;
  readonly kind: AttentionKind;
  readonly layer: number;
  readonly head: number;
  readonly queries: number;
  readonly keys: number;
  /** IEEE half-precision bits, row by row. */
  readonly weights: Uint16Array;
}

export interface HeadRequest {
  readonly runId: number;
  readonly kind: AttentionKind;
  readonly layer: number;
  readonly head: number;
}

/** Texts of the panel in the display language; the webview has no access to the editor's localization. */
export interface PanelStrings {
  readonly encoder: string;
  readonly decoder: string;
  readonly cross: string;
  readonly layer: string;
  readonly head: string;
  readonly table: string;
  readonly source: string;
  readonly output: string;
  readonly query: string;
  readonly key: string;
  readonly weight: string;
  readonly rank: string;
  readonly sortBy: string;
  readonly position: string;
  readonly entropy: string;
  readonly confidence: string;
  readonly previous: string;
  readonly self: string;
  readonly next: string;
  readonly sinkMass: string;
  readonly scale: string;
  readonly caveat: string;
  readonly waiting: string;
}

export type HostToPanel =
  | { readonly type: 'strings'; readonly strings: PanelStrings; readonly locale: string }
  | { readonly type: 'run'; readonly run: AttentionRun }
  | { readonly type: 'head'; readonly seq: number; readonly map: HeadMap }
  | { readonly type: 'message'; readonly text: string };

export type PanelToHost =
  | { readonly type: 'ready' }
  | ({ readonly type: 'getHead'; readonly seq: number } & HeadRequest)
  /** Mark the token's characters in the editor; index -1 clears the mark. */
  | { readonly type: 'mark'; readonly runId: number; readonly index: number }
  | { readonly type: 'reveal'; readonly runId: number; readonly index: number };

/** Place of a head's map in `thumbnails` and `metrics`: by kind, then layer, then head. */
export function mapIndex(
  run: Pick<AttentionRun, 'encoderLayers' | 'decoderLayers' | 'heads'>,
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

/** Rows and columns of a kind's thumbnails, and where the first of them begins in `thumbnails`. */
export function thumbnailShape(
  run: ThumbnailOwner,
  kind: AttentionKind,
): { rows: number; columns: number; offset: number } {
  let offset = 0;
  for (const other of ATTENTION_KINDS) {
    const { queries, keys } = mapShape(run, other);
    const rows = Math.min(THUMBNAIL_SIZE, queries);
    const columns = Math.min(THUMBNAIL_SIZE, keys);
    if (other === kind) return { rows, columns, offset };
    offset += layersOf(run, other) * run.heads * rows * columns;
  }
  return { rows: 0, columns: 0, offset };
}

type ThumbnailOwner = Pick<
  AttentionRun,
  'encoderLayers' | 'decoderLayers' | 'heads' | 'source' | 'target'
>;

export function layersOf(
  run: Pick<AttentionRun, 'encoderLayers' | 'decoderLayers'>,
  kind: AttentionKind,
): number {
  return kind === 'encoder' ? run.encoderLayers : run.decoderLayers;
}

/** Number of queries and keys of every map of a kind. */
export function mapShape(
  run: Pick<AttentionRun, 'source' | 'target'>,
  kind: AttentionKind,
): { queries: number; keys: number } {
  const queries = kind === 'encoder' ? run.source.length : run.target.length;
  const keys = kind === 'decoder' ? run.target.length : run.source.length;
  return { queries, keys };
}

/** A message from the webview is untrusted: it is answered only if every field is in range of the run shown. */
export function parsePanelMessage(
  value: unknown,
  run: AttentionRun | undefined,
): PanelToHost | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const message = value as Partial<Record<string, unknown>>;
  if (message['type'] === 'ready') return { type: 'ready' };
  if (!run || message['runId'] !== run.runId) return undefined;
  const whole = (field: string, least: number, below: number): number | undefined => {
    const number = message[field];
    return typeof number === 'number' &&
      Number.isInteger(number) &&
      number >= least &&
      number < below
      ? number
      : undefined;
  };
  const type = message['type'];
  if (type === 'mark' || type === 'reveal') {
    const index = whole('index', -1, run.source.length);
    return index === undefined ? undefined : { type, runId: run.runId, index };
  }
  if (type !== 'getHead') return undefined;
  const kind = ATTENTION_KINDS.find((name) => name === message['kind']);
  if (!kind) return undefined;
  const layer = whole('layer', 0, layersOf(run, kind));
  const head = whole('head', 0, run.heads);
  const seq = whole('seq', 0, Number.MAX_SAFE_INTEGER);
  if (layer === undefined || head === undefined || seq === undefined) return undefined;
  return { type, runId: run.runId, seq, kind, layer, head };
}
