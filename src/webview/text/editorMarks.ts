import type { AttentionRun } from '../../protocol/attentionRun';
import type { PanelSide, PanelState } from '../../protocol/panelState';
import { markedQueries } from '../shownMap';
import type { Label, ShownMap, ViewContext } from '../view';
import { pinnedAnchor, type Anchor } from './anchor';
import { anchorWeights, meanWeights } from './anchors';
import type { BlockName } from './blocks';

export interface EditorMarks {
  readonly side: PanelSide;
  readonly indices: number[];
  readonly weights: number[];
}

/** Tokens of the text that a line stands for, as the editor knows them. */
export function editorTokens(
  run: AttentionRun,
  { kind, rows }: Pick<PanelState, 'kind' | 'rows'>,
  block: BlockName,
  label: Label,
): readonly number[] {
  return block === 'query' ? markedQueries(run, kind, label, rows) : label.tokens;
}

/**
 * Marks of both texts: the anchors themselves with full weight, and what they attend to or are attended by. Where both are
 * the same text there are only the weights, for one mark has one weight.
 */
export function editorMarks(
  run: AttentionRun,
  state: Pick<PanelState, 'kind' | 'rows'>,
  shown: ShownMap,
  anchor: Anchor,
  weights: ArrayLike<number>,
): EditorMarks[] {
  const labels = { query: shown.queryLabels, key: shown.keyLabels };
  const sides = { query: shown.querySide, key: shown.keySide };
  const collect = (
    block: BlockName,
    lines: Iterable<number>,
    weightOf: (line: number) => number,
  ): EditorMarks => {
    const marks: EditorMarks = { side: sides[block], indices: [], weights: [] };
    for (const line of lines) {
      const label = labels[block][line];
      const weight = weightOf(line);
      if (!label || !(weight > 0)) continue;
      for (const index of editorTokens(run, state, block, label)) {
        marks.indices.push(index);
        marks.weights.push(weight);
      }
    }
    return marks;
  };
  const from = anchor.direction === 'to' ? 'query' : 'key';
  const to = anchor.direction === 'to' ? 'key' : 'query';
  const others = collect(to, labels[to].keys(), (line) => weights[line] ?? 0);
  return sides.query === sides.key ? [others] : [collect(from, anchor.lines, () => 1), others];
}

/** Both sides, which clears the side that has none. */
function send(context: ViewContext, type: 'mark' | 'pin', marks: readonly EditorMarks[]): void {
  for (const side of ['source', 'target'] as const) {
    const one = marks.find((mark) => mark.side === side);
    context[type](side, one?.indices ?? [], one?.weights ?? []);
  }
}

/** The view's marks in the editor: those of the mouse, and those that are pinned, which stay while the mouse moves on. */
export class EditorMarker {
  private pinned = '';

  hover(
    context: ViewContext,
    shown: ShownMap | undefined,
    anchor: Anchor | undefined,
    weights: ArrayLike<number>,
  ): void {
    const { run, state } = context;
    const marks = shown && anchor ? editorMarks(run, state, shown, anchor, weights) : [];
    send(context, 'mark', marks);
  }

  pin(context: ViewContext, maps: readonly ShownMap[]): void {
    const { run, state } = context;
    const [shown] = maps;
    if (!shown) return;
    const anchor = pinnedAnchor(state, shown);
    // Nothing was pinned that would have to be taken away.
    if (!anchor && this.pinned === '') return;
    const { kind, layer, head, heads, average, specials, threshold, valueWeighted } = state;
    const filters = [average, specials, threshold, valueWeighted, state.words, state.rows];
    const key = JSON.stringify([run.runId, kind, layer, head, heads, filters, anchor]);
    if (key === this.pinned) return;
    this.pinned = key;
    const lists = anchor
      ? maps.map(({ map }) => anchorWeights(map, anchor.direction, anchor.lines))
      : [];
    const weights = meanWeights(lists);
    send(context, 'pin', anchor ? editorMarks(run, state, shown, anchor, weights) : []);
  }
}
