import type { Table } from './colour';

/** Levels through a table of colours into a canvas of one pixel a cell; four bytes are written at a time. */
export function paint(
  canvas: HTMLCanvasElement,
  levels: Uint8Array,
  rows: number,
  columns: number,
  table: Table,
): void {
  // Set again, even to the same size, it would be allocated anew.
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const context = canvas.getContext('2d');
  if (!context || rows === 0 || columns === 0) return;
  const image = context.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = new Uint32Array(table.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = colours[levels[i] ?? 0] ?? 0;
  context.putImageData(image, 0, 0);
}
