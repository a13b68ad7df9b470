import type { ColourTable } from '../colour';
import { element } from '../dom';
import { setSize } from './pane';
import type { Camera, Extent, Size } from './camera';
import type { MapPane } from './pane';

const SIDE = 110;

/** All of the map in small with a frame around what is in view. Pressing moves the view there. */
export class Minimap {
  readonly root = element('canvas', { class: 'minimap' });
  private extent: Extent = { rows: 1, columns: 1 };
  private scale = 1;

  /** @param onMove centre of the view to be, in cells */
  constructor(label: string, onMove: (row: number, column: number) => void) {
    this.root.title = label;
    const move = (event: PointerEvent): void => {
      if ((event.buttons & 1) === 0) return;
      onMove(event.offsetY / this.scale, event.offsetX / this.scale);
    };
    this.root.addEventListener('pointerdown', (event) => {
      this.root.setPointerCapture(event.pointerId);
      move(event);
    });
    this.root.addEventListener('pointermove', move);
  }

  show(pane: MapPane, camera: Camera, extent: Extent, view: Size, colours: ColourTable): void {
    this.extent = extent;
    const whole = camera.cell * extent.rows <= view.height + 0.5;
    this.root.hidden = whole && camera.cell * extent.columns <= view.width + 0.5;
    if (this.root.hidden) return;
    this.scale = SIDE / Math.max(this.extent.rows, this.extent.columns);
    const width = Math.max(1, extent.columns * this.scale);
    const height = Math.max(1, extent.rows * this.scale);
    setSize(this.root, width, height, devicePixelRatio);
    const context = this.root.getContext('2d');
    if (!context) return;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pane.drawWhole(context, width, height);
    const shrink = this.scale / camera.cell;
    context.lineWidth = 2;
    context.strokeStyle = colours.theme.accent;
    context.strokeRect(
      camera.x * shrink + 1,
      camera.y * shrink + 1,
      Math.min(width, view.width * shrink) - 2,
      Math.min(height, view.height * shrink) - 2,
    );
  }
}
