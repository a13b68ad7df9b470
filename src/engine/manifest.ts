import { THUMBNAIL_SIZE } from '../attention/thumbnail';
import { AppError } from '../common/errors';
import { ATTENTION_KINDS, HEAD_METRICS, layersOf, mapShape } from '../protocol/attentionRun';
import type { RunShape } from './describeHeads';

/** Bytes of what is sent when the panel opens. */
export const MOST_MANIFEST = 1_000_000;
/** A thumbnail of fewer cells a side shows nothing. */
const LEAST_SIDE = 8;
/** Names and lengths around the binary parts. */
const SLACK = 1024;

/**
 * The side of the thumbnails by which the message that opens the panel stays below `MOST_MANIFEST`, however many layers and
 * heads the model has. Throws textTooLong if there is none.
 */
export function thumbnailSide(shape: Omit<RunShape, 'thumbnailSide'>): number {
  const { heads } = shape;
  const maps = ATTENTION_KINDS.map((kind) => {
    return { count: layersOf(shape, kind) * heads, ...mapShape(shape, kind) };
  });
  const sum = (bytes: (map: (typeof maps)[number]) => number): number =>
    maps.reduce((total, map) => total + map.count * bytes(map), 0);
  const tokens = new TextEncoder().encode(JSON.stringify(shape)).length;
  const fixed = SLACK + tokens + sum(({ keys }) => 4 * HEAD_METRICS.length + 2 * keys);
  for (let side = THUMBNAIL_SIZE; side >= LEAST_SIDE; side--) {
    const pooled = sum(({ queries, keys }) => Math.min(side, queries) * Math.min(side, keys));
    if (fixed + pooled <= MOST_MANIFEST) return side;
  }
  throw new AppError('textTooLong', 'The text is too long to be shown at once.', {
    limit: MOST_MANIFEST,
  });
}
