/** A stretch of a document in UTF-16 units. */
export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

export interface OffsetChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/**
 * Where a range lies after edits elsewhere, or undefined if one of them touched it. VS Code lists the changes of one
 * event against the text before the event, last in the document first, so each may be applied to the result of the one before.
 */
export function shiftRange(
  range: OffsetRange,
  changes: readonly OffsetChange[],
): OffsetRange | undefined {
  let { start, end } = range;
  for (const change of changes) {
    const changeEnd = change.rangeOffset + change.rangeLength;
    if (change.rangeOffset >= end) continue;
    if (changeEnd > start) return undefined;
    const shift = change.text.length - change.rangeLength;
    start += shift;
    end += shift;
  }
  return { start, end };
}
