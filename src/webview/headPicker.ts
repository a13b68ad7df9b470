import type { AttentionKind } from '../attention/headMetrics';
import { layersOf, type AttentionRun } from '../protocol/attentionRun';
import type { PanelState } from '../protocol/panelState';
import type { PanelStrings } from '../protocol/panelStrings';
import { numbered, selectControl } from './controls';

/** Layer and head, or the mean of the layer's heads, for a view that shows maps of several kinds at once. */
export class HeadPicker {
  readonly roots: readonly HTMLElement[];
  private readonly layer;
  private readonly head;
  private state: PanelState | undefined;

  constructor(
    private readonly strings: PanelStrings,
    private readonly kind: AttentionKind,
    private readonly update: (change: Partial<PanelState>) => void,
  ) {
    this.layer = selectControl(strings.layerTitle, [], (value) =>
      this.choose(Number(value), this.state?.head ?? 0),
    );
    this.head = selectControl(strings.headTitle, [], (value) =>
      this.choose(this.state?.layer ?? 0, Number(value)),
    );
    this.roots = [this.layer.root, this.head.root];
  }

  show(run: AttentionRun, state: PanelState): void {
    const { strings } = this;
    this.state = state;
    this.layer.offer(numbered(layersOf(run, this.kind), strings.layer));
    this.layer.set(String(Math.min(state.layer, layersOf(run, this.kind) - 1)));
    const mean = { value: '-1', label: strings.meanOfHeads };
    this.head.offer([mean, ...numbered(run.heads, strings.head)]);
    this.head.set(String(state.head));
  }

  private choose(layer: number, head: number): void {
    // The kind in focus stays if it has such layers, so that the other views go on showing it.
    const kind = this.state?.kind === 'encoder' ? this.kind : (this.state?.kind ?? this.kind);
    this.update({ kind, layer, head, heads: [], average: false });
  }
}
