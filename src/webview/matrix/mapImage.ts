import type { Table } from '../colour';
import { element } from '../dom';
import { pooledLevels } from '../levels';
import { paint } from '../paint';
import type { Camera, Size } from './camera';
import type { Plane } from './plane';

/**
 * A map as a picture of one pixel per cell, made once and scaled by the canvas when it is drawn. Where cells are smaller than
 * pixels it is drawn from a pooled copy, for scaling down would lose single strong cells.
 */
export class MapImage {
  private readonly canvas = element('canvas');
  private readonly pooled = element('canvas');
  private pooledFor = '';
  private plane: Plane | undefined;
  private table: Table | undefined;

  set(plane: Plane, table: Table): void {
    this.plane = plane;
    this.table = table;
    this.pooledFor = '';
    paint(this.canvas, plane.levels, plane.rows.length, plane.columns.length, table);
  }

  /** Draws the part in view into [left, top, left + width, top + height] of the context, which is in CSS pixels. */
  draw(
    context: CanvasRenderingContext2D,
    camera: Camera,
    view: Size,
    left: number,
    top: number,
    pixelRatio: number,
  ): void {
    const { plane } = this;
    if (!plane || this.canvas.width === 0 || this.canvas.height === 0) return;
    const scale = Math.min(1, camera.cell * pixelRatio);
    const source = scale < 1 ? this.pooledAt(plane, scale) : this.canvas;
    const width = Math.min(view.width, plane.columns.length * camera.cell);
    const height = Math.min(view.height, plane.rows.length * camera.cell);
    // From CSS pixels to those of the source, along each axis.
    const across = source.width / (plane.columns.length * camera.cell);
    const down = source.height / (plane.rows.length * camera.cell);
    context.imageSmoothingEnabled = false;
    context.drawImage(
      source,
      camera.x * across,
      camera.y * down,
      width * across,
      height * down,
      left,
      top,
      width,
      height,
    );
  }

  /** All of the map in a small picture. */
  drawWhole(context: CanvasRenderingContext2D, width: number, height: number): void {
    const { plane } = this;
    if (!plane || this.canvas.width === 0 || this.canvas.height === 0) return;
    const scale = Math.min(1, width / plane.columns.length, height / plane.rows.length);
    const source = scale < 1 ? this.pooledAt(plane, scale) : this.canvas;
    context.imageSmoothingEnabled = false;
    context.drawImage(source, 0, 0, width, height);
  }

  private pooledAt(plane: Plane, scale: number): HTMLCanvasElement {
    const rows = plane.rows.length;
    const columns = plane.columns.length;
    const height = Math.max(1, Math.floor(rows * scale));
    const width = Math.max(1, Math.floor(columns * scale));
    const key = `${width} ${height}`;
    if (key !== this.pooledFor && this.table) {
      const levels = pooledLevels(plane.levels, rows, columns, height, width);
      paint(this.pooled, levels, height, width, this.table);
      this.pooledFor = key;
    }
    return this.pooled;
  }
}
