/** Everything of a map's picture but the crosshair: cells, hatching, labels, gutter and marginals. */
import type { ColourTable } from '../colour';
import { element } from '../dom';
import { fitText } from '../fitText';
import type { Label } from '../view';
import { LABELLED_CELL, visibleSpan, type Camera, type Size } from './camera';
import type { MapImage } from './mapImage';
import { firstHidden, type Plane } from './plane';

/** Widths and heights around the cells, in CSS pixels. */
export interface Margins {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const GUTTER = 12;
const MARGINAL = 34;
const LABELS = 86;
/** Height of the keys' labels. */
export const LABELLED_TOP = 72;

/** Labels have room only when cells have. */
export function marginsFor(cell: number): Margins {
  const labelled = cell >= LABELLED_CELL;
  return {
    left: (labelled ? LABELS : 4) + GUTTER,
    top: labelled ? LABELLED_TOP : 6,
    right: MARGINAL,
    bottom: MARGINAL,
  };
}

export interface Picture {
  readonly plane: Plane;
  readonly image: MapImage;
  readonly camera: Camera;
  /** Of the cells in view: the room, or the map where that is smaller. */
  readonly view: Size;
  readonly margins: Margins;
  readonly colours: ColourTable;
  /** Lower case; labels that have it are marked. */
  readonly search: string;
  readonly pinned: ReadonlySet<number>;
  readonly omitText: boolean;
  /** While it is zoomed: labels, bars and the pattern of the hatching wait until it stops. */
  readonly moving: boolean;
}

export function drawPicture(
  context: CanvasRenderingContext2D,
  picture: Picture,
  pixelRatio: number,
): void {
  const { view, margins, colours, image, camera } = picture;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  const width = margins.left + view.width + margins.right;
  const height = margins.top + view.height + margins.bottom;
  context.fillStyle = colours.theme.background;
  context.fillRect(0, 0, width, height);
  image.draw(context, camera, view, margins.left, margins.top, pixelRatio);
  context.save();
  context.beginPath();
  context.rect(margins.left, margins.top, view.width, view.height);
  context.clip();
  drawDimmed(context, picture);
  drawHatching(context, picture);
  context.restore();
  context.strokeStyle = colours.theme.border;
  context.strokeRect(margins.left - 0.5, margins.top - 0.5, view.width + 1, view.height + 1);
  if (picture.moving) return;
  drawRows(context, picture);
  drawColumns(context, picture);
}

function drawDimmed(context: CanvasRenderingContext2D, picture: Picture): void {
  const { plane, camera, view, margins, colours } = picture;
  const [from, to] = visibleSpan(camera.x, view.width, camera.cell, plane.columns.length);
  context.globalAlpha = 0.75;
  context.fillStyle = colours.theme.background;
  for (let column = from; column < to; column++) {
    if (plane.shown.dimmed[plane.columns[column] ?? 0] !== 1) continue;
    const x = margins.left + column * camera.cell - camera.x;
    context.fillRect(x, margins.top, camera.cell, view.height);
  }
  context.globalAlpha = 1;
}

/** Keys that a query cannot see are hatched: the colour of 0 would say that it looked and found nothing. */
function drawHatching(context: CanvasRenderingContext2D, picture: Picture): void {
  const { plane, camera, view, margins, colours } = picture;
  if (plane.shown.reach.every((reach) => reach >= plane.shown.map.keys)) return;
  const [from, to] = visibleSpan(camera.y, view.height, camera.cell, plane.rows.length);
  const end = margins.left + plane.columns.length * camera.cell - camera.x;
  const path = new Path2D();
  for (let row = from; row < to; row++) {
    const x = margins.left + firstHidden(plane, row) * camera.cell - camera.x;
    const y = margins.top + row * camera.cell - camera.y;
    if (x < end) path.rect(x, y, end - x, camera.cell + 0.01);
  }
  context.fillStyle = colours.theme.background;
  context.fill(path);
  if (picture.moving) return;
  const pattern = context.createPattern(hatch(colours.theme.muted), 'repeat');
  if (!pattern) return;
  context.fillStyle = pattern;
  context.globalAlpha = 0.45;
  context.fill(path);
  context.globalAlpha = 1;
}

function hatch(colour: string): HTMLCanvasElement {
  const tile = element('canvas', { width: 6, height: 6 });
  const context = tile.getContext('2d');
  if (context) {
    context.strokeStyle = colour;
    context.beginPath();
    for (const shift of [-6, 0, 6]) {
      context.moveTo(shift, 6);
      context.lineTo(shift + 6, 0);
    }
    context.stroke();
  }
  return tile;
}

function drawRows(context: CanvasRenderingContext2D, picture: Picture): void {
  const { plane, camera, view, margins, colours } = picture;
  const { theme } = colours;
  const { cell } = camera;
  const [from, to] = visibleSpan(camera.y, view.height, cell, plane.rows.length);
  const right = margins.left + view.width + 3;
  const thick = barThickness(cell);
  context.save();
  context.beginPath();
  context.rect(0, margins.top, margins.left + view.width + margins.right, view.height);
  context.clip();
  for (let row = from; row < to; row++) {
    const y = margins.top + row * cell - camera.y;
    const line = plane.rows[row] ?? 0;
    const excluded = (plane.shown.excluded[line] ?? 0) * (GUTTER - 2);
    context.fillStyle = theme.muted;
    context.fillRect(margins.left - 2 - excluded, y, excluded, thick);
    context.fillRect(right, y, (plane.relativeEntropy[row] ?? 0) * (MARGINAL - 6), thick);
    if (cell < LABELLED_CELL) continue;
    const label = plane.shown.queryLabels[line];
    if (label) drawLabel(context, picture, label, line, margins.left - GUTTER - 4, y + cell / 2);
  }
  context.restore();
}

/** Bars leave a gap where there is room for one. */
function barThickness(cell: number): number {
  return Math.max(1, cell >= 6 ? cell - 3 : cell);
}

function drawColumns(context: CanvasRenderingContext2D, picture: Picture): void {
  const { plane, camera, view, margins, colours } = picture;
  const { cell } = camera;
  const [from, to] = visibleSpan(camera.x, view.width, cell, plane.columns.length);
  const most = plane.received.reduce((high, value) => Math.max(high, value), 0) || 1;
  const bottom = margins.top + view.height + 3;
  context.save();
  context.beginPath();
  context.rect(margins.left, 0, view.width, margins.top + view.height + margins.bottom);
  context.clip();
  for (let column = from; column < to; column++) {
    const x = margins.left + column * cell - camera.x;
    const tall = ((plane.received[column] ?? 0) / most) * (MARGINAL - 6);
    context.fillStyle = colours.theme.muted;
    context.fillRect(x, bottom, barThickness(cell), tall);
    const line = plane.columns[column] ?? 0;
    const label = plane.shown.keyLabels[line];
    if (cell < LABELLED_CELL || !label) continue;
    context.save();
    context.translate(x + cell / 2, margins.top - 5);
    context.rotate(-Math.PI / 2);
    drawLabel(context, picture, label, line, 0, 0, 'left');
    context.restore();
  }
  context.restore();
}

function drawLabel(
  context: CanvasRenderingContext2D,
  picture: Picture,
  label: Label,
  line: number,
  x: number,
  y: number,
  align: CanvasTextAlign = 'right',
): void {
  const { colours, search, pinned, camera, omitText } = picture;
  const { theme } = colours;
  const found = search !== '' && label.text.toLowerCase().includes(search);
  const isPinned = align === 'right' && pinned.has(line);
  const size = Math.min(12, Math.max(9, camera.cell - 1));
  const weight = found || isPinned ? 'bold ' : '';
  const slant = label.special ? 'italic ' : '';
  context.font = `${slant}${weight}${size}px ${theme.font}`;
  context.textAlign = align;
  context.textBaseline = 'middle';
  context.fillStyle =
    found || isPinned ? theme.accent : label.special ? theme.muted : theme.foreground;
  const text = omitText ? String(line + 1) : label.text;
  context.fillText(fitText(context, isPinned ? `▸${text}` : text, 64), x, y);
}
