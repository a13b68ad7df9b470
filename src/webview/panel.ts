import type { HeadMap } from '../protocol/attentionQueries';
import { HEAD_METRICS, layersOf, type AttentionRun } from '../protocol/attentionRun';
import { MARK_STEPS } from '../protocol/panel';
import type { HeadChoice } from '../protocol/panelState';
import type { PanelStrings } from '../protocol/panelStrings';
import { element } from './dom';
import { LinkedText } from './linkedText';
import { Matrix, type CellPlace } from './matrix';
import { Overview, describe } from './overview';
import { RowTable } from './rowTable';
import type { PanelState, VsCodeApi } from './vscodeApi';

/** The whole panel: what is chosen, and the views that show it. */
export class Panel {
  private readonly overview: Overview;
  private readonly matrix: Matrix;
  private readonly linked: LinkedText;
  private readonly table: RowTable;
  private readonly title = element('h2', { class: 'title' });
  private readonly sort: HTMLSelectElement;
  private run: AttentionRun | undefined;
  private map: HeadMap | undefined;
  private seq = 0;
  private state: PanelState;

  constructor(
    private readonly api: VsCodeApi,
    private readonly strings: PanelStrings,
    root: HTMLElement,
  ) {
    this.state = api.getState() ?? { kind: 'cross', layer: 0, head: 0, sort: 'position' };
    this.overview = new Overview(strings, (choice) => this.choose(choice));
    this.matrix = new Matrix(
      strings,
      (place) => this.onPlace(place),
      (place) => this.post('reveal', place),
    );
    this.linked = new LinkedText(strings, (query) => this.matrix.move({ query, key: 0 }));
    this.table = new RowTable(strings);
    this.sort = this.sortMenu();
    const label = element('label', { class: 'sort' }, strings.sortBy, this.sort);
    const left = element('div', { class: 'left' }, label, this.overview.root);
    const views = [this.title, this.matrix.root, this.linked.root, this.table.root];
    const right = element('div', { class: 'right' }, ...views);
    const caveat = element('p', { class: 'caveat' }, `${strings.scale} ${strings.caveat}`);
    root.replaceChildren(element('main', {}, left, right), caveat);
    // The editor changes classes of the body when the theme changes; canvases do not follow by themselves.
    new MutationObserver(() => this.redraw()).observe(document.body, {
      attributeFilter: ['class'],
    });
  }

  showRun(run: AttentionRun): void {
    this.run = run;
    const { kind, layer, head } = this.state;
    const fits = layer < layersOf(run, kind) && head < run.heads;
    this.choose(fits ? { kind, layer, head } : { kind, layer: 0, head: 0 });
  }

  /** Answers to older requests are dropped: only the head chosen last is shown. */
  showHead(seq: number, map: HeadMap): void {
    if (!this.run || seq !== this.seq) return;
    this.map = map;
    this.linked.show(this.run, map);
    this.matrix.show(this.run, map);
  }

  private choose(choice: HeadChoice): void {
    const { run, strings } = this;
    if (!run) return;
    this.remember({ ...this.state, ...choice });
    this.overview.show(run, choice, this.state.sort);
    this.title.textContent =
      `${strings[choice.kind]}, ${strings.layer} ${choice.layer + 1}, ` +
      `${strings.head} ${choice.head + 1}: ${describe(run, choice, strings)}`;
    this.seq++;
    const { kind, layer, head } = choice;
    const params = { kind, layer, head };
    const { runId } = run;
    this.api.postMessage({ type: 'query', runId, seq: this.seq, name: 'head', params });
  }

  private onPlace(place: CellPlace): void {
    if (!this.run || !this.map) return;
    const weights = this.matrix.row(place.query);
    this.linked.mark(place.query, weights);
    this.table.show(this.run, this.map, weights);
    this.post('mark', place);
  }

  /** The editor shows source tokens only; in decoder attention neither side is one. */
  private post(type: 'mark' | 'reveal', place: CellPlace): void {
    if (!this.run || !this.map || this.map.kind === 'decoder') return;
    const { runId } = this.run;
    this.api.postMessage(
      type === 'mark'
        ? { type, runId, side: 'source', indices: [place.key], steps: [MARK_STEPS] }
        : { type, runId, side: 'source', index: place.key },
    );
  }

  private sortMenu(): HTMLSelectElement {
    const names = ['position', ...HEAD_METRICS] as const;
    const options = names.map((name) =>
      element('option', { value: name, selected: name === this.state.sort }, this.strings[name]),
    );
    const menu = element('select', {}, ...options);
    menu.addEventListener('change', () => {
      const sort = names.find((name) => name === menu.value) ?? 'position';
      this.remember({ ...this.state, sort });
      this.redraw();
    });
    return menu;
  }

  private redraw(): void {
    if (!this.run) return;
    this.overview.show(this.run, this.state, this.state.sort);
    if (this.map) this.matrix.repaint();
  }

  private remember(state: PanelState): void {
    const { kind, layer, head, sort } = state;
    this.state = { kind, layer, head, sort };
    this.api.setState(this.state);
  }
}
