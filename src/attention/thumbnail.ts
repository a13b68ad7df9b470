import type { AttentionMap } from './attentionMap';
import { decodeHalf } from './half';

/** Largest side of a thumbnail in cells. */
export const THUMBNAIL_SIZE = 64;

export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  /** [height, width], `compand`ed. */
  readonly values: Uint8Array<ArrayBuffer>;
}

/** A single strong cell must stay visible, so cells are pooled by their maximum; the mean would wash it out. */
export function thumbnail(map: AttentionMap, size = THUMBNAIL_SIZE): Thumbnail {
  const { values, width, height } = maxPool(map, size);
  return { width, height, values: Uint8Array.from(values, compand) };
}

/** Of a map in half precision. */
export function halfThumbnail(map: Cells<Uint16Array>, size = THUMBNAIL_SIZE): Thumbnail {
  // Halves that are not negative are ordered as their bits are.
  const { values, width, height } = maxPool(map, size);
  return { width, height, values: Uint8Array.from(decodeHalf(values), compand) };
}

interface Cells<T extends Float32Array | Uint16Array> {
  readonly weights: T;
  readonly queries: number;
  readonly keys: number;
}

/** Greatest weight of each of at most `size` x `size` blocks; blocks differ by one cell at most. [height, width] */
export function maxPool<T extends Float32Array | Uint16Array>(
  { weights, queries, keys }: Cells<T>,
  size: number,
): { readonly width: number; readonly height: number; readonly values: T } {
  const width = Math.min(size, keys);
  const height = Math.min(size, queries);
  const values = (
    weights instanceof Float32Array
      ? new Float32Array(width * height)
      : new Uint16Array(width * height)
  ) as T;
  // Block c has the keys from starts[c] to starts[c + 1].
  const starts = Int32Array.from({ length: width + 1 }, (_, c) => Math.ceil((c * keys) / width));
  for (let query = 0; query < queries; query++) {
    const row = Math.floor((query * height) / queries) * width;
    const offset = query * keys;
    for (let column = 0; column < width; column++) {
      const end = offset + (starts[column + 1] ?? 0);
      let greatest = values[row + column] ?? 0;
      for (let at = offset + (starts[column] ?? 0); at < end; at++) {
        const weight = weights[at] ?? 0;
        if (weight > greatest) greatest = weight;
      }
      values[row + column] = greatest;
    }
  }
  return { width, height, values };
}

/**
 * A weight in 8 bits, for colour only: 255 sqrt(a). Linear steps of 1/255 would show nothing of uniform attention to 512
 * keys (0.002); near 0 the error is still a third of the value, so that numbers are never read from it.
 */
export function compand(weight: number): number {
  return Math.round(255 * Math.sqrt(Math.min(1, Math.max(0, weight))));
}

export function expand(value: number): number {
  return (value / 255) ** 2;
}
