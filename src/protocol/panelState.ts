import type { AlignmentMode } from '../attention/alignment';
import type { AttentionKind } from '../attention/headMetrics';
import type { Flow } from './attentionQueries';
import {
  ATTENTION_KINDS,
  HEAD_METRICS,
  layersOf,
  type AttentionRun,
  type HeadMetric,
} from './attentionRun';
import {
  aBoolean,
  aNumber,
  anInteger,
  anObject,
  arrayOf,
  aStringUpTo,
  oneOf,
  orElse,
  type Reader,
} from './shape';

export const PANEL_VIEWS = [
  'overview',
  'matrix',
  'text',
  'alignment',
  'steps',
  'flow',
  'model',
] as const;
export type ViewId = (typeof PANEL_VIEWS)[number];
export const PANEL_SIDES = ['source', 'target'] as const;
export type PanelSide = (typeof PANEL_SIDES)[number];
export const SPECIAL_MODES = ['show', 'dim', 'hide', 'renormalize'] as const;
/** What the rows of decoder and cross-attention are called by: the token they predict or the one they read. */
export const ROW_LABELS = ['predicted', 'input'] as const;
export type RowLabel = (typeof ROW_LABELS)[number];
export const THRESHOLD_MODES = ['none', 'absolute', 'top', 'cumulative'] as const;
export const SCALES = ['sqrt', 'linear', 'log', 'uniform'] as const;
export const DOMAINS = ['fixed', 'map', 'row'] as const;
export const PALETTES = ['cividis', 'magma', 'viridis', 'grey'] as const;
export const FLOWS = ['encoder', 'source', 'prefix'] as const satisfies Flow[];
export const ALIGNMENT_MODES = ['input', 'output'] as const satisfies AlignmentMode[];

/** Heads that are shown together at most. */
export const MOST_HEADS = 4;
/** Tokens that can be pinned or marked together at most. */
export const MOST_INDICES = 512;
const MOST_SEARCH = 200;

/** A head, or with -1 the mean of the layer's heads. */
export interface HeadChoice {
  readonly kind: AttentionKind;
  readonly layer: number;
  readonly head: number;
}

/** What is shown and how: survives hiding and reloading. At most 16 KB, places only, neither text of the run nor tensors. */
export interface PanelState extends HeadChoice {
  /** The run that all places are of; -1 before there was one. */
  readonly runId: number;
  readonly view: ViewId;
  /** Heads shown together, at most MOST_HEADS; empty: only `kind`, `layer`, `head`. */
  readonly heads: readonly HeadChoice[];
  /** Whether `heads` are shown as their mean. */
  readonly average: boolean;
  readonly pins: { readonly side: PanelSide; readonly indices: readonly number[] };
  readonly sort: HeadMetric | 'position' | 'similarity';
  readonly colourBy: HeadMetric | 'pattern';
  readonly specials: (typeof SPECIAL_MODES)[number];
  /** A weight, a number of keys, or a share of the row, by `mode`. */
  readonly threshold: { readonly mode: (typeof THRESHOLD_MODES)[number]; readonly value: number };
  readonly words: boolean;
  readonly rows: RowLabel;
  readonly scale: (typeof SCALES)[number];
  readonly domain: (typeof DOMAINS)[number];
  readonly palette: (typeof PALETTES)[number];
  readonly valueWeighted: boolean;
  /** What a token attends to, or what it is attended by. */
  readonly direction: 'to' | 'by';
  readonly curves: boolean;
  /** Tables instead of drawings. */
  readonly tables: boolean;
  /** `heads` empty: the mean of all. */
  readonly alignment: {
    readonly layer: number;
    readonly heads: readonly number[];
    readonly mode: AlignmentMode;
  };
  readonly step: number;
  readonly flow: Flow;
  readonly flowLayer: number;
  readonly search: string;
  /** A predicate over heads, such as `sinkMass>0.5`. */
  readonly headSearch: string;
  /** Tokens [from, to) that are shown; `to` -1: to the end. */
  readonly range: { readonly from: number; readonly to: number };
  readonly scroll: { readonly x: number; readonly y: number };
}

/** Before a run is known. */
export const DEFAULT_PANEL_STATE: PanelState = {
  runId: -1,
  view: 'overview',
  kind: 'cross',
  layer: 0,
  head: 0,
  heads: [],
  average: false,
  pins: { side: 'source', indices: [] },
  sort: 'position',
  colourBy: 'pattern',
  specials: 'show',
  threshold: { mode: 'none', value: 0 },
  words: false,
  rows: 'predicted',
  scale: 'sqrt',
  domain: 'fixed',
  palette: 'cividis',
  valueWeighted: false,
  direction: 'to',
  curves: false,
  tables: false,
  alignment: { layer: 0, heads: [], mode: 'input' },
  step: 0,
  flow: 'encoder',
  flowLayer: 0,
  search: '',
  headSearch: '',
  range: { from: 0, to: -1 },
  scroll: { x: 0, y: 0 },
};

const place = anInteger(0);
const kind = oneOf(...ATTENTION_KINDS);
const headChoice: Reader<HeadChoice> = anObject({ kind, layer: place, head: anInteger(-1) });

/** Field by field: what is missing or is no such value is taken from `fallback`. Never throws. */
export function parsePanelState(
  value: unknown,
  fallback: PanelState = DEFAULT_PANEL_STATE,
): PanelState {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const read = anObject({
    runId: orElse(anInteger(-1), fallback.runId),
    view: orElse(oneOf(...PANEL_VIEWS), fallback.view),
    kind: orElse(kind, fallback.kind),
    layer: orElse(place, fallback.layer),
    head: orElse(anInteger(-1), fallback.head),
    heads: orElse(arrayOf(headChoice, MOST_HEADS), fallback.heads),
    average: orElse(aBoolean, fallback.average),
    pins: orElse(
      anObject({ side: oneOf(...PANEL_SIDES), indices: arrayOf(place, MOST_INDICES) }),
      fallback.pins,
    ),
    sort: orElse(oneOf(...HEAD_METRICS, 'position', 'similarity'), fallback.sort),
    colourBy: orElse(oneOf(...HEAD_METRICS, 'pattern'), fallback.colourBy),
    specials: orElse(oneOf(...SPECIAL_MODES), fallback.specials),
    threshold: orElse(
      anObject({ mode: oneOf(...THRESHOLD_MODES), value: aNumber(0) }),
      fallback.threshold,
    ),
    words: orElse(aBoolean, fallback.words),
    rows: orElse(oneOf(...ROW_LABELS), fallback.rows),
    scale: orElse(oneOf(...SCALES), fallback.scale),
    domain: orElse(oneOf(...DOMAINS), fallback.domain),
    palette: orElse(oneOf(...PALETTES), fallback.palette),
    valueWeighted: orElse(aBoolean, fallback.valueWeighted),
    direction: orElse(oneOf('to', 'by'), fallback.direction),
    curves: orElse(aBoolean, fallback.curves),
    tables: orElse(aBoolean, fallback.tables),
    alignment: orElse(
      anObject({ layer: place, heads: arrayOf(place, 64), mode: oneOf(...ALIGNMENT_MODES) }),
      fallback.alignment,
    ),
    step: orElse(place, fallback.step),
    flow: orElse(oneOf(...FLOWS), fallback.flow),
    flowLayer: orElse(place, fallback.flowLayer),
    search: orElse(aStringUpTo(MOST_SEARCH), fallback.search),
    headSearch: orElse(aStringUpTo(MOST_SEARCH), fallback.headSearch),
    range: orElse(anObject({ from: place, to: anInteger(-1) }), fallback.range),
    scroll: orElse(anObject({ x: aNumber(0), y: aNumber(0) }), fallback.scroll),
  });
  return read(isObject ? value : {}, 'state');
}

/**
 * The state for a run: places of another run are forgotten, those that this one does not have go to the beginning. What
 * is shown and how stays.
 */
export function fitPanelState(state: PanelState, run: AttentionRun): PanelState {
  const same = state.runId === run.runId;
  const has = (choice: HeadChoice): boolean =>
    choice.layer < layersOf(run, choice.kind) && choice.head < run.heads;
  const tokens = state.pins.side === 'source' ? run.source.length : run.target.length;
  const flowLayers = layersOf(run, state.flow === 'encoder' ? 'encoder' : 'decoder');
  const { layer, heads } = state.alignment;
  const alignable = same && layer < run.decoderLayers && heads.every((head) => head < run.heads);
  const { from, to } = state.range;
  const inRange = same && from < run.source.length && (to < 0 || to > from);
  return {
    ...state,
    runId: run.runId,
    ...(has(state) ? {} : { layer: 0, head: 0 }),
    heads: state.heads.filter(has),
    pins: {
      ...state.pins,
      indices: same ? state.pins.indices.filter((index) => index < tokens) : [],
    },
    alignment: alignable ? state.alignment : { ...run.alignment, heads: [] },
    step: same && state.step < run.target.length ? state.step : 0,
    flowLayer: state.flowLayer < flowLayers ? state.flowLayer : Math.max(0, flowLayers - 1),
    range: inRange ? state.range : DEFAULT_PANEL_STATE.range,
    scroll: same ? state.scroll : DEFAULT_PANEL_STATE.scroll,
  };
}
