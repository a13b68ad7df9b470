import type { Table } from '../colour';
import { cssColour, inkOn } from '../colour';
import type { ThemeColours } from '../theme';
import type { Shape } from '../drawing/scene';
import { drawShapes } from '../drawing/scene';
import { element } from '../dom';
import { fitText } from '../fitText';
import { GridProxy, type GridEvents, type GridPlace } from '../gridProxy';
import type { ViewContext } from '../view';
import type { WordAlignment } from './words';

/** Room of the labels, CSS pixels. */
const LEFT = 96;
const TOP = 84;
const CELL_LEAST = 14;
const CELL_MOST = 26;
const FONT = 12;

export interface AlignmentGridEvents extends GridEvents {
  hover(place: GridPlace | undefined): void;
  reveal(place: GridPlace): void;
}

/**
 * Output words down, source words across; aligned cells have a mark in them. The canvas is as large as what is seen of the grid
 * and stays in view while the rest scrolls: the whole of a long text would take tens of megabytes.
 */
export class AlignmentGrid {
  readonly proxy: GridProxy;
  private readonly canvas = element('canvas', { 'aria-hidden': 'true' });
  private readonly size = element('div', {}, this.canvas);
  private readonly scroller = element('div', { class: 'align-grid' }, this.size);
  private context: ViewContext | undefined;
  private alignment: WordAlignment | undefined;
  private aligned = new Set<number>();
  private cell = CELL_LEAST;
  private frame = 0;

  constructor(label: string, events: AlignmentGridEvents) {
    this.proxy = new GridProxy(
      label,
      {
        ...events,
        move: (place) => {
          this.reveal(place);
          events.move(place);
        },
      },
      this.scroller,
    );
    this.scroller.addEventListener('scroll', () => this.drawSoon());
    this.canvas.addEventListener('mousemove', (event) => events.hover(this.placeOf(event)));
    this.canvas.addEventListener('mouseleave', () => events.hover(undefined));
    this.canvas.addEventListener('click', (event) => {
      const place = this.placeOf(event);
      if (!place) return;
      this.proxy.moveTo(place);
      this.drawSoon();
      events.move(place);
    });
    this.canvas.addEventListener('dblclick', (event) => {
      const place = this.placeOf(event);
      if (place) events.reveal(place);
    });
    new ResizeObserver(() => this.layOut()).observe(this.proxy.root);
  }

  show(context: ViewContext, alignment: WordAlignment): void {
    this.context = context;
    this.alignment = alignment;
    const columns = alignment.source.length;
    this.aligned = new Set(alignment.links.map(({ source, target }) => target * columns + source));
    this.proxy.resize(alignment.target.length, columns);
    this.layOut();
  }

  isAligned({ row, column }: GridPlace): boolean {
    return this.aligned.has(row * (this.alignment?.source.length ?? 0) + column);
  }

  /** The whole grid, for a file. */
  shapes(offset: { x: number; y: number }, omitText: boolean): Shape[] {
    const { alignment, context } = this;
    if (!alignment || !context) return [];
    const all = { fromRow: 0, toRow: Infinity, fromColumn: 0, toColumn: Infinity };
    return gridShapes(alignment, context.colours, this.cell, all, offset, (text, index) =>
      omitText ? String(index) : text,
    );
  }

  get extent(): { width: number; height: number } {
    const { alignment, cell } = this;
    return {
      width: LEFT + cell * (alignment?.source.length ?? 0),
      height: TOP + cell * (alignment?.target.length ?? 0),
    };
  }

  private layOut(): void {
    const columns = this.alignment?.source.length ?? 0;
    const room = this.proxy.root.clientWidth - LEFT - 4;
    if (columns === 0 || room <= 0) return;
    this.cell = Math.max(CELL_LEAST, Math.min(CELL_MOST, Math.floor(room / columns)));
    const { width, height } = this.extent;
    this.size.style.width = `${width}px`;
    this.size.style.height = `${height}px`;
    this.drawSoon();
  }

  private drawSoon(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const { alignment, context, canvas, scroller, cell } = this;
    if (!alignment || !context || !scroller.isConnected) return;
    const { clientWidth, clientHeight, scrollLeft, scrollTop } = scroller;
    const width = Math.min(clientWidth, this.extent.width);
    const height = Math.min(clientHeight, this.extent.height);
    const ratio = window.devicePixelRatio;
    canvas.width = Math.ceil(width * ratio);
    canvas.height = Math.ceil(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const pen = canvas.getContext('2d');
    if (!pen) return;
    const { theme } = context.colours;
    pen.scale(ratio, ratio);
    pen.font = `${FONT}px ${theme.font}`;
    const seen = {
      fromRow: Math.floor(scrollTop / cell),
      toRow: Math.ceil((scrollTop + height) / cell),
      fromColumn: Math.floor(scrollLeft / cell),
      toColumn: Math.ceil((scrollLeft + width) / cell),
    };
    const offset = { x: -scrollLeft, y: -scrollTop };
    const fit = (text: string) => fitText(pen, text, LEFT - 12);
    const shapes = gridShapes(alignment, context.colours, cell, seen, offset, fit);
    // Cells that are scrolled out lie under the labels, which are drawn last on a ground of their own.
    drawShapes(pen, shapes, theme.font);
    this.drawCross(pen, theme);
  }

  private drawCross(pen: CanvasRenderingContext2D, theme: ThemeColours): void {
    const { row, column } = this.proxy.place;
    const { cell, scroller } = this;
    const x = LEFT + column * cell - scroller.scrollLeft;
    const y = TOP + row * cell - scroller.scrollTop;
    if (x < LEFT || y < TOP) return;
    pen.strokeStyle = theme.focus;
    pen.lineWidth = 2;
    pen.strokeRect(x, y, cell, cell);
  }

  private reveal({ row, column }: GridPlace): void {
    const { scroller, cell } = this;
    const within = (scroll: number, start: number, room: number) =>
      Math.max(start + cell - room, Math.min(scroll, start));
    scroller.scrollLeft = within(scroller.scrollLeft, column * cell, scroller.clientWidth - LEFT);
    scroller.scrollTop = within(scroller.scrollTop, row * cell, scroller.clientHeight - TOP);
    this.drawSoon();
  }

  private placeOf({ offsetX, offsetY }: MouseEvent): GridPlace | undefined {
    const { scroller, cell, alignment } = this;
    if (!alignment || offsetX < LEFT || offsetY < TOP) return undefined;
    const row = Math.floor((offsetY - TOP + scroller.scrollTop) / cell);
    const column = Math.floor((offsetX - LEFT + scroller.scrollLeft) / cell);
    const inside = row < alignment.target.length && column < alignment.source.length;
    return inside ? { row, column } : undefined;
  }
}

interface Window {
  readonly fromRow: number;
  readonly toRow: number;
  readonly fromColumn: number;
  readonly toColumn: number;
}

/** @param labelOf the text of a label, as it fits or as it may be shown */
function gridShapes(
  { source, target, links, grid, lonelySource, lonelyTarget }: WordAlignment,
  { weights: table, theme }: { readonly weights: Table; readonly theme: ThemeColours },
  cell: number,
  seen: Window,
  offset: { readonly x: number; readonly y: number },
  labelOf: (text: string, index: number) => string,
): Shape[] {
  const shapes: Shape[] = [];
  const gap = cell > 16 ? 1 : 0;
  const rows = target.slice(0, Math.min(target.length, seen.toRow));
  const columns = source.slice(0, Math.min(source.length, seen.toColumn));
  const level = (row: number, column: number) =>
    255 * Math.sqrt(Math.min(1, grid[row * source.length + column] ?? 0));
  const left = (column: number) => LEFT + column * cell + offset.x;
  const top = (row: number) => TOP + row * cell + offset.y;
  for (let row = seen.fromRow; row < rows.length; row++) {
    for (let column = seen.fromColumn; column < columns.length; column++) {
      const fill = cssColour(table, level(row, column));
      const size = cell - gap;
      shapes.push({ shape: 'rect', x: left(column), y: top(row), width: size, height: size, fill });
    }
  }
  for (const link of links) {
    const { source: column, target: row } = link;
    if (row < seen.fromRow || row >= rows.length) continue;
    if (column < seen.fromColumn || column >= columns.length) continue;
    const size = Math.round(cell * 0.4);
    const x = left(column) + (cell - gap - size) / 2;
    const y = top(row) + (cell - gap - size) / 2;
    const fill = inkOn(table, level(row, column));
    shapes.push({ shape: 'rect', x, y, width: size, height: size, fill });
  }
  const ground = { shape: 'rect', fill: theme.background } as const;
  const right = left(columns.length);
  const bottom = top(rows.length);
  shapes.push({ ...ground, x: 0, y: 0, width: LEFT - 2, height: Math.max(TOP, bottom) });
  shapes.push({ ...ground, x: 0, y: 0, width: Math.max(LEFT, right), height: TOP - 2 });
  const name = (text: string, index: number, lonely: boolean) =>
    lonely ? `∅ ${labelOf(text, index)}` : labelOf(text, index);
  for (let row = seen.fromRow; row < rows.length; row++) {
    if (top(row) < TOP - 1) continue;
    shapes.push({
      shape: 'text',
      x: LEFT - 6,
      y: top(row) + cell / 2 + 4,
      text: name(rows[row]?.text ?? '', row, lonelyTarget.has(row)),
      fill: theme.foreground,
      size: FONT,
      align: 'end',
    });
  }
  for (let column = seen.fromColumn; column < columns.length; column++) {
    if (left(column) < LEFT - 1) continue;
    shapes.push({
      shape: 'text',
      x: left(column) + cell / 2 + 4,
      y: TOP - 6,
      text: name(columns[column]?.text ?? '', column, lonelySource.has(column)),
      fill: theme.foreground,
      size: FONT,
      turned: true,
    });
  }
  return shapes;
}
