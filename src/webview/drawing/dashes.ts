import { element } from '../dom';
import { HEAD_DASHES } from '../headMarks';

const COLOURS = ['charts-blue', 'charts-orange', 'charts-green', 'charts-purple'] as const;

export interface LineStyle {
  readonly dash: readonly number[];
  readonly colour: string;
}

/** Colours are the editor's, as far as the theme has them. */
export function lineStyles(count: number, fallback: string): LineStyle[] {
  const style = getComputedStyle(document.body);
  return Array.from({ length: count }, (_, index) => ({
    dash: HEAD_DASHES[index % HEAD_DASHES.length] ?? [],
    colour:
      style.getPropertyValue(`--vscode-${COLOURS[index % COLOURS.length] ?? ''}`).trim() ||
      fallback,
  }));
}

/** A short line in a head's style, for the legend. */
export function lineSample({ dash, colour }: LineStyle): HTMLCanvasElement {
  const canvas = element('canvas', { class: 'line-sample', 'aria-hidden': 'true' });
  const ratio = window.devicePixelRatio;
  canvas.width = 36 * ratio;
  canvas.height = 8 * ratio;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  context.scale(ratio, ratio);
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  context.setLineDash([...dash]);
  context.beginPath();
  context.moveTo(0, 4);
  context.lineTo(36, 4);
  context.stroke();
  return canvas;
}
