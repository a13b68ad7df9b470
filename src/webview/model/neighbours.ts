import type { AttentionRun } from '../../protocol/attentionRun';
import type { Neighbour } from '../../protocol/attentionQueries';
import { PANEL_SIDES, type PanelSide } from '../../protocol/panelState';
import type { PanelStrings } from '../../protocol/panelStrings';
import { selectControl } from '../controls';
import { element, visibleToken } from '../dom';
import type { CsvTable, ExportOptions } from '../export/parts';
import { fill } from '../format';
import type { ViewContext } from '../view';
import { formatFixed, Latest, type Part } from './part';

/** Pieces of the vocabulary near a token of the run, in embedding space. */
export class Neighbours implements Part {
  readonly title: string;
  readonly root: HTMLElement;
  private readonly place = element('div', {});
  private readonly token;
  private readonly latest = new Latest();
  private context: ViewContext | undefined;
  private runId = -1;
  private side: PanelSide = 'source';
  private index = 0;
  private found: readonly Neighbour[] = [];

  constructor(private readonly strings: PanelStrings) {
    this.title = strings.modelNeighbours;
    this.token = selectControl(strings.modelToken, [], (value) => {
      const [side, index] = value.split(' ');
      this.side = PANEL_SIDES.find((one) => one === side) ?? 'source';
      this.index = Number(index);
      if (this.context) this.show(this.context);
    });
    const note = element('p', { class: 'muted' }, strings.modelNeighboursNote);
    this.root = element('div', {}, this.token.root, this.place, note);
  }

  show(context: ViewContext): void {
    this.context = context;
    const { run } = context;
    if (run.runId !== this.runId) this.open(run);
    const { side, index } = this;
    this.token.set(`${side} ${index}`);
    this.latest.ask(context, 'neighbours', { side, index }, ({ neighbours }) => {
      this.found = neighbours;
      this.draw(neighbours, context);
    });
  }

  csv({ omitText }: ExportOptions): readonly CsvTable[] {
    const { strings } = this;
    // The pieces near a token tell the token.
    if (omitText || this.found.length === 0) return [];
    const header = [strings.rank, strings.modelPiece, strings.modelCosine];
    const rows = this.found.map(({ text, cosine }, index) => [index + 1, text, cosine]);
    return [{ name: 'neighbours', rows: [header, ...rows] }];
  }

  private open(run: AttentionRun): void {
    this.runId = run.runId;
    this.token.offer(
      PANEL_SIDES.flatMap((side) =>
        run[side].map(({ text }, index) => ({
          value: `${side} ${index}`,
          label: `${this.strings[side === 'source' ? 'source' : 'output']} ${index + 1}: ${visibleToken(text)}`,
        })),
      ),
    );
    this.side = 'source';
    // The longest piece that is text: it has the most telling neighbours.
    const lengths = run.source.map(({ text, special }) => (special ? 0 : text.trim().length));
    this.index = lengths.indexOf(Math.max(...lengths));
  }

  private draw(neighbours: readonly Neighbour[], { run, locale }: ViewContext): void {
    const { strings } = this;
    const token = visibleToken(run[this.side][this.index]?.text ?? '');
    const heads = [strings.rank, strings.modelPiece, strings.modelCosine].map((name) =>
      element('th', { scope: 'col' }, name),
    );
    const rows = neighbours.map(({ text, cosine }, index) => {
      const bar = element('span', { class: 'measure-bar', 'aria-hidden': 'true' });
      bar.style.width = `${Math.max(0, Math.round(100 * cosine))}px`;
      return element(
        'tr',
        {},
        element('td', {}, String(index + 1)),
        element('th', { scope: 'row' }, visibleToken(text)),
        element('td', {}, formatFixed(cosine, locale), bar),
      );
    });
    const label = fill(strings.modelNeighboursTable, token);
    const caption = element('caption', {}, label);
    const head = element('thead', {}, element('tr', {}, ...heads));
    const table = element('table', {}, caption, head, element('tbody', {}, ...rows));
    const region = { class: 'table', role: 'region', tabindex: 0, 'aria-label': label };
    this.place.replaceChildren(element('div', region, table));
  }
}
