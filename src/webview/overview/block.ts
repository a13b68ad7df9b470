import type { AttentionKind } from '../../attention/headMetrics';
import { expand } from '../../attention/thumbnail';
import {
  mapShape,
  metricOf,
  thumbnailShape,
  valueNormsOf,
  type AttentionRun,
  type HeadMetric,
} from '../../protocol/attentionRun';
import type { HeadChoice, PanelState } from '../../protocol/panelState';
import { cssColour, inkOn, type ColourTable } from '../colour';
import { element } from '../dom';
import { fitText } from '../fitText';
import { HEAD_DASHES, headLabel } from '../headMarks';
import { pooledLevels } from '../levels';
import { paint } from '../paint';

export const STRIP_METRICS = [
  'normalizedEntropy',
  'confidence',
  'previous',
  'self',
  'next',
  'diagonality',
  'sinkMass',
] as const satisfies HeadMetric[];

const STRIP = 12;
const GAP = 8;
const LABEL = 22;
const BADGE = 13;

/** Where heads stand in a block, in CSS pixels. */
export interface BlockLayout {
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
}

export function blockLayout(rows: number, columns: number, cell: number): BlockLayout {
  return {
    cell,
    columns,
    rows,
    width: LABEL + columns * (cell + GAP),
    height: LABEL + rows * (cell + STRIP + GAP),
  };
}

/** Left and top of a head's picture. */
export function cellPlace(layout: BlockLayout, row: number, column: number): [number, number] {
  const { cell } = layout;
  return [LABEL + column * (cell + GAP), LABEL + row * (cell + STRIP + GAP)];
}

/** The cell at a point, if there is one. */
export function cellAt(
  layout: BlockLayout,
  x: number,
  y: number,
): { row: number; column: number } | undefined {
  const column = Math.floor((x - LABEL) / (layout.cell + GAP));
  const row = Math.floor((y - LABEL) / (layout.cell + STRIP + GAP));
  const inside = row >= 0 && column >= 0 && row < layout.rows && column < layout.columns;
  return inside ? { row, column } : undefined;
}

export interface BlockContent {
  readonly run: AttentionRun;
  readonly kind: AttentionKind;
  readonly heads: readonly HeadChoice[];
  readonly state: PanelState;
  readonly colours: ColourTable;
  readonly thumbnails: Thumbnails;
  /** Chosen heads of this kind, in the order of their dashes. */
  readonly chosen: readonly HeadChoice[];
  readonly matches: (head: HeadChoice) => boolean;
  readonly badges: (head: HeadChoice) => readonly string[];
}

/** Draws all heads of a kind on one canvas: no element per head, let alone per cell. */
export function drawBlock(
  context: CanvasRenderingContext2D,
  layout: BlockLayout,
  content: BlockContent,
  pixelRatio: number,
): void {
  const { state, colours, heads, run } = content;
  const { theme } = colours;
  const { cell } = layout;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, layout.width, layout.height);
  context.font = `11px ${theme.font}`;
  drawLabels(context, layout, content);
  const range = state.colourBy === 'pattern' ? undefined : metricRange(run, heads, state.colourBy);
  heads.forEach((head, index) => {
    const [x, y] = cellPlace(layout, Math.floor(index / layout.columns), index % layout.columns);
    context.globalAlpha = content.matches(head) ? 1 : 0.2;
    if (state.colourBy === 'pattern') {
      const picture = content.thumbnails.get(content, head, Math.floor(cell * pixelRatio));
      context.imageSmoothingEnabled = false;
      context.drawImage(picture, x, y, cell, cell);
    } else if (range) drawMetric(context, content, head, state.colourBy, range, [x, y, cell]);
    drawStrip(context, content, head, x, y + cell + 2, cell);
    if (state.sort !== 'position') tag(context, headLabel(head), x, y, colours);
    const [badge] = content.badges(head);
    if (badge !== undefined) {
      const text = fitText(context, badge, cell - 6);
      tag(context, text, x, y + cell - BADGE, colours);
    }
    outline(context, content, head, [x, y, cell]);
    context.globalAlpha = 1;
  });
}

function drawLabels(
  context: CanvasRenderingContext2D,
  layout: BlockLayout,
  { state, colours }: BlockContent,
): void {
  if (state.sort !== 'position') return;
  context.fillStyle = colours.theme.muted;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (let column = 0; column < layout.columns; column++) {
    const [x] = cellPlace(layout, 0, column);
    context.fillText(String(column + 1), x + layout.cell / 2, LABEL / 2);
  }
  for (let row = 0; row < layout.rows; row++) {
    const [, y] = cellPlace(layout, row, 0);
    context.fillText(String(row + 1), LABEL / 2, y + layout.cell / 2);
  }
}

/** Pictures of a run's heads, kept while neither run, size nor colours change: drawing again is then only copying. */
export class Thumbnails {
  private readonly pictures = new Map<string, HTMLCanvasElement>();
  private of = '';

  /** At most `most` pixels on a side. */
  get(content: BlockContent, head: HeadChoice, most: number): HTMLCanvasElement {
    const { run, state, colours } = content;
    const of = [run.runId, most, state.palette, colours.light, state.valueWeighted].join(' ');
    if (this.of !== of) this.pictures.clear();
    this.of = of;
    const key = `${head.kind} ${head.layer} ${head.head}`;
    const known = this.pictures.get(key) ?? drawThumbnail(content, head, most);
    this.pictures.set(key, known);
    return known;
  }
}

function drawThumbnail(
  { run, kind, state, colours }: BlockContent,
  { layer, head }: HeadChoice,
  most: number,
): HTMLCanvasElement {
  const { rows, columns, offset } = thumbnailShape(run, kind);
  const size = rows * columns;
  const start = offset + (layer * run.heads + head) * size;
  let levels: Uint8Array = run.thumbnails.subarray(start, start + size);
  if (state.valueWeighted) levels = weightedThumbnail(run, kind, layer, head, levels, columns);
  const height = Math.min(rows, most);
  const width = Math.min(columns, most);
  const pooled =
    height === rows && width === columns
      ? levels
      : pooledLevels(levels, rows, columns, height, width);
  const canvas = element('canvas');
  paint(canvas, pooled, height, width, colours.weights);
  return canvas;
}

/** Columns times the mean norm of the keys in them, relative to the head's largest: exact up to 64 keys. */
function weightedThumbnail(
  run: AttentionRun,
  kind: AttentionKind,
  layer: number,
  head: number,
  levels: Uint8Array,
  columns: number,
): Uint8Array {
  const norms = valueNormsOf(run, kind, layer, head);
  const { keys } = mapShape(run, kind);
  const sums = new Float32Array(columns);
  const counts = new Float32Array(columns);
  norms.forEach((norm, key) => {
    const column = Math.floor((key * columns) / keys);
    sums[column] = (sums[column] ?? 0) + norm;
    counts[column] = (counts[column] ?? 0) + 1;
  });
  const largest = norms.reduce((most, norm) => Math.max(most, norm), 0) || 1;
  return levels.map((level, index) => {
    const column = index % columns;
    const factor = (sums[column] ?? 0) / (counts[column] ?? 1) / largest;
    return Math.round(255 * Math.sqrt(expand(level) * factor));
  });
}

function metricRange(
  run: AttentionRun,
  heads: readonly HeadChoice[],
  metric: HeadMetric,
): [number, number] {
  const values = heads
    .map(({ kind, layer, head }) => metricOf(run, kind, layer, head, metric))
    .filter((value) => !Number.isNaN(value));
  return [Math.min(0, ...values), Math.max(1e-9, ...values)];
}

type Square = readonly [x: number, y: number, size: number];

function drawMetric(
  context: CanvasRenderingContext2D,
  { run, colours }: BlockContent,
  { kind, layer, head }: HeadChoice,
  metric: HeadMetric,
  [low, high]: readonly [number, number],
  [x, y, size]: Square,
): void {
  const value = metricOf(run, kind, layer, head, metric);
  if (Number.isNaN(value)) {
    context.strokeStyle = colours.theme.border;
    context.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
    return;
  }
  const level = (255 * (value - low)) / (high - low);
  context.fillStyle = cssColour(colours.weights, level);
  context.fillRect(x, y, size, size);
  context.fillStyle = inkOn(colours.weights, level);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(value.toFixed(2), x + size / 2, y + size / 2);
}

function drawStrip(
  context: CanvasRenderingContext2D,
  { run, colours }: BlockContent,
  { kind, layer, head }: HeadChoice,
  x: number,
  y: number,
  width: number,
): void {
  const { theme } = colours;
  const step = width / STRIP_METRICS.length;
  const height = STRIP - 2;
  context.fillStyle = theme.border;
  context.fillRect(x, y + height, width, 1);
  context.fillStyle = theme.foreground;
  STRIP_METRICS.forEach((metric, index) => {
    const value = metricOf(run, kind, layer, head, metric);
    const tall = Math.max(0, Math.min(1, value || 0)) * height;
    context.fillRect(x + index * step, y + height - tall, Math.max(1, step - 2), tall);
  });
}

function tag(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  { theme }: ColourTable,
): void {
  const width = context.measureText(text).width + 6;
  context.fillStyle = theme.background;
  context.fillRect(x, y, width, BADGE);
  context.fillStyle = theme.foreground;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(text, x + 3, y + BADGE / 2 + 0.5);
}

function outline(
  context: CanvasRenderingContext2D,
  { chosen, colours }: BlockContent,
  head: HeadChoice,
  [x, y, size]: Square,
): void {
  const index = chosen.findIndex((one) => one.layer === head.layer && one.head === head.head);
  context.strokeStyle = index < 0 ? colours.theme.border : colours.theme.accent;
  context.lineWidth = index < 0 ? 1 : 2.5;
  context.setLineDash(index < 0 ? [] : [...(HEAD_DASHES[index] ?? [])]);
  context.strokeRect(x - 0.5, y - 0.5, size + 1, size + 1);
  context.setLineDash([]);
}
