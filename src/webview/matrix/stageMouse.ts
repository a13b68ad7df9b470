import type { MapPane } from './pane';
import type { CellPlace } from './readout';

/** A press that moves less is a click. */
const SLOP = 4;
const WHEEL_ZOOM = 1.0015;

export interface MouseEvents {
  /** Coordinates of the page, for the tooltip. */
  point(place: CellPlace, x: number, y: number): void;
  leave(): void;
  /** Whether there was anywhere to move to. */
  pan(dx: number, dy: number): boolean;
  zoom(factor: number, x: number, y: number): void;
  pin(place: CellPlace): void;
  reveal(place: CellPlace): void;
}

/** Mouse, pen and touch on a map: point, drag to move, Ctrl and wheel or pinch to zoom, click to pin. */
export class StageMouse {
  private pressed: { x: number; y: number; moved: boolean } | undefined;

  constructor(private readonly events: MouseEvents) {}

  attach(pane: MapPane): void {
    const { surface } = pane;
    const { events } = this;
    surface.addEventListener('pointermove', (event) => this.onMove(pane, event));
    surface.addEventListener('pointerleave', () => events.leave());
    surface.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.pressed = { x: event.clientX, y: event.clientY, moved: false };
    });
    surface.addEventListener('pointerup', (event) => {
      const place = pane.cellAt(event.offsetX, event.offsetY);
      if (place && this.pressed?.moved === false) events.pin(place);
      this.pressed = undefined;
    });
    surface.addEventListener('dblclick', (event) => {
      const place = pane.cellAt(event.offsetX, event.offsetY);
      if (place) events.reveal(place);
    });
    surface.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
  }

  private onMove(pane: MapPane, event: PointerEvent): void {
    const { pressed, events } = this;
    if (pressed && (event.buttons & 1) === 1) {
      const dx = pressed.x - event.clientX;
      const dy = pressed.y - event.clientY;
      if (!pressed.moved && Math.hypot(dx, dy) < SLOP) return;
      // Captured only once it is a drag: a click must reach what is under it.
      pane.surface.setPointerCapture(event.pointerId);
      events.leave();
      events.pan(dx, dy);
      this.pressed = { x: event.clientX, y: event.clientY, moved: true };
      return;
    }
    const place = pane.cellAt(event.offsetX, event.offsetY);
    if (place) events.point(place, event.clientX, event.clientY);
    else events.leave();
  }

  /** A browser reports a pinch as a wheel with Ctrl. Where there is nothing to move, the page scrolls as usual. */
  private onWheel(event: WheelEvent): void {
    const { events } = this;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      events.zoom(WHEEL_ZOOM ** -event.deltaY, event.offsetX, event.offsetY);
    } else if (events.pan(event.deltaX, event.deltaY)) event.preventDefault();
  }
}
