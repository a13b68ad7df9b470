import type { AttentionMap } from '../../attention/attentionMap';
import type { PanelState } from '../../protocol/panelState';
import type { Label, ShownMap } from '../view';
import { pinnedAnchor, type Anchor } from './anchor';
import { linesOf, type Direction } from './anchors';
import type { TextMarks } from './tokenText';

/** What decides the marks of both blocks. */
export interface MarkInput {
  readonly state: Pick<PanelState, 'kind' | 'direction' | 'pins' | 'domain' | 'search' | 'range'>;
  readonly shown: ShownMap;
  readonly anchor: Anchor | undefined;
  /** Of the lines of the block that the anchor is not in. */
  readonly weights: Float32Array;
  /** Source tokens under the editor's cursor. */
  readonly cursor: readonly number[];
}

export function blockMarks(input: MarkInput): {
  readonly query: TextMarks;
  readonly key: TextMarks;
} {
  const { shown, anchor } = input;
  // What comes after a token cannot be seen by it in the decoder.
  const reach =
    anchor?.direction === 'to'
      ? Math.max(...anchor.lines.map((line) => shown.reach[line] ?? 0))
      : Infinity;
  return {
    query: marksOf(input, 'to', shown.queryLabels, shown.querySide === 'source'),
    key: {
      ...marksOf(input, 'by', shown.keyLabels, shown.keySide === 'source'),
      faint: (line) => shown.dimmed[line] === 1 || line >= reach,
    },
  };
}

/** @param direction in which lines of this block are the anchors */
function marksOf(
  { state, shown, anchor, weights, cursor }: MarkInput,
  direction: Direction,
  labels: readonly Label[],
  isSource: boolean,
): TextMarks {
  const pinned = pinnedAnchor(state, shown);
  const lines = (one: Anchor | undefined) => new Set(one?.direction === direction ? one.lines : []);
  const top = shadingTop(weights, state.domain !== 'fixed');
  const shade = anchor !== undefined && anchor.direction !== direction;
  return {
    ...(shade ? { weights: top === 1 ? weights : weights.map((weight) => weight / top) } : {}),
    anchors: lines(anchor),
    pinned: lines(pinned),
    cursor: new Set(isSource ? linesOf(labels, cursor) : []),
    found: new Set(foundLines(labels, state.search)),
    ...(isSource && !isWhole(state.range)
      ? { out: (line: number) => !isInRange(labels[line], state.range) }
      : {}),
  };
}

type Range = PanelState['range'];

function isWhole({ from, to }: Range): boolean {
  return from === 0 && to < 0;
}

/** Whether any of the line's tokens is in the range of source tokens. */
function isInRange(label: Label | undefined, { from, to }: Range): boolean {
  return label?.tokens.some((token) => token >= from && (to < 0 || token < to)) === true;
}

/** The map without the source tokens that are out of range: what is not shown has no links either. */
export function mapInRange(
  { map, querySide, keySide, queryLabels, keyLabels }: ShownMap,
  range: Range,
): AttentionMap {
  if (isWhole(range)) return map;
  const mask = (labels: readonly Label[], before: Uint8Array | undefined) =>
    Uint8Array.from(labels, (label, line) => (isInRange(label, range) ? (before?.[line] ?? 1) : 0));
  return {
    ...map,
    ...(querySide === 'source' ? { queryMask: mask(queryLabels, map.queryMask) } : {}),
    ...(keySide === 'source' ? { keyMask: mask(keyLabels, map.keyMask) } : {}),
  };
}

export function foundLines(labels: readonly Label[], search: string): number[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return [];
  return labels.flatMap(({ text }, line) => (text.toLowerCase().includes(wanted) ? [line] : []));
}

/** Weights at which the shading is full: 1, or the greatest where that is wanted or weights have no bound. */
export function shadingTop(weights: Float32Array, byRow: boolean): number {
  const most = weights.reduce((top, weight) => Math.max(top, weight), 0);
  return most > 1 || (byRow && most > 0) ? most : 1;
}
