import type { Range } from './characters';

/** Is the line a row of a Markdown table, with a bar at both ends? */
export function isTableRow(body: string): boolean {
  return body.length > 2 && body.startsWith('|') && body.trimEnd().endsWith('|');
}

/** The cells of a table row, without the blanks around them. Bars in protected spans or behind a backslash are text. */
export function tableCells(body: string, opaque: readonly Range[]): Range[] {
  const cells: Range[] = [];
  let from = 0;
  let span = 0;
  const push = (to: number): void => {
    const cell = body.slice(from, to);
    const start = from + (cell.length - cell.trimStart().length);
    const end = from + cell.trimEnd().length;
    if (end > start) cells.push({ start, end });
    from = to + 1;
  };
  for (let i = 0; i < body.length; i++) {
    while (span < opaque.length && opaque[span]!.end <= i) span++;
    if (body[i] !== '|' || body[i - 1] === '\\') continue;
    if (span < opaque.length && opaque[span]!.start <= i) continue;
    push(i);
  }
  push(body.length);
  return cells;
}
