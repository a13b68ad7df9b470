import { compand } from '../../attention/thumbnail';
import { cssColour, type ColourTable } from '../colour';
import { drawShapes, type Shape } from '../drawing/scene';
import { element } from '../dom';
import { pooledLevels } from '../levels';

/** One distribution after each layer. */
export interface LayerRows {
  readonly title: string;
  /** By layer; undefined while it is not there. [keys] each */
  readonly rows: readonly (Float32Array | undefined)[];
}

const ROW = 14;
const LEFT = 22;
const FONT = 11;
const COLUMN_MOST = 18;

/**
 * A strip for each layer, the first on top. Where there are more tokens than pixels the greatest weight of those that share one
 * is drawn.
 */
export function stripShapes(
  rows: LayerRows['rows'],
  shownLayer: number,
  width: number,
  { weights: table, theme }: ColourTable,
): Shape[] {
  const keys = rows.find((row) => row !== undefined)?.length ?? 0;
  const { columns, cell } = stripColumns(keys, width);
  const shapes: Shape[] = rows.flatMap((row, layer): Shape[] => {
    const y = layer * ROW;
    const label: Shape = {
      shape: 'text',
      x: LEFT - 6,
      y: y + ROW - 3,
      text: String(layer + 1),
      fill: theme.foreground,
      size: FONT,
      align: 'end',
    };
    if (!row) return [label];
    const levels = pooledLevels(Uint8Array.from(row, compand), 1, keys, 1, columns);
    const cells = Array.from(levels, (level, column): Shape => ({
      shape: 'rect',
      x: LEFT + column * cell,
      y,
      width: cell > 4 ? cell - 1 : cell,
      height: ROW - 1,
      fill: cssColour(table, level),
    }));
    return [label, ...cells];
  });
  const frame: Shape = {
    shape: 'rect',
    x: LEFT - 1,
    y: shownLayer * ROW,
    width: columns * cell + 1,
    height: ROW - 1,
    stroke: theme.focus,
  };
  return [...shapes, frame];
}

function stripColumns(keys: number, width: number): { columns: number; cell: number } {
  const room = Math.max(1, Math.floor(width - LEFT - 2));
  const columns = Math.max(1, Math.min(keys, room));
  return { columns, cell: Math.min(COLUMN_MOST, room / columns) };
}

export function stripHeight(layers: number): number {
  return layers * ROW + 2;
}

/** The strips on the screen; the mouse reads them and chooses the layer, the table has them for everyone else. */
export class LayerStrips {
  readonly root: HTMLElement;
  private readonly title = element('div', { class: 'block-title' });
  private readonly canvas = element('canvas', { class: 'strips', 'aria-hidden': 'true' });
  private rows: LayerRows['rows'] = [];
  private redraw: () => void = () => undefined;

  constructor(
    private readonly onRead: (place: { layer: number; key: number } | undefined) => void,
    onChoose: (layer: number) => void,
  ) {
    this.root = element('div', {}, this.title, this.canvas);
    this.canvas.addEventListener('mousemove', (event) => this.onRead(this.placeOf(event)));
    this.canvas.addEventListener('mouseleave', () => this.onRead(undefined));
    this.canvas.addEventListener('click', (event) => {
      const place = this.placeOf(event);
      if (place) onChoose(place.layer);
    });
    // The canvas makes the root higher: resized in the same frame, the observer would report a loop.
    new ResizeObserver(() => requestAnimationFrame(() => this.redraw())).observe(this.root);
  }

  show({ title, rows }: LayerRows, shownLayer: number, colours: ColourTable): void {
    this.title.textContent = title;
    this.rows = rows;
    this.redraw = () => {
      const width = this.root.clientWidth;
      if (width === 0) return;
      const height = stripHeight(rows.length);
      const ratio = window.devicePixelRatio;
      this.canvas.width = Math.ceil(width * ratio);
      this.canvas.height = Math.ceil(height * ratio);
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
      const pen = this.canvas.getContext('2d');
      if (!pen) return;
      pen.scale(ratio, ratio);
      drawShapes(pen, stripShapes(rows, shownLayer, width, colours), colours.theme.font);
    };
    this.redraw();
  }

  private placeOf({ offsetX, offsetY }: MouseEvent): { layer: number; key: number } | undefined {
    const layer = Math.floor(offsetY / ROW);
    const keys = this.rows[layer]?.length ?? 0;
    const { columns, cell } = stripColumns(keys, this.root.clientWidth);
    const column = Math.floor((offsetX - LEFT) / cell);
    if (keys === 0 || column < 0 || column >= columns) return undefined;
    return { layer, key: Math.floor((column * keys) / columns) };
  }
}
