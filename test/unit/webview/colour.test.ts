import { deepEqual, equal, ok } from 'node:assert/strict';
import { PALETTES } from '../../../src/protocol/panelState';
import { cssColour, inkOn, luminance, paletteTable } from '../../../src/webview/colour';

type Rgb = readonly [number, number, number];

function colourAt(table: Uint8ClampedArray, level: number): Rgb {
  return [table[level * 4] ?? -1, table[level * 4 + 1] ?? -1, table[level * 4 + 2] ?? -1];
}

/** Published values: matplotlib's tables at 0, 1/4, 1/2, 3/4 and 1. */
const PUBLISHED = {
  cividis: [
    [0, 34, 78],
    [67, 78, 108],
    [125, 124, 120],
    [187, 173, 109],
    [254, 232, 56],
  ],
  magma: [
    [0, 0, 4],
    [81, 18, 124],
    [183, 55, 121],
    [252, 137, 97],
    [252, 253, 191],
  ],
  viridis: [
    [68, 1, 84],
    [59, 82, 139],
    [33, 145, 140],
    [94, 201, 98],
    [253, 231, 37],
  ],
} as const;

describe('tables of colours', () => {
  for (const name of ['cividis', 'magma', 'viridis'] as const)
    it(`follow the published ${name}`, () => {
      const table = paletteTable(name, false);
      PUBLISHED[name].forEach((wanted, index) => {
        const found = colourAt(table, Math.round((index * 255) / 4));
        const error = Math.max(...wanted.map((value, at) => Math.abs(value - (found[at] ?? 0))));
        ok(error <= 3, `${name} at ${index}/4: ${found.join()} is ${error} off`);
      });
    });

  for (const name of PALETTES)
    it(`get lighter at every step of ${name}, opaque, and run backwards on a light theme`, () => {
      const table = paletteTable(name, false);
      const reversed = paletteTable(name, true);
      equal(table.length, 1024);
      let before = -1;
      for (let level = 0; level < 256; level++) {
        const now = luminance(...colourAt(table, level));
        ok(now >= before - 1e-3, `${name} gets darker at ${level}`);
        before = now;
        equal(table[level * 4 + 3], 255);
        const error = colourAt(reversed, 255 - level).map((value, at) =>
          Math.abs(value - (colourAt(table, level)[at] ?? 0)),
        );
        ok(Math.max(...error) <= 1);
      }
      ok(luminance(...colourAt(table, 255)) > luminance(...colourAt(table, 0)) + 0.5);
    });

  it('come as CSS, with ink that can be read on every level (WCAG: 4.5:1)', () => {
    const table = paletteTable('cividis', false);
    equal(cssColour(table, 0), 'rgb(0, 34, 78)');
    equal(cssColour(table, 1000), cssColour(table, 255));
    for (let level = 0; level < 256; level++) {
      const ground = luminance(...colourAt(table, level));
      const ink = inkOn(table, level) === '#fff' ? 1 : 0;
      const [high, low] = [Math.max(ground, ink), Math.min(ground, ink)];
      ok((high + 0.05) / (low + 0.05) >= 4.5, String(level));
    }
  });

  it('measure luminance as WCAG does', () => {
    deepEqual([luminance(0, 0, 0), luminance(255, 255, 255)], [0, 1]);
    ok(Math.abs(luminance(255, 0, 0) - 0.2126) < 1e-9);
  });
});
