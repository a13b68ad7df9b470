/**
 * Cells (rows times the longest row, times the beam) of one batch. A batch is the unit of fairness and of progress, and its
 * encoder pass cannot be interrupted: measured on one thread, 256 to 2048 cells translate a document equally fast, so the
 * batches are small.
 */
const MOST_CELLS = 512;
const MOST_ROWS = 32;

/**
 * Groups items into batches: sorted by length, so that little of a batch is padding, shortest first, so that something is
 * finished early. An item longer than the budget is a batch of its own.
 */
export function makeBatches<T>(
  items: readonly T[],
  lengthOf: (item: T) => number,
  beam: number,
): T[][] {
  const sorted = [...items].sort((a, b) => lengthOf(a) - lengthOf(b));
  const batches: T[][] = [];
  let batch: T[] = [];
  for (const item of sorted) {
    // The list is ascending: the newest item is the longest of its batch.
    const cells = (batch.length + 1) * lengthOf(item) * beam;
    if (batch.length > 0 && (cells > MOST_CELLS || batch.length === MOST_ROWS)) {
      batches.push(batch);
      batch = [];
    }
    batch.push(item);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
