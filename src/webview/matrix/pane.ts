import type { ColourTable } from '../colour';
import { element } from '../dom';
import type { Camera, Size } from './camera';
import { drawPicture, marginsFor, type Margins } from './drawing';
import { MapImage } from './mapImage';
import type { Plane } from './plane';
import type { CellPlace } from './readout';

/** What all maps that are shown together have in common. */
export interface PaneLook {
  readonly colours: ColourTable;
  readonly search: string;
  readonly pinned: ReadonlySet<number>;
}

/** One map on the screen: a canvas as large as what is in view, and another over it that has only the crosshair. */
export class MapPane {
  readonly root: HTMLElement;
  readonly title = element('h2', { class: 'title' });
  /** Where the mouse acts. */
  readonly surface = element('canvas', { class: 'overlay' });
  private readonly base = element('canvas', { class: 'base' });
  private readonly image = new MapImage();
  private plane: Plane | undefined;
  private look: PaneLook | undefined;
  private readonly stack = element('div', { class: 'stack' }, this.base, this.surface);
  /** Of the cells that are drawn, and the most that this can be. */
  private view: Size = { width: 0, height: 0 };
  private room: Size = { width: 0, height: 0 };
  private camera: Camera = { cell: 1, x: 0, y: 0 };
  private margins: Margins = marginsFor(1);

  constructor() {
    this.root = element('div', { class: 'pane' }, this.title, this.stack);
  }

  set(plane: Plane, look: PaneLook): void {
    this.plane = plane;
    this.look = look;
    const { weights, diverging } = look.colours;
    this.image.set(plane, plane.range.scale === 'uniform' ? diverging : weights);
  }

  /**
   * The canvases fill the room, whatever of them is seen: each other size would have to be allocated anew.
   * @param moving it is placed again at once: only what is quick is drawn
   */
  place(camera: Camera, view: Size, room: Size, margins: Margins, moving = false): void {
    this.camera = camera;
    this.view = view;
    this.room = room;
    this.margins = margins;
    const [width, height] = [margins.left + margins.right, margins.top + margins.bottom];
    this.stack.style.setProperty('width', `${width + view.width}px`);
    this.stack.style.setProperty('height', `${height + view.height}px`);
    for (const canvas of [this.base, this.surface]) {
      setSize(canvas, width + room.width, height + room.height, devicePixelRatio);
    }
    const context = this.base.getContext('2d');
    if (context) this.drawOn(context, devicePixelRatio, false, moving);
  }

  /** One of many steps, with the labels where they were. */
  zoom(camera: Camera, view: Size): void {
    this.place(camera, view, this.room, this.margins, true);
  }

  /** The crosshair alone: the map below is not touched. */
  point(place: CellPlace | undefined): void {
    const context = this.surface.getContext('2d');
    const { look, margins, camera, view } = this;
    if (!context || !look) return;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.surface.width, this.surface.height);
    if (!place) return;
    const { cell } = camera;
    const x = margins.left + place.column * cell - camera.x;
    const y = margins.top + place.row * cell - camera.y;
    context.strokeStyle = look.colours.theme.foreground;
    context.lineWidth = 1;
    const thick = Math.max(2, cell);
    if (y >= margins.top - 1 && y < margins.top + view.height) {
      context.strokeRect(0.5, y - 0.5, margins.left + view.width + margins.right - 1, thick);
    }
    if (x >= margins.left - 1 && x < margins.left + view.width) {
      context.strokeRect(x - 0.5, 0.5, thick, margins.top + view.height + margins.bottom - 1);
    }
    context.strokeStyle = look.colours.theme.accent;
    context.lineWidth = 2;
    context.strokeRect(x - 1, y - 1, thick + 1, thick + 1);
  }

  /** The cell at a point of the surface. */
  cellAt(x: number, y: number): CellPlace | undefined {
    const { margins, camera, plane } = this;
    if (!plane || x < margins.left || y < margins.top) return undefined;
    if (x >= margins.left + this.view.width || y >= margins.top + this.view.height)
      return undefined;
    const row = Math.floor((y - margins.top + camera.y) / camera.cell);
    const column = Math.floor((x - margins.left + camera.x) / camera.cell);
    const inside = row < plane.rows.length && column < plane.columns.length;
    return inside ? { row, column } : undefined;
  }

  drawWhole(context: CanvasRenderingContext2D, width: number, height: number): void {
    this.image.drawWhole(context, width, height);
  }

  /** As it is on the screen, at another scale. */
  picture(pixelRatio: number, omitText: boolean): HTMLCanvasElement {
    const canvas = element('canvas');
    const width = this.margins.left + this.view.width + this.margins.right;
    const height = this.margins.top + this.view.height + this.margins.bottom;
    canvas.width = Math.round(width * pixelRatio);
    canvas.height = Math.round(height * pixelRatio);
    const context = canvas.getContext('2d');
    if (context) this.drawOn(context, pixelRatio, omitText, false);
    return canvas;
  }

  private drawOn(
    context: CanvasRenderingContext2D,
    pixelRatio: number,
    omitText: boolean,
    moving: boolean,
  ): void {
    const { plane, look, image, camera, view, margins } = this;
    if (!plane || !look) return;
    const picture = { ...look, plane, image, camera, view, margins, omitText, moving };
    drawPicture(context, picture, pixelRatio);
  }
}

/** A canvas of a size in CSS pixels; setting it again, even to the same size, would clear and allocate it anew. */
export function setSize(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  pixelRatio: number,
): void {
  const [w, h] = [Math.round(width * pixelRatio), Math.round(height * pixelRatio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  canvas.style.setProperty('width', `${width}px`);
  canvas.style.setProperty('height', `${height}px`);
}
