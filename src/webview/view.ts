/** What a view of the attention panel is, and what it is given. */
import type { AttentionMap } from '../attention/attentionMap';
import type { Filtered } from '../attention/filters';
import type { AttentionKind } from '../attention/headMetrics';
import type {
  AttentionQueryName,
  AttentionQueryParams,
  AttentionQueryResult,
} from '../protocol/attentionQueries';
import type { AttentionRun } from '../protocol/attentionRun';
import type { PanelSide, PanelState, RowLabel, ViewId } from '../protocol/panelState';
import type { PanelStrings } from '../protocol/panelStrings';
import type { ColourTable } from './colour';
import type { ExportParts } from './export/parts';

/** One line of a map: a token, or with words merged the tokens of a word. */
export interface Label {
  readonly text: string;
  readonly special: boolean;
  /** Tokens of the side that the line stands for; at least one. */
  readonly tokens: readonly number[];
}

/** A map as the filters leave it. */
export interface ShownMap extends Filtered {
  /** [queries], mass of special keys, of the row's whole; drawn in the row's gutter whether they are hidden or not. */
  readonly excluded: Float32Array;
  /** [queries], number of keys from the first on that a query can see some of: all, or in the decoder those before it. */
  readonly reach: Int32Array;
  /** [queries], n_i: how many of those are there, hidden ones not counted. */
  readonly visible: Float32Array;
  /** [keys], 1 where a key is to be drawn faintly. */
  readonly dimmed: Uint8Array;
  readonly queryLabels: readonly Label[];
  readonly keyLabels: readonly Label[];
  /** What the labels of the decoder's rows are. */
  readonly rows: RowLabel;
  readonly querySide: PanelSide;
  readonly keySide: PanelSide;
}

export interface ViewContext {
  readonly run: AttentionRun;
  readonly state: PanelState;
  readonly strings: PanelStrings;
  readonly colours: ColourTable;
  readonly locale: string;
  readonly reducedMotion: boolean;
  /** Whether keys of a single character act inside a grid. */
  readonly singleKeys: boolean;
  /** Rejects as cancelled if another run is shown by the time of the answer. */
  ask<N extends AttentionQueryName>(
    name: N,
    params: AttentionQueryParams<N>,
  ): Promise<AttentionQueryResult<N>>;
  /** A head's map after value weighting, before the filters. Head -1: the mean of the layer's heads. */
  map(kind: AttentionKind, layer: number, head: number): Promise<AttentionMap>;
  /** The map of the heads chosen: of the one in focus, or with `average` the mean of all. */
  chosen(): Promise<AttentionMap>;
  filtered(map: AttentionMap, kind: AttentionKind): ShownMap;
  /** The state changes and the view is shown again. */
  update(change: Partial<PanelState>): void;
  /** Said by a screen reader when the reader pauses. */
  announce(text: string): void;
  /** Marks tokens in the editor, at most 30 times a second; none clears. Weights from 0 to 1. */
  mark(side: PanelSide, indices: readonly number[], weights: ArrayLike<number>): void;
  /** The same, kept while other marks come and go. */
  pin(side: PanelSide, indices: readonly number[], weights: ArrayLike<number>): void;
  /** Scrolls the editor to the token: on Enter or a double click only. */
  reveal(side: PanelSide, index: number): void;
  /** Another end of the beam search is shown in all views. */
  showHypothesis(hypothesis: number): void;
  copy(text: string): void;
  /** The view has more to show in its table, or to export, than when `show` returned. */
  changed(): void;
}

export interface View {
  readonly id: ViewId;
  readonly root: HTMLElement;
  /** Called when the view is opened and whenever anything in the context has changed. */
  show(context: ViewContext): void;
  hide?(): void;
  /** The same content as a table; shown under the view if tables are on. */
  table?(): HTMLElement | undefined;
  /** Source tokens under the editor's mouse or cursor; none clears. */
  cursor?(indices: readonly number[]): void;
  /** What this view exports in each format, as it is shown now. */
  exports?(): ExportParts | undefined;
}
