import type { AttentionKind } from '../attention/headMetrics';
import {
  ATTENTION_KINDS,
  HEAD_METRICS,
  layersOf,
  metricOf,
  thumbnailShape,
  type AttentionRun,
  type HeadMetric,
} from '../protocol/attentionRun';
import type { HeadChoice } from '../protocol/panelState';
import type { PanelStrings } from '../protocol/panelStrings';
import { colourTable, isLightTheme, paintLevels } from './colour';
import { element } from './dom';
import { moveInGrid } from './grid';

export function sameHead(a: HeadChoice, b: HeadChoice): boolean {
  return a.kind === b.kind && a.layer === b.layer && a.head === b.head;
}

/** Every head as a thumbnail, one block a kind, one row a layer; sorted by a metric the layers are let go. */
export class Overview {
  readonly root = element('section', { class: 'overview' });
  private readonly cells = new Map<HTMLElement, HeadChoice>();

  constructor(
    private readonly strings: PanelStrings,
    private readonly onChoose: (choice: HeadChoice) => void,
  ) {}

  show(run: AttentionRun, chosen: HeadChoice, sort: HeadMetric | 'position'): void {
    this.cells.clear();
    const table = colourTable(isLightTheme());
    const blocks = ATTENTION_KINDS.map((kind) => this.block(run, kind, chosen, sort, table));
    this.root.replaceChildren(...blocks);
  }

  private block(
    run: AttentionRun,
    kind: AttentionKind,
    chosen: HeadChoice,
    sort: HeadMetric | 'position',
    table: Uint8ClampedArray,
  ): HTMLElement {
    const layers = layersOf(run, kind);
    const choices = Array.from({ length: layers * run.heads }, (_, i) => ({
      kind,
      layer: Math.floor(i / run.heads),
      head: i % run.heads,
    }));
    if (sort !== 'position') {
      const value = ({ kind, layer, head }: HeadChoice) => metricOf(run, kind, layer, head, sort);
      // A metric that does not apply (next token in causal maps) is NaN and goes last.
      choices.sort((a, b) => (value(b) || -Infinity) - (value(a) || -Infinity) || 0);
    }
    const grid = element('div', {
      role: 'grid',
      class: 'heads',
      'aria-label': this.strings[kind],
      'aria-rowcount': layers,
      'aria-colcount': run.heads,
    });
    const hasChosen = chosen.kind === kind;
    for (let layer = 0; layer < layers; layer++) {
      const row = element('div', { role: 'row', class: 'head-row' });
      for (let column = 0; column < run.heads; column++) {
        const choice = choices[layer * run.heads + column];
        if (!choice) continue;
        const selected = sameHead(choice, chosen);
        const stop = hasChosen ? selected : layer === 0 && column === 0;
        row.append(this.cell(run, choice, selected, stop, table));
      }
      grid.append(row);
    }
    grid.addEventListener('keydown', (event) => this.onKey(event, grid, layers, run.heads));
    return element('div', { class: 'block' }, element('h2', {}, this.strings[kind]), grid);
  }

  private cell(
    run: AttentionRun,
    choice: HeadChoice,
    selected: boolean,
    tabStop: boolean,
    table: Uint8ClampedArray,
  ): HTMLElement {
    const canvas = element('canvas', { 'aria-hidden': true });
    const { rows, columns, levels } = thumbnail(run, choice);
    paintLevels(canvas, levels, rows, columns, table);
    const place = `${choice.layer + 1}.${choice.head + 1}`;
    const name = `${this.strings.layer} ${choice.layer + 1}, ${this.strings.head} ${choice.head + 1}`;
    const label = `${name}. ${describe(run, choice, this.strings)}`;
    const cell = element(
      'div',
      {
        role: 'gridcell',
        class: 'head',
        tabindex: tabStop ? 0 : -1,
        'aria-selected': String(selected),
        'aria-label': label,
        title: label,
      },
      canvas,
      element('span', { class: 'place', 'aria-hidden': true }, place),
    );
    cell.addEventListener('click', () => this.onChoose(choice));
    this.cells.set(cell, choice);
    return cell;
  }

  private onKey(event: KeyboardEvent, grid: HTMLElement, rows: number, columns: number): void {
    const cells = [...grid.querySelectorAll<HTMLElement>('[role=gridcell]')];
    const index = cells.findIndex((cell) => cell === event.target);
    const current = cells[index];
    if (!current) return;
    const choice = this.cells.get(current);
    if ((event.key === 'Enter' || event.key === ' ') && choice) {
      event.preventDefault();
      this.onChoose(choice);
      return;
    }
    const at = { row: Math.floor(index / columns), column: index % columns };
    const to = moveInGrid(event.key, event.ctrlKey, at, { rows, columns });
    const next = to && cells[to.row * columns + to.column];
    if (!next) return;
    event.preventDefault();
    current.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}

function thumbnail(
  run: AttentionRun,
  choice: HeadChoice,
): { rows: number; columns: number; levels: Uint8Array } {
  const { rows, columns, offset } = thumbnailShape(run, choice.kind);
  const size = rows * columns;
  const start = offset + (choice.layer * run.heads + choice.head) * size;
  return { rows, columns, levels: run.thumbnails.subarray(start, start + size) };
}

/** The metric strip of a head in words, for the tooltip and the screen reader. */
export function describe(run: AttentionRun, choice: HeadChoice, strings: PanelStrings): string {
  const { kind, layer, head } = choice;
  return HEAD_METRICS.map((metric) => ({ metric, value: metricOf(run, kind, layer, head, metric) }))
    .filter(({ value }) => !Number.isNaN(value))
    .map(({ metric, value }) => `${strings[metric]} ${value.toFixed(2)}`)
    .join(', ');
}
