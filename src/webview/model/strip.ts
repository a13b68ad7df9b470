import type { Table } from '../colour';
import { element } from '../dom';
import { paint } from '../paint';

/** The largest absolute value of several vectors: one scale for all strips that stand together. */
export function largestOf(...vectors: readonly Float32Array[]): number {
  let largest = 0;
  for (const vector of vectors)
    for (const value of vector) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** A vector as a row of colours: the middle of the table is 0, its ends are ±`limit`. */
export function strip(values: Float32Array, limit: number, table: Table): HTMLCanvasElement {
  // The numbers themselves are in the table of the pair; a strip says nothing to a screen reader.
  const canvas = element('canvas', { class: 'strip', 'aria-hidden': 'true' });
  const levels = Uint8Array.from(values, (value) =>
    Math.round(127.5 + 127.5 * Math.max(-1, Math.min(1, limit === 0 ? 0 : value / limit))),
  );
  paint(canvas, levels, 1, values.length, table);
  return canvas;
}
