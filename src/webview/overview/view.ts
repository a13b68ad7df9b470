import { isCancelled } from '../../common/errors';
import { HEAD_METRICS } from '../../protocol/attentionRun';
import type { HeadChoice, PanelState } from '../../protocol/panelState';
import type { PanelStrings } from '../../protocol/panelStrings';
import { buttonControl, checkboxControl, selectControl, textControl } from '../controls';
import { element } from '../dom';
import { canvasBlob } from '../export/canvas';
import type { ExportParts } from '../export/parts';
import { fill, formatMetric } from '../format';
import { headLabel } from '../headMarks';
import { focusOf, onlyHead, shownHeads, toggledHead } from '../state';
import { dataTable } from '../table';
import type { View, ViewContext } from '../view';
import { metricRows } from './describe';
import { HeadGrid } from './headGrid';
import { parseHeadQuery } from './headQuery';
import { orderedHeads } from './order';

/** V1: every head at a glance, sorted, searched and chosen. */
export function createOverviewView(strings: PanelStrings): View {
  return new OverviewView(strings);
}

class OverviewView implements View {
  readonly id = 'overview';
  readonly root: HTMLElement;
  private readonly sort;
  private readonly colourBy;
  private readonly search;
  private readonly average;
  private readonly found = element('span', { class: 'found', role: 'status' });
  private readonly chosen = element('span');
  private readonly chosenBar: HTMLElement;
  private readonly grid: HeadGrid;
  private context: ViewContext | undefined;
  private distances: { readonly of: string; readonly values: Float32Array } | undefined;

  constructor(private readonly strings: PanelStrings) {
    const metrics = HEAD_METRICS.map((value) => ({ value, label: strings[value] }));
    this.sort = selectControl<PanelState['sort']>(
      strings.sortBy,
      [
        { value: 'position', label: strings.position },
        { value: 'similarity', label: strings.similarity },
        ...metrics,
      ],
      (sort) => this.context?.update({ sort }),
    );
    this.colourBy = selectControl<PanelState['colourBy']>(
      strings.colourBy,
      [{ value: 'pattern', label: strings.pattern }, ...metrics],
      (colourBy) => this.context?.update({ colourBy }),
    );
    this.search = textControl(strings.headSearch, 'sink>0.5', (headSearch) =>
      this.context?.update({ headSearch: headSearch.slice(0, 200) }),
    );
    this.average = checkboxControl(strings.average, (average) => this.context?.update({ average }));
    this.grid = new HeadGrid(strings, {
      open: (head) => this.context?.update({ ...onlyHead(head), view: 'matrix' }),
      toggle: (head) => this.toggle(head),
      clear: () => this.context && this.context.update(onlyHead(focusOf(this.context.state))),
    });
    const open = buttonControl(strings.openChosen, () => this.context?.update({ view: 'matrix' }));
    this.chosenBar = element('div', { class: 'controls' }, this.chosen, this.average.root, open);
    this.root = element(
      'section',
      { class: 'overview' },
      element(
        'div',
        { class: 'controls' },
        this.sort.root,
        this.colourBy.root,
        this.search.root,
        this.found,
      ),
      this.chosenBar,
      this.grid.root,
      element('p', { class: 'hint' }, `${strings.overviewHint} ${strings.strip}`),
    );
  }

  show(context: ViewContext): void {
    const { state } = context;
    this.context = context;
    this.sort.set(state.sort);
    this.colourBy.set(state.colourBy);
    this.search.set(state.headSearch);
    this.average.set(state.average);
    const heads = shownHeads(state);
    this.chosenBar.hidden = heads.length < 2;
    this.chosen.textContent = `${this.strings.chosenHeads}: ${heads.map(headLabel).join(', ')}`;
    const predicate = parseHeadQuery(state.headSearch);
    const key = JSON.stringify([context.run.runId, focusOf(state)]);
    const known = this.distances?.of === key ? this.distances.values : undefined;
    this.grid.show(context, known, predicate ?? (() => true));
    this.showFound(context, predicate !== undefined);
    if (state.sort === 'similarity' && !known && state.head >= 0) void this.compare(context, key);
  }

  table(): HTMLElement {
    const { context, strings } = this;
    if (!context) return element('div');
    const head = [strings.kind, strings.layerTitle, strings.headTitle];
    const rows = metricRows(context.run, this.allHeads(context)).map(([kind, ...cells]) => [
      strings[kind as HeadChoice['kind']],
      ...cells.map((cell, index) => {
        const number = Number(cell);
        if (Number.isNaN(number)) return '–';
        return index < 2 ? String(number) : formatMetric(number, context.locale);
      }),
    ]);
    const names = HEAD_METRICS.map((metric) => strings[metric]);
    return dataTable(strings.overviewTable, [...head, ...names], rows);
  }

  exports(): ExportParts {
    const header = ['kind', 'layer', 'head', ...HEAD_METRICS];
    const rows = (): (string | number)[][] =>
      this.context ? metricRows(this.context.run, this.allHeads(this.context)) : [];
    return {
      png: (scale) => canvasBlob(this.grid.picture(scale)),
      json: () => rows().map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]]))),
      csv: () => [{ name: 'metrics', rows: [header, ...rows()] }],
    };
  }

  private allHeads({ run, state }: ViewContext): HeadChoice[] {
    const sort = state.sort === 'similarity' ? 'position' : state.sort;
    return (['encoder', 'decoder', 'cross'] as const).flatMap((kind) =>
      orderedHeads(run, kind, sort, undefined),
    );
  }

  private toggle(head: HeadChoice): void {
    const { context } = this;
    if (!context) return;
    context.update(toggledHead(context.state, head));
    const heads = this.context ? shownHeads(this.context.state) : [];
    context.announce(`${this.strings.chosenHeads}: ${heads.map(headLabel).join(', ')}`);
  }

  private showFound(context: ViewContext, understood: boolean): void {
    const { strings } = this;
    if (!understood) this.found.textContent = strings.headSearchInvalid;
    else if (context.state.headSearch.trim() === '') this.found.textContent = '';
    else {
      const heads = this.allHeads(context);
      const count = heads.filter((head) => this.grid.matches(head)).length;
      this.found.textContent = fill(strings.headsMatching, count, heads.length);
    }
  }

  private async compare(context: ViewContext, key: string): Promise<void> {
    try {
      const { distances } = await context.ask('similarity', focusOf(context.state));
      this.distances = { of: key, values: distances };
      if (this.context) this.show(this.context);
    } catch (error) {
      // The shell has said what failed; the order stays as it is.
      if (!isCancelled(error)) this.distances = { of: key, values: new Float32Array() };
    }
  }
}
