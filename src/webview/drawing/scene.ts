/** A drawing as a list of shapes, in CSS pixels: one description for the screen, the PNG and the SVG. */
export type Shape =
  | {
      readonly shape: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly fill?: string;
      readonly stroke?: string;
      readonly opacity?: number;
    }
  | {
      readonly shape: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly fill: string;
      readonly size: number;
      readonly align?: 'start' | 'end';
      /** Clockwise quarter turns back: 1 reads from below. */
      readonly turned?: boolean;
    }
  /** From one point to another, leaving and reaching both vertically. */
  | {
      readonly shape: 'curve';
      readonly from: Point;
      readonly to: Point;
      readonly stroke: string;
      readonly width: number;
      readonly opacity: number;
      readonly dash: readonly number[];
    };

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly font: string;
  readonly shapes: readonly Shape[];
}

/** Paths are stroked one by one: a single path of many curves takes several times as long. */
export function drawShapes(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  shapes: readonly Shape[],
  font: string,
): void {
  context.textBaseline = 'alphabetic';
  for (const shape of shapes) {
    context.globalAlpha = shape.shape === 'text' ? 1 : (shape.opacity ?? 1);
    if (shape.shape === 'rect') {
      const { x, y, width, height, fill, stroke } = shape;
      if (fill !== undefined) {
        context.fillStyle = fill;
        context.fillRect(x, y, width, height);
      }
      if (stroke !== undefined) {
        context.strokeStyle = stroke;
        context.lineWidth = 1.5;
        context.setLineDash([]);
        context.strokeRect(x, y, width, height);
      }
    } else if (shape.shape === 'text') {
      context.save();
      context.font = `${shape.size}px ${font}`;
      context.fillStyle = shape.fill;
      context.textAlign = shape.align ?? 'start';
      context.translate(shape.x, shape.y);
      if (shape.turned === true) context.rotate(-Math.PI / 2);
      context.fillText(shape.text, 0, 0);
      context.restore();
    } else {
      const { from, to } = shape;
      const middle = (from.y + to.y) / 2;
      context.strokeStyle = shape.stroke;
      context.lineWidth = shape.width;
      context.setLineDash([...shape.dash]);
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.bezierCurveTo(from.x, middle, to.x, middle, to.x, to.y);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

/** Drawn anew for the scale, not blown up. */
export async function scenePng(scene: Scene, scale: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(
    Math.ceil(scene.width * scale),
    Math.ceil(scene.height * scale),
  );
  const context = canvas.getContext('2d');
  if (context) {
    context.scale(scale, scale);
    context.fillStyle = scene.background;
    context.fillRect(0, 0, scene.width, scene.height);
    drawShapes(context, scene.shapes, scene.font);
  }
  return canvas.convertToBlob({ type: 'image/png' });
}

/** Labels stay text. No style attribute: the panel's own policy would not show it. */
export function sceneSvg({ width, height, background, font, shapes }: Scene): string {
  const parts = shapes.map((shape) => {
    if (shape.shape === 'rect') {
      return tag('rect', {
        x: shape.x,
        y: shape.y,
        width: shape.width,
        height: shape.height,
        fill: shape.fill ?? 'none',
        stroke: shape.stroke,
        'stroke-width': shape.stroke === undefined ? undefined : 1.5,
        opacity: shape.opacity,
      });
    }
    if (shape.shape === 'text') {
      const { x, y } = shape;
      return tag(
        'text',
        {
          x,
          y,
          fill: shape.fill,
          'font-size': shape.size,
          'text-anchor': shape.align,
          transform: shape.turned === true ? `rotate(-90 ${round(x)} ${round(y)})` : undefined,
        },
        shape.text,
      );
    }
    const { from, to } = shape;
    const middle = round((from.y + to.y) / 2);
    const [x1, y1, x2, y2] = [from.x, from.y, to.x, to.y].map(round);
    return tag('path', {
      d: `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`,
      fill: 'none',
      stroke: shape.stroke,
      'stroke-width': shape.width,
      'stroke-opacity': shape.opacity,
      'stroke-dasharray': shape.dash.length > 0 ? shape.dash.join(' ') : undefined,
    });
  });
  const ground = tag('rect', { width, height, fill: background });
  const root = `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" font-family="${escape(font)}">`;
  return `${root}${ground}${parts.join('')}</svg>`;
}

function tag(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  text?: string,
): string {
  const parts = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [` ${key}="${typeof value === 'number' ? round(value) : escape(value)}"`],
  );
  const start = `<${name}${parts.join('')}`;
  return text === undefined ? `${start}/>` : `${start}>${escape(text)}</${name}>`;
}

/** XML has no other control characters than tab and line ends, not even escaped. */
function escape(text: string): string {
  return [...text]
    .filter((char) => char >= ' ' || char === '\t' || char === '\n')
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
