/**
 * Colours of weights as tables of 256 RGBA entries. Cividis (Nuñez, Anderton and Renslow 2018, doi
 * 10.1371/journal.pone.0199239) reads the same with colour-vision deficiency; magma and viridis are the ones of Smith and
 * van der Walt. All are even in lightness. 17 points of each published map, with straight lines between them, are within 11
 * of 255 of the whole table.
 */
import type { PanelState } from '../protocol/panelState';
import { isLightTheme, readTheme, type ThemeColours } from './theme';

type Palette = PanelState['palette'];
export type Table = Uint8ClampedArray<ArrayBuffer>;

const STEPS = 256;

const POINTS: Readonly<Record<Palette, string>> = {
  cividis:
    '00224e 002e6a 1a386f 32436d 434e6c 535a6d 61656f 6f7073 7d7c78 8b8778 9a9376 aaa073 bbad6d ccba64 ddc858 efd748 fee838',
  magma:
    '000004 0a0822 1d1147 36106b 51127c 6a1c81 832681 9c2e7f b73779 cf4070 e55064 f4695c fb8761 fea571 fec287 fde0a1 fcfdbf',
  viridis:
    '440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c 1f9f88 27ad81 3dbc74 5cc863 81d34d aadc32 d5e21a fde725',
  grey: '101010 f4f4f4',
};

/** Below uniform blue, above it orange, so that the two are told apart with any colour vision; the middle is 1x. */
const DIVERGING_DARK = '5aa9ff 2b6cb0 222a33 b0641e ffb057';
const DIVERGING_LIGHT = '0b4a94 7fb2e5 f4f4f4 efb070 8a4300';

/** All colours that a drawing needs, for the theme and palette in force. */
export interface ColourTable {
  readonly light: boolean;
  /** Level 0 to 255; reversed on light themes, so that no weight is close to the background. */
  readonly weights: Table;
  /** Level 128 is uniform attention, 0 and 255 are far below and above it. */
  readonly diverging: Table;
  readonly theme: ThemeColours;
}

export function readColours(palette: Palette): ColourTable {
  const light = isLightTheme();
  return {
    light,
    weights: paletteTable(palette, light),
    diverging: interpolated(parsePoints(light ? DIVERGING_LIGHT : DIVERGING_DARK)),
    theme: readTheme(),
  };
}

export function paletteTable(palette: Palette, light: boolean): Table {
  const points = parsePoints(POINTS[palette]);
  return interpolated(light ? points.reverse() : points);
}

/** The table's colour of a level from 0 to 255 as CSS has it. */
export function cssColour(table: Table, level: number): string {
  const at = Math.max(0, Math.min(STEPS - 1, Math.round(level))) * 4;
  return `rgb(${table[at] ?? 0}, ${table[at + 1] ?? 0}, ${table[at + 2] ?? 0})`;
}

/** Black or white, whichever can be read on the colour: WCAG's contrast of the two is equal at luminance 0.179. */
export function inkOn(table: Table, level: number): string {
  const at = Math.max(0, Math.min(STEPS - 1, Math.round(level))) * 4;
  return luminance(table[at] ?? 0, table[at + 1] ?? 0, table[at + 2] ?? 0) > 0.179
    ? '#000'
    : '#fff';
}

/** Relative luminance of an sRGB colour (WCAG 2.1), 0 to 1. */
export function luminance(red: number, green: number, blue: number): number {
  const linear = (byte: number): number => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

type Point = readonly [number, number, number];

function parsePoints(text: string): Point[] {
  return text.split(' ').map((hex) => {
    const value = parseInt(hex, 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  });
}

function interpolated(points: readonly Point[]): Table {
  const table = new Uint8ClampedArray(STEPS * 4);
  for (let i = 0; i < STEPS; i++) {
    const at = (i / (STEPS - 1)) * (points.length - 1);
    const from = Math.min(points.length - 2, Math.floor(at));
    for (let channel = 0; channel < 3; channel++) {
      const low = points[from]?.[channel] ?? 0;
      const high = points[from + 1]?.[channel] ?? low;
      table[i * 4 + channel] = low + (high - low) * (at - from);
    }
    table[i * 4 + 3] = 255;
  }
  return table;
}
