import type { AttentionMap } from './attentionMap';

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

/** Greatest weight of each of at most `size` x `size` blocks; blocks differ by one cell at most. [height, width] */
export function maxPool(
  map: AttentionMap,
  size: number,
): { readonly width: number; readonly height: number; readonly values: Float32Array } {
  const { weights, queries, keys } = map;
  const width = Math.min(size, keys);
  const height = Math.min(size, queries);
  const values = new Float32Array(width * height);
  for (let query = 0; query < queries; query++) {
    const row = Math.floor((query * height) / queries) * width;
    for (let key = 0; key < keys; key++) {
      const at = row + Math.floor((key * width) / keys);
      const weight = weights[query * keys + key] ?? 0;
      if (weight > (values[at] ?? 0)) values[at] = weight;
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
