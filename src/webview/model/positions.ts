import type { PanelStrings } from '../../protocol/panelStrings';
import {
  POSITION_CRITERIA,
  POSITION_ENCODERS,
  positionVerdicts,
  TAUGHT_ENCODINGS,
  type TaughtEncoding,
  type Verdict,
} from '../../transformer/positionCriteria';
import { selectControl } from '../controls';
import { element } from '../dom';
import type { CsvTable } from '../export/parts';
import { fill } from '../format';
import { paint } from '../paint';
import { dataTable } from '../table';
import type { ViewContext } from '../view';
import { formatNumber, Latest, type Part } from './part';

const ROWS = 64;
const CHANNELS = [16, 64] as const;
const TWIN = 8;

/** The four encodings of positions that are taught, at the size of this model, and what becomes of five criteria. */
export class Positions implements Part {
  readonly title: string;
  readonly root: HTMLElement;
  private readonly own = element('p', {});
  private readonly maps = element('div', { class: 'encodings' });
  private readonly criteria = element('div', {});
  private readonly channels;
  private readonly latest = new Latest();
  private readonly verdicts = new Map<TaughtEncoding, readonly Verdict[]>();
  private context: ViewContext | undefined;
  private size = 0;
  private shownChannels = 64;

  constructor(private readonly strings: PanelStrings) {
    this.title = strings.modelPositions;
    this.channels = selectControl(strings.modelChannels, [], (value) => {
      this.shownChannels = Number(value);
      this.draw();
    });
    this.root = element('div', {}, this.own, this.channels.root, this.maps, this.criteria);
  }

  show(context: ViewContext): void {
    this.context = context;
    const { strings } = this;
    this.latest.ask(context, 'model', {}, ({ modelSize, positions }) => {
      this.own.textContent = fill(strings.modelOwnPositions, positionName(positions, strings));
      if (modelSize !== this.size) this.resize(modelSize);
      this.draw();
    });
  }

  table(): HTMLElement | undefined {
    const { context, size, strings } = this;
    if (!context || size === 0) return undefined;
    const channels = Math.min(TWIN, size);
    const tables = TAUGHT_ENCODINGS.map((encoding) => {
      const values = POSITION_ENCODERS[encoding](ROWS, size);
      const rows = Array.from({ length: TWIN }, (_, position) => [
        String(position),
        ...Array.from({ length: channels }, (__, channel) =>
          formatNumber(values[position * size + channel] ?? 0, context.locale),
        ),
      ]);
      const columns = Array.from({ length: channels }, (_, channel) => String(channel + 1));
      const caption = fill(strings.modelPositionsTable, strings[`modelEncoding_${encoding}`]);
      return dataTable(caption, [strings.modelPosition, ...columns], rows);
    });
    return element('div', {}, ...tables);
  }

  csv(): readonly CsvTable[] {
    const { strings } = this;
    if (this.verdicts.size < TAUGHT_ENCODINGS.length) return [];
    return [{ name: 'positions', rows: [this.criteriaHeader(), ...this.criteriaRows(strings)] }];
  }

  private resize(size: number): void {
    const { strings } = this;
    this.size = size;
    this.verdicts.clear();
    const choices = CHANNELS.filter((count) => count < size).map((count) => ({
      value: String(count),
      label: String(count),
    }));
    const all = { value: String(size), label: fill(strings.modelAllChannels, size) };
    this.channels.offer([...choices, all]);
    this.shownChannels = Math.min(this.shownChannels, size);
    this.judge(size, [...TAUGHT_ENCODINGS]);
  }

  /** One encoding at a time: each takes a tenth of a second, and the page stays alive between them. */
  private judge(size: number, waiting: readonly TaughtEncoding[]): void {
    const [encoding, ...others] = waiting;
    if (encoding === undefined || size !== this.size) return;
    this.verdicts.set(encoding, positionVerdicts(POSITION_ENCODERS[encoding], size));
    this.drawCriteria();
    setTimeout(() => this.judge(size, others));
  }

  private draw(): void {
    const { context, size, strings } = this;
    if (!context || size === 0) return;
    this.channels.set(String(this.shownChannels));
    const figures = TAUGHT_ENCODINGS.map((encoding) => {
      const name = strings[`modelEncoding_${encoding}`];
      const { canvas, least, most } = heatMap(encoding, size, this.shownChannels, context);
      canvas.setAttribute('aria-label', name);
      const note = fill(
        strings.modelPositionsNote,
        ROWS,
        this.shownChannels,
        size,
        formatNumber(least, context.locale),
        formatNumber(most, context.locale),
      );
      return element(
        'figure',
        {},
        element('figcaption', {}, element('strong', {}, name)),
        canvas,
        element('figcaption', { class: 'muted' }, note),
      );
    });
    this.maps.replaceChildren(...figures);
    this.drawCriteria();
  }

  private drawCriteria(): void {
    const { strings } = this;
    const rows = this.criteriaRows(strings);
    const table = dataTable(strings.modelCriteriaTable, this.criteriaHeader(), rows);
    table.classList.add('criteria');
    this.criteria.replaceChildren(table);
  }

  private criteriaHeader(): string[] {
    const { strings } = this;
    const names = TAUGHT_ENCODINGS.map((encoding) => strings[`modelEncoding_${encoding}`]);
    return [strings.modelCriterion, ...names];
  }

  private criteriaRows(strings: PanelStrings): string[][] {
    const locale = this.context?.locale ?? 'en';
    return POSITION_CRITERIA.map((criterion) => [
      strings[`modelCriterion_${criterion}`],
      ...TAUGHT_ENCODINGS.map((encoding) => {
        const verdict = this.verdicts.get(encoding)?.find((one) => one.criterion === criterion);
        if (!verdict) return '…';
        const [a, b] = verdict.found.map((value) => formatNumber(value, locale));
        const sign = verdict.met ? `✓ ${strings.modelMet}` : `✗ ${strings.modelNotMet}`;
        return `${sign}: ${fill(strings[`modelFound_${criterion}`], a ?? '', b ?? '')}`;
      }),
    ]);
  }
}

function heatMap(
  encoding: TaughtEncoding,
  size: number,
  channels: number,
  { colours }: ViewContext,
): { canvas: HTMLCanvasElement; least: number; most: number } {
  const values = POSITION_ENCODERS[encoding](ROWS, size);
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const levels = Uint8Array.from({ length: ROWS * channels }, (_, place) => {
    const value = values[Math.floor(place / channels) * size + (place % channels)] ?? 0;
    return Math.round((255 * (value - least)) / Math.max(1e-9, most - least));
  });
  const canvas = element('canvas', { role: 'img', class: 'encoding' });
  paint(canvas, levels, ROWS, channels, colours.weights);
  return { canvas, least, most };
}

function positionName(positions: string, strings: PanelStrings): string {
  switch (positions) {
    case 'sinusoidalInterleaved':
    case 'sinusoidalConcatenated':
    case 'learned':
    case 'index':
    case 'normalizedIndex':
      return strings[`modelKindOf_${positions}`];
    default:
      return positions;
  }
}
