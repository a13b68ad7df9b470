/**
 * Cells (rows times the longest row, times the beam) of one batch. A batch is also the unit of fairness and of progress, so
 * it is kept well under a second on a slow machine.
 */
const MOST_CELLS = 1024;
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
