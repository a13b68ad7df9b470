import { deepEqual, equal, ok } from 'node:assert/strict';
import {
  clamped,
  fitCell,
  fitted,
  panned,
  revealing,
  visibleSpan,
  zoomed,
  MOST_CELL,
} from '../../../src/webview/matrix/camera';

const view = { width: 400, height: 300 };

describe('what of a map is in view', () => {
  it('is all of it at first, in whole pixels if cells have some', () => {
    equal(fitCell({ rows: 512, columns: 512 }, view), 300 / 512);
    equal(fitCell({ rows: 40, columns: 40 }, view), 7);
    equal(fitCell({ rows: 2, columns: 2 }, view), 28);
    deepEqual(fitted({ rows: 40, columns: 40 }, view), { cell: 7, x: 0, y: 0 });
    equal(fitCell({ rows: 2, columns: 2 }, { ...view, comfortable: 9 }), 9);
  });

  it('zooms about a point, within limits', () => {
    const extent = { rows: 512, columns: 512 };
    const at = { x: 200, y: 150 };
    const start = fitted(extent, view);
    const nearer = zoomed(start, 8, at, extent, view);
    const under = (camera: typeof start, axis: 'x' | 'y') =>
      (camera[axis] + at[axis]) / camera.cell;
    ok(Math.abs(under(nearer, 'x') - under(start, 'x')) < 1e-9);
    ok(Math.abs(under(nearer, 'y') - under(start, 'y')) < 1e-9);
    equal(zoomed(start, 1e6, at, extent, view).cell, MOST_CELL);
    deepEqual(zoomed(nearer, 1e-6, at, extent, view), start);
  });

  it('never leaves the map', () => {
    const extent = { rows: 100, columns: 50 };
    const near = { cell: 20, x: 0, y: 0 };
    deepEqual(panned(near, -50, -50, extent, view), near);
    deepEqual(panned(near, 1e6, 1e6, extent, view), { cell: 20, x: 600, y: 1700 });
    deepEqual(clamped({ cell: 0.01, x: 5, y: 5 }, extent, view), { cell: 3, x: 0, y: 0 });
  });

  it('moves as little as needed to show a cell', () => {
    const extent = { rows: 100, columns: 100 };
    const camera = { cell: 20, x: 100, y: 100 };
    deepEqual(revealing(camera, 6, 6, extent, view), camera);
    deepEqual(revealing(camera, 0, 0, extent, view), { cell: 20, x: 0, y: 0 });
    deepEqual(revealing(camera, 99, 99, extent, view), { cell: 20, x: 1600, y: 1700 });
  });

  it('is counted in rows and columns', () => {
    deepEqual(visibleSpan(0, 300, 0.5, 512), [0, 512]);
    deepEqual(visibleSpan(45, 100, 20, 50), [2, 8]);
    deepEqual(visibleSpan(900, 400, 20, 50), [45, 50]);
  });
});
