import { decodeHalf } from '../attention/half';
import { compand } from '../attention/thumbnail';
import type { HeadMap } from '../protocol/attentionQueries';
import type { AttentionRun, PanelToken } from '../protocol/attentionRun';
import type { PanelStrings } from '../protocol/panelStrings';
import { colourTable, isLightTheme, paintLevels } from './colour';
import { element, visibleToken } from './dom';
import { moveInGrid } from './grid';

/** Widest label in CSS pixels; longer tokens are cut with an ellipsis, the live line has them whole. */
const LABEL = 76;
const CELL_MOST = 24;
const CELL_LABELLED = 10;

export interface CellPlace {
  readonly query: number;
  readonly key: number;
}

/** One head's map: queries down, keys across, a crosshair, and the exact weight in words. */
export class Matrix {
  readonly root = element('section', { class: 'matrix' });
  private readonly heat = element('canvas', { 'aria-hidden': true });
  private readonly canvas = element('canvas', { class: 'map', role: 'application', tabindex: 0 });
  private readonly line = element('p', { class: 'exact', 'aria-live': 'polite' });
  private weights = new Float32Array();
  private queries: readonly PanelToken[] = [];
  private keys: readonly PanelToken[] = [];
  private cellSize = 0;
  private at: CellPlace = { query: 0, key: 0 };

  constructor(
    private readonly strings: PanelStrings,
    private readonly onPlace: (place: CellPlace) => void,
    private readonly onReveal: (place: CellPlace) => void,
  ) {
    this.root.append(this.canvas, this.line);
    this.canvas.addEventListener('mousemove', (event) => {
      const place = this.placeOf(event);
      if (place) this.move(place);
    });
    this.canvas.addEventListener('dblclick', () => this.onReveal(this.at));
    this.canvas.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') return this.onReveal(this.at);
      const from = { row: this.at.query, column: this.at.key };
      const size = { rows: this.queries.length, columns: this.keys.length };
      const to = moveInGrid(event.key, event.ctrlKey, from, size);
      if (!to) return;
      event.preventDefault();
      this.move({ query: to.row, key: to.column });
    });
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  show(run: AttentionRun, map: HeadMap): void {
    this.weights = decodeHalf(map.weights);
    this.queries = map.kind === 'encoder' ? run.source : run.target;
    this.keys = map.kind === 'decoder' ? run.target : run.source;
    const { strings } = this;
    this.canvas.setAttribute(
      'aria-label',
      `${strings[map.kind]}, ${strings.layer} ${map.layer + 1}, ${strings.head} ${map.head + 1}`,
    );
    this.repaint();
    this.move({
      query: Math.min(this.at.query, this.queries.length - 1),
      key: Math.min(this.at.key, this.keys.length - 1),
    });
  }

  /** Colours again, after a change of theme. */
  repaint(): void {
    const levels = Uint8Array.from(this.weights, compand);
    const table = colourTable(isLightTheme());
    paintLevels(this.heat, levels, this.queries.length, this.keys.length, table);
    this.draw();
  }

  /** Weights of one query over all keys. */
  row(query: number): Float32Array {
    return this.weights.subarray(query * this.keys.length, (query + 1) * this.keys.length);
  }

  move(place: CellPlace): void {
    this.at = place;
    const row = this.row(place.query);
    const weight = row[place.key] ?? 0;
    const rank = 1 + row.reduce((above, other) => above + (other > weight ? 1 : 0), 0);
    const { strings } = this;
    const query = visibleToken(this.queries[place.query]?.text ?? '');
    const key = visibleToken(this.keys[place.key]?.text ?? '');
    this.line.textContent =
      `${strings.query} ${query} (${place.query + 1}/${this.queries.length}) → ` +
      `${strings.key} ${key} (${place.key + 1}/${this.keys.length}): ` +
      `${strings.weight} ${weight.toPrecision(3)}, ${strings.rank} ${rank}`;
    this.draw();
    this.onPlace(place);
  }

  private placeOf(event: MouseEvent): CellPlace | undefined {
    const query = Math.floor((event.offsetY - LABEL) / this.cellSize);
    const key = Math.floor((event.offsetX - LABEL) / this.cellSize);
    const inside = query >= 0 && key >= 0 && query < this.queries.length && key < this.keys.length;
    return inside ? { query, key } : undefined;
  }

  /** Only as large as the view: a 512-token map at 10 pixels a cell would take 105 MB. */
  private draw(): void {
    const context = this.canvas.getContext('2d');
    if (!context || this.keys.length === 0) return;
    const room = Math.max(200, this.root.clientWidth - LABEL - 8);
    this.cellSize = Math.min(CELL_MOST, room / Math.max(this.keys.length, this.queries.length));
    const width = LABEL + this.cellSize * this.keys.length;
    const height = LABEL + this.cellSize * this.queries.length;
    const ratio = window.devicePixelRatio;
    this.canvas.width = Math.ceil(width * ratio);
    this.canvas.height = Math.ceil(height * ratio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    context.scale(ratio, ratio);
    context.imageSmoothingEnabled = false;
    const size = this.cellSize;
    context.drawImage(this.heat, LABEL, LABEL, size * this.keys.length, size * this.queries.length);
    const style = getComputedStyle(document.body);
    context.strokeStyle = style.getPropertyValue('--vscode-foreground') || 'currentColor';
    context.lineWidth = 1.5;
    context.strokeRect(LABEL, LABEL + this.at.query * size, size * this.keys.length, size);
    context.strokeRect(LABEL + this.at.key * size, LABEL, size, size * this.queries.length);
    this.drawLabels(context, style);
  }

  private drawLabels(context: CanvasRenderingContext2D, style: CSSStyleDeclaration): void {
    const size = this.cellSize;
    const every = Math.max(1, Math.ceil(CELL_LABELLED / size));
    context.fillStyle = style.getPropertyValue('--vscode-foreground') || 'currentColor';
    context.font = `${Math.max(9, Math.min(12, size * every - 1))}px ${style.fontFamily}`;
    context.textBaseline = 'middle';
    const shown = (index: number, current: number) => index % every === 0 || index === current;
    this.queries.forEach((token, i) => {
      if (!shown(i, this.at.query)) return;
      context.textAlign = 'right';
      context.fillText(fit(context, token.text), LABEL - 4, LABEL + (i + 0.5) * size);
    });
    this.keys.forEach((token, j) => {
      if (!shown(j, this.at.key)) return;
      context.save();
      context.translate(LABEL + (j + 0.5) * size, LABEL - 4);
      context.rotate(-Math.PI / 2);
      context.textAlign = 'left';
      context.fillText(fit(context, token.text), 0, 0);
      context.restore();
    });
  }
}

function fit(context: CanvasRenderingContext2D, text: string): string {
  const whole = visibleToken(text);
  if (context.measureText(whole).width <= LABEL - 8) return whole;
  let end = whole.length;
  while (end > 1 && context.measureText(`${whole.slice(0, end)}…`).width > LABEL - 8) end--;
  return `${whole.slice(0, end)}…`;
}
