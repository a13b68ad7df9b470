import type { AttentionMap } from '../../attention/attentionMap';
import { isCancelled } from '../../common/errors';
import type { HeadChoice } from '../../protocol/panelState';
import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import type { ExportParts } from '../export/parts';
import { fill, formatShare } from '../format';
import { headLabel } from '../headMarks';
import { meanKept } from '../shownMap';
import { shownHeads } from '../state';
import { togglePins } from '../text/anchors';
import { EditorMarker } from '../text/editorMarks';
import type { View, ViewContext } from '../view';
import { matrixExports } from './exports';
import { Legend } from './legend';
import { createPlane, type Plane } from './plane';
import { linesAt, type CellPlace } from './readout';
import { MapStage } from './stage';
import { strongestTable } from './strongest';

/** V2: the map of a head, or of several beside each other, exactly. */
export function createMatrixView(strings: PanelStrings): View {
  return new MatrixView(strings);
}

class MatrixView implements View {
  readonly id = 'matrix';
  readonly root: HTMLElement;
  private readonly legend: Legend;
  private readonly kept = element('p', { class: 'hint' });
  private readonly stage: MapStage;
  private readonly marker = new EditorMarker();
  private context: ViewContext | undefined;
  private planes: readonly Plane[] = [];
  private readonly made = new WeakMap<AttentionMap, { key: string; plane: Plane }>();
  private asked = 0;

  constructor(private readonly strings: PanelStrings) {
    this.legend = new Legend(strings);
    this.stage = new MapStage(strings, {
      place: (place) => this.mark(place),
      leave: () => this.unmark(),
      reveal: (place) => this.reveal(place),
      pin: (place) => this.pin(place),
      clear: () => this.clear(),
    });
    this.root = element(
      'section',
      { class: 'matrix' },
      this.stage.root,
      this.legend.root,
      this.kept,
      element('p', { class: 'hint' }, strings.marginals),
    );
  }

  show(context: ViewContext): void {
    this.context = context;
    void this.load(context);
  }

  hide(): void {
    this.unmark();
  }

  cursor(indices: readonly number[]): void {
    this.stage.hint(indices);
  }

  table(): HTMLElement | undefined {
    const [plane] = this.planes;
    return plane && this.context ? strongestTable(plane, this.context) : undefined;
  }

  exports(): ExportParts | undefined {
    const { context, planes } = this;
    return context && planes.length > 0
      ? matrixExports(context, planes, (scale, omitText) => this.stage.picture(scale, omitText))
      : undefined;
  }

  /** Maps that come later than another choice are dropped. */
  private async load(context: ViewContext): Promise<void> {
    const asked = ++this.asked;
    const { state } = context;
    const { kind } = state;
    try {
      const heads = shownHeads(state);
      const maps = state.average
        ? [await context.chosen()]
        : await Promise.all(heads.map((one) => context.map(kind, one.layer, one.head)));
      if (asked !== this.asked) return;
      this.planes = maps.map((map, index) => {
        const one = heads[index];
        const whose: readonly HeadChoice[] = state.average || !one ? heads : [one];
        return this.planeOf(map, whose, context);
      });
      this.stage.show(context, this.planes);
      this.marker.pin(
        context,
        this.planes.map(({ shown }) => shown),
      );
      this.describe(context);
      context.changed();
    } catch (error) {
      // The shell has said what failed; what is shown stays.
      if (!isCancelled(error)) this.planes = [];
    }
  }

  /** Another theme colours the same levels: working them out takes longer than drawing them. */
  private planeOf(map: AttentionMap, heads: readonly HeadChoice[], context: ViewContext): Plane {
    const { run, state } = context;
    const { kind, specials, threshold, words, rows, scale, domain, range, valueWeighted } = state;
    const filters = [specials, threshold, words, rows, scale, domain, range, valueWeighted];
    const key = JSON.stringify([run.runId, kind, heads, filters]);
    const known = this.made.get(map);
    if (known?.key === key) return known.plane;
    const plane = createPlane(heads, context.filtered(map, kind), run, state);
    this.made.set(map, { key, plane });
    return plane;
  }

  private describe(context: ViewContext): void {
    const [plane] = this.planes;
    if (!plane) return;
    const { state, colours, locale } = context;
    this.legend.show(plane.range, colours, state.valueWeighted, locale);
    this.kept.textContent = this.planes
      .map((one) => {
        const share = formatShare(meanKept(one.shown), locale);
        const text = fill(this.strings.kept, share);
        return this.planes.length > 1 ? `${one.heads.map(headLabel).join(', ')}: ${text}` : text;
      })
      .join('; ');
  }

  /** The keys of the row, or in decoder attention those of the output, by their weights. */
  private mark({ row }: CellPlace): void {
    const { context } = this;
    const [plane] = this.planes;
    if (!context || !plane) return;
    const { indices, weights } = keysOf(plane, row);
    context.mark(plane.shown.keySide, indices, weights);
  }

  private reveal(place: CellPlace): void {
    const { context } = this;
    const [plane] = this.planes;
    if (!context || !plane) return;
    const [, key] = linesAt(plane, place);
    const [index] = plane.shown.keyLabels[key]?.tokens ?? [];
    if (index !== undefined) context.reveal(plane.shown.keySide, index);
  }

  /** Pins the query, as in the view of texts, or lets it go if it is pinned. */
  private pin(place: CellPlace): void {
    const { context } = this;
    const [plane] = this.planes;
    const label = plane?.shown.queryLabels[plane.rows[place.row] ?? 0];
    if (!context || !plane || !label) return;
    const { pins, direction } = context.state;
    const side = plane.shown.querySide;
    const before = pins.side === side && direction === 'to' ? pins.indices : [];
    const indices = togglePins(before, label.tokens, true);
    context.update({ direction: 'to', pins: { side, indices } });
  }

  private clear(): void {
    const { context } = this;
    if (!context) return;
    context.update({ pins: { ...context.state.pins, indices: [] } });
    this.unmark();
  }

  private unmark(): void {
    this.context?.mark('source', [], []);
    this.context?.mark('target', [], []);
  }
}

/** Tokens that a row looks at, each with the weight of its line. */
function keysOf(plane: Plane, row: number): { indices: number[]; weights: number[] } {
  const { map, keyLabels } = plane.shown;
  const query = plane.rows[row] ?? 0;
  const indices: number[] = [];
  const weights: number[] = [];
  keyLabels.forEach(({ tokens }, key) => {
    for (const token of tokens) {
      indices.push(token);
      weights.push(map.weights[query * map.keys + key] ?? 0);
    }
  });
  return { indices, weights };
}
