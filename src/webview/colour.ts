/**
 * Colours of weights. Cividis (Nuñez, Anderton and Renslow 2018, doi 10.1371/journal.pone.0199239) is even in lightness
 * and reads the same with colour-vision deficiency. The polynomials are a fit to its published table.
 */

const STEPS = 256;

function polynomial(t: number, coefficients: readonly number[]): number {
  const value = coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  return Math.max(0, Math.min(255, Math.round(value)));
}

const RED = [-4.54, -35.34, 2381.73, -6402.7, 7024.72, -2710.57];
const GREEN = [32.49, 170.73, 52.82, -131.46, 176.58, -67.37];
const BLUE = [81.24, 442.36, -2482.43, 6167.24, -6614.94, 2475.67];

/** 256 RGBA colours; reversed on light themes, so that no weight is close to the background. */
export function colourTable(light: boolean): Uint8ClampedArray<ArrayBuffer> {
  const table = new Uint8ClampedArray(STEPS * 4);
  for (let i = 0; i < STEPS; i++) {
    const t = (light ? STEPS - 1 - i : i) / (STEPS - 1);
    table.set([polynomial(t, RED), polynomial(t, GREEN), polynomial(t, BLUE), 255], i * 4);
  }
  return table;
}

export function isLightTheme(): boolean {
  const classes = document.body.classList;
  return classes.contains('vscode-light') || classes.contains('vscode-high-contrast-light');
}

/** Paints `levels` (0 to 255, row by row) into a canvas of one pixel a cell. */
export function paintLevels(
  canvas: HTMLCanvasElement,
  levels: Uint8Array,
  rows: number,
  columns: number,
  table: Uint8ClampedArray,
): void {
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) {
    const at = (levels[i] ?? 0) * 4;
    image.data.set(table.subarray(at, at + 4), i * 4);
  }
  context.putImageData(image, 0, 0);
}
