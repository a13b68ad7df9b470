import type { AttentionKind } from '../../attention/headMetrics';
import type { AttentionRun } from '../../protocol/attentionRun';
import type { PanelSide, PanelState } from '../../protocol/panelState';
import { keySideOf, querySideOf } from '../shownMap';
import type { ShownMap } from '../view';
import { linesOf, type Direction } from './anchors';

/** Lines of one block that the other block's weights are shown for. */
export interface Anchor {
  readonly direction: Direction;
  readonly lines: readonly number[];
}

/** The side whose tokens are pinned in a direction: queries that attend, or keys that are attended to. */
export function anchorSide(kind: AttentionKind, direction: Direction): PanelSide {
  return direction === 'to' ? querySideOf(kind) : keySideOf(kind);
}

/**
 * What is pinned, as lines. Pins are rows of the map where they attend and its columns where they are attended by; those of
 * the other text do not apply.
 */
export function pinnedAnchor(
  state: Pick<PanelState, 'kind' | 'direction' | 'pins'>,
  shown: ShownMap,
): Anchor | undefined {
  const { direction, pins } = state;
  if (pins.side !== anchorSide(state.kind, direction)) return undefined;
  const labels = direction === 'to' ? shown.queryLabels : shown.keyLabels;
  const lines = linesOf(labels, pins.indices);
  return lines.length > 0 ? { direction, lines } : undefined;
}

/**
 * Source tokens under the editor's cursor, as lines: where they are queries and the direction is `to`, what they attend to;
 * else what they are attended by. In decoder attention there are none.
 */
export function cursorAnchor(
  state: Pick<PanelState, 'kind' | 'direction'>,
  shown: ShownMap,
  indices: readonly number[],
): Anchor | undefined {
  const directions: readonly Direction[] = state.direction === 'to' ? ['to', 'by'] : ['by', 'to'];
  const direction = directions.find((one) => anchorSide(state.kind, one) === 'source');
  if (!direction || indices.length === 0) return undefined;
  const lines = linesOf(direction === 'to' ? shown.queryLabels : shown.keyLabels, indices);
  return lines.length > 0 ? { direction, lines } : undefined;
}

/** The same tokens in the other direction: the row that predicts a token is not that of its column. */
export function turnedPins(
  state: Pick<PanelState, 'kind' | 'pins' | 'rows'>,
  run: AttentionRun,
  direction: Direction,
): PanelState['pins'] {
  const { kind, pins, rows } = state;
  const side = anchorSide(kind, direction);
  if (kind === 'cross') return { side, indices: [] };
  const step = kind === 'encoder' || rows === 'input' ? 0 : direction === 'to' ? -1 : 1;
  const indices = pins.indices
    .map((index) => index + step)
    .filter((index) => index >= 0 && index < run[side].length);
  return { side, indices };
}
