import type { AttentionRun } from '../../protocol/attentionRun';
import {
  DOMAINS,
  PALETTES,
  ROW_LABELS,
  SCALES,
  SPECIAL_MODES,
  THRESHOLD_MODES,
  type PanelState,
} from '../../protocol/panelState';
import type { PanelStrings } from '../../protocol/panelStrings';
import { checkboxControl, rangeControl, selectControl, textControl } from '../controls';
import { element } from '../dom';

/** Where each threshold begins and what its slider covers. */
const THRESHOLDS = {
  none: { min: 0, max: 1, step: 1, start: 0 },
  absolute: { min: 0.005, max: 0.5, step: 0.005, start: 0.05 },
  top: { min: 1, max: 20, step: 1, start: 5 },
  cumulative: { min: 0.1, max: 0.99, step: 0.01, start: 0.75 },
} as const;

/** What of the maps is shown and in which colours. Folded away until it is wanted. */
export class FilterBar {
  readonly root: HTMLElement;
  private readonly controls;
  private state: PanelState | undefined;
  private tokens = 0;

  constructor(
    strings: PanelStrings,
    private readonly update: (change: Partial<PanelState>) => void,
  ) {
    const named = <T extends string>(
      label: string,
      values: readonly T[],
      name: (value: T) => string,
      onChange: (value: T) => void,
    ) =>
      selectControl<T>(
        label,
        values.map((value) => ({ value, label: name(value) })),
        onChange,
      );
    const percent = new Intl.NumberFormat(undefined, {
      style: 'percent',
      maximumFractionDigits: 1,
    });
    this.controls = {
      specials: named(
        strings.specials,
        SPECIAL_MODES,
        (value) => strings[`specials_${value}`],
        (specials) => update({ specials }),
      ),
      mode: named(
        strings.threshold,
        THRESHOLD_MODES,
        (value) => strings[`threshold_${value}`],
        (mode) => update({ threshold: { mode, value: THRESHOLDS[mode].start } }),
      ),
      value: rangeControl(
        strings.thresholdValue,
        THRESHOLDS.absolute,
        (value) => (value >= 1 ? String(value) : percent.format(value)),
        (value) => this.setThreshold(value),
      ),
      rows: named(
        strings.rowLabels,
        ROW_LABELS,
        (value) => strings[`rowLabels_${value}`],
        (rows) => update({ rows }),
      ),
      words: checkboxControl(strings.mergeWords, (words) => update({ words })),
      weighted: checkboxControl(strings.valueWeighted, (valueWeighted) =>
        update({ valueWeighted }),
      ),
      scale: named(
        strings.colourScale,
        SCALES,
        (value) => strings[`scale_${value}`],
        (scale) => update({ scale }),
      ),
      domain: named(
        strings.colourDomain,
        DOMAINS,
        (value) => strings[`domain_${value}`],
        (domain) => update({ domain }),
      ),
      palette: named(
        strings.palette,
        PALETTES,
        (value) => strings[`palette_${value}`],
        (palette) => update({ palette }),
      ),
      search: textControl(strings.tokenSearch, '', (search) => update({ search })),
      from: rangeControl(strings.rangeFrom, { min: 1, max: 2, step: 1 }, String, (from) =>
        this.setRange({ from: from - 1 }),
      ),
      to: rangeControl(strings.rangeTo, { min: 1, max: 2, step: 1 }, String, (to) =>
        this.setRange({ to }),
      ),
    };
    const roots = Object.values(this.controls).map(({ root }) => root);
    this.root = element(
      'section',
      { class: 'filters controls', id: 'filters', 'aria-label': strings.filters, hidden: true },
      ...roots,
    );
  }

  show(run: AttentionRun, state: PanelState): void {
    const { controls } = this;
    const { threshold, range } = state;
    this.state = state;
    this.tokens = run.source.length;
    controls.specials.set(state.specials);
    controls.mode.set(threshold.mode);
    controls.value.root.hidden = threshold.mode === 'none';
    controls.value.limit(THRESHOLDS[threshold.mode]);
    controls.value.set(threshold.value);
    controls.rows.set(state.rows);
    controls.words.set(state.words);
    controls.weighted.set(state.valueWeighted);
    controls.scale.set(state.scale);
    controls.domain.set(state.domain);
    controls.palette.set(state.palette);
    controls.search.set(state.search);
    const limits = { min: 1, max: Math.max(1, this.tokens), step: 1 };
    controls.from.limit(limits);
    controls.to.limit(limits);
    controls.from.set(range.from + 1);
    controls.to.set(range.to < 0 ? this.tokens : range.to);
  }

  toggle(): void {
    this.root.hidden = !this.root.hidden;
  }

  focusSearch(): void {
    this.root.hidden = false;
    this.controls.search.focus();
  }

  private setThreshold(value: number): void {
    if (this.state) this.update({ threshold: { mode: this.state.threshold.mode, value } });
  }

  private setRange(change: { from?: number; to?: number }): void {
    if (!this.state) return;
    const { range } = this.state;
    const last = range.to < 0 ? this.tokens : range.to;
    const from = Math.min(change.from ?? range.from, this.tokens - 1);
    const to = Math.max(change.to ?? last, from + 1);
    this.update({ range: { from, to: to >= this.tokens ? -1 : to } });
  }
}
