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

/** As `shiftRange`, but a range that was edited takes in the edit, so that its present text can be taken up again. */
export function growRange(range: OffsetRange, changes: readonly OffsetChange[]): OffsetRange {
  let { start, end } = range;
  for (const change of changes) {
    const changeEnd = change.rangeOffset + change.rangeLength;
    const shift = change.text.length - change.rangeLength;
    // What was emptied is filled again by what is typed there.
    const touchesEmpty = start === end && change.rangeOffset <= start && changeEnd >= start;
    if (!touchesEmpty && change.rangeOffset >= end) continue;
    if (touchesEmpty || changeEnd > start) {
      start = Math.min(start, change.rangeOffset);
      end = Math.max(end, changeEnd) + shift;
    } else {
      start += shift;
      end += shift;
    }
  }
  return { start, end };
}
