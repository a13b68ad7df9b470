/** What part of a map is on the screen. All lengths in CSS pixels. */
export interface Camera {
  /** Side of a cell; below 1 several cells share a pixel. */
  readonly cell: number;
  /** Pixels of the map left of and above the viewport. */
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
  /** Most that cells grow to when all of the map is to be seen. */
  readonly comfortable?: number;
}

/** Cells of the map. */
export interface Extent {
  readonly rows: number;
  readonly columns: number;
}

export const MOST_CELL = 48;
/** A small map is not blown up beyond this on its own. */
const COMFORTABLE_CELL = 28;
/** From here on a cell has room for its labels. */
export const LABELLED_CELL = 10;

/** The largest cell with which all of the map is seen. */
export function fitCell(extent: Extent, view: Size): number {
  const cell = Math.min(
    view.width / Math.max(1, extent.columns),
    view.height / Math.max(1, extent.rows),
    view.comfortable ?? COMFORTABLE_CELL,
  );
  // Whole pixels are drawn sharply; below that every part of a pixel counts.
  return cell >= 4 ? Math.floor(cell) : cell;
}

export function fitted(extent: Extent, view: Size): Camera {
  return { cell: fitCell(extent, view), x: 0, y: 0 };
}

/** Within the map: no empty margin comes into view, and cells stay between all of the map and a size that is enough. */
export function clamped(camera: Camera, extent: Extent, view: Size): Camera {
  const cell = Math.max(fitCell(extent, view), Math.min(MOST_CELL, camera.cell));
  const most = (count: number, length: number): number => Math.max(0, count * cell - length);
  return {
    cell,
    x: Math.max(0, Math.min(most(extent.columns, view.width), camera.x)),
    y: Math.max(0, Math.min(most(extent.rows, view.height), camera.y)),
  };
}

/** Zooms so that what is at a point of the viewport stays there. */
export function zoomed(
  camera: Camera,
  factor: number,
  at: { readonly x: number; readonly y: number },
  extent: Extent,
  view: Size,
): Camera {
  const { cell } = clamped({ ...camera, cell: camera.cell * factor }, extent, view);
  const scale = cell / camera.cell;
  const x = (camera.x + at.x) * scale - at.x;
  const y = (camera.y + at.y) * scale - at.y;
  return clamped({ cell, x, y }, extent, view);
}

export function panned(camera: Camera, dx: number, dy: number, extent: Extent, view: Size): Camera {
  return clamped({ ...camera, x: camera.x + dx, y: camera.y + dy }, extent, view);
}

/** Moves as little as needed to bring a cell into view. */
export function revealing(
  camera: Camera,
  row: number,
  column: number,
  extent: Extent,
  view: Size,
): Camera {
  const { cell } = camera;
  const into = (from: number, at: number, length: number): number =>
    Math.min(at * cell, Math.max(from, (at + 1) * cell - length));
  const x = into(camera.x, column, view.width);
  const y = into(camera.y, row, view.height);
  return clamped({ cell, x, y }, extent, view);
}

/** Rows or columns [from, to) that are at least partly in view. */
export function visibleSpan(
  offset: number,
  length: number,
  cell: number,
  count: number,
): [from: number, to: number] {
  const from = Math.max(0, Math.floor(offset / cell));
  return [from, Math.min(count, Math.ceil((offset + length) / cell))];
}
