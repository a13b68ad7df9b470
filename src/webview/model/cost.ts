import type { CostPoint } from '../../protocol/attentionQueries';
import type { PanelStrings } from '../../protocol/panelStrings';
import { buttonControl } from '../controls';
import { element } from '../dom';
import type { CsvTable } from '../export/parts';
import { fill } from '../format';
import { dataTable } from '../table';
import type { ViewContext } from '../view';
import { costDrawing } from './costDrawing';
import { formatCount, formatNumber, Latest, type Part } from './part';

/** What the length of a text costs: self-attention and a recurrent layer by their formulas, the encoder by the clock. */
export class Cost implements Part {
  readonly title: string;
  readonly root: HTMLElement;
  private readonly note = element('p', {});
  private readonly place = element('div', {});
  private readonly legend = element('p', { class: 'legend' });
  private readonly status = element('p', { role: 'status', class: 'muted' });
  private readonly numbers = element('div', {});
  private readonly facts = new Latest();
  private readonly measured = new Latest();
  private context: ViewContext | undefined;
  private size = 0;
  private points: readonly CostPoint[] = [];

  constructor(private readonly strings: PanelStrings) {
    this.title = strings.modelCost;
    const button = buttonControl(strings.modelMeasure, () => this.measure(), false);
    this.root = element(
      'div',
      {},
      this.note,
      this.place,
      this.legend,
      element('div', {}, button),
      this.status,
      this.numbers,
    );
    let width = 0;
    new ResizeObserver(() => {
      if (this.size === 0 || this.place.clientWidth === width) return;
      width = this.place.clientWidth;
      this.draw();
    }).observe(this.place);
  }

  show(context: ViewContext): void {
    this.context = context;
    this.facts.ask(context, 'model', {}, ({ modelSize }) => {
      this.size = modelSize;
      this.draw();
    });
  }

  csv(): readonly CsvTable[] {
    if (this.points.length === 0) return [];
    const rows = this.points.map((point) => [
      point.length,
      point.selfAttention,
      point.recurrent,
      point.encoderMilliseconds,
    ]);
    return [{ name: 'cost', rows: [this.header(), ...rows] }];
  }

  private measure(): void {
    const { context, strings, status } = this;
    if (!context) return;
    status.textContent = strings.modelMeasuring;
    this.measured.ask(
      context,
      'cost',
      {},
      ({ points }) => {
        status.textContent = '';
        this.points = points;
        this.draw();
      },
      () => (status.textContent = ''),
    );
  }

  private header(): string[] {
    const { strings } = this;
    return [
      strings.modelLength,
      strings.modelSelfAttentionCost,
      strings.modelRecurrentCost,
      strings.modelMilliseconds,
    ];
  }

  private draw(): void {
    const { strings, size, points } = this;
    const locale = this.context?.locale ?? 'en';
    this.note.textContent = fill(strings.modelCostNote, size);
    this.place.replaceChildren(costDrawing(size, points, strings, this.place.clientWidth));
    const entries = [
      ['self-attention', strings.modelSelfAttentionCost],
      ['recurrent', strings.modelRecurrentCost],
      ...(points.length > 0 ? [['measured', strings.modelCostMeasured]] : []),
    ];
    this.legend.replaceChildren(
      ...entries.map(([name = '', text = '']) =>
        element('span', { class: `key-of ${name}` }, text),
      ),
    );
    const rows = points.map((point) => [
      String(point.length),
      formatCount(point.selfAttention, locale),
      formatCount(point.recurrent, locale),
      formatNumber(point.encoderMilliseconds, locale),
    ]);
    const table = dataTable(strings.modelCostTable, this.header(), rows);
    this.numbers.replaceChildren(...(rows.length > 0 ? [table] : []));
  }
}
