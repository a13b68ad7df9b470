import type { CostPoint } from '../../protocol/attentionQueries';
import type { PanelStrings } from '../../protocol/panelStrings';
import { fill } from '../format';
import { costLines, type ChartSize, type Point } from './costChart';

const NAMESPACE = 'http://www.w3.org/2000/svg';
const MARGIN = { left: 46, right: 58, top: 14, bottom: 40 };
const LEAST_WIDTH = 300;
const MOST_WIDTH = 680;
const HEIGHT = 300;
/** Pixels that the number of tokens needs under the axis. */
const LABEL_WIDTH = 34;

/**
 * The chart as elements, drawn for a width in pixels so that its letters keep their size. Its colours are the style sheet's;
 * lines differ by dashes as well.
 */
export function costDrawing(
  size: number,
  points: readonly CostPoint[],
  strings: PanelStrings,
  room: number,
): SVGSVGElement {
  const width = Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, room));
  const chart: ChartSize = { width, height: HEIGHT, margin: MARGIN };
  const lines = costLines(size, points, chart);
  const { height, margin } = chart;
  const bottom = height - margin.bottom;
  const right = width - margin.right;
  const root = svg('svg', { width, height, role: 'img', class: 'cost-chart' });
  root.setAttribute('aria-label', strings.modelChart);
  const add = (name: string, attributes: Attributes, text = ''): void => {
    const node = svg(name, attributes);
    if (text !== '') node.textContent = text;
    root.append(node);
  };
  const every = Math.ceil((LABEL_WIDTH * lines.lengths.length) / (right - margin.left));
  for (const [index, { value, x }] of lines.lengths.entries()) {
    add('line', { class: 'grid-line', x1: x, x2: x, y1: margin.top, y2: bottom });
    if (index % every === 0)
      add('text', { x, y: bottom + 14, 'text-anchor': 'middle' }, String(value));
  }
  for (const { value, y } of lines.operations) {
    add('line', { class: 'grid-line', x1: margin.left, x2: right, y1: y, y2: y });
    add('text', { x: margin.left - 6, y: y + 4, 'text-anchor': 'end' }, power(value));
  }
  for (const { value, y } of lines.milliseconds)
    add('text', { class: 'measured', x: right + 6, y: y + 4 }, `${value} ms`);
  add(
    'text',
    { x: (margin.left + right) / 2, y: height - 6, 'text-anchor': 'middle' },
    strings.modelLength,
  );
  const { crossing } = lines;
  add('line', { class: 'crossing', x1: crossing.x, x2: crossing.x, y1: margin.top, y2: bottom });
  add('circle', { class: 'crossing', cx: crossing.x, cy: crossing.y, r: 4 });
  const label = fill(strings.modelCrossing, size);
  add('text', { x: crossing.x - 6, y: margin.top + 12, 'text-anchor': 'end' }, label);
  add('path', { class: 'line recurrent', d: path(lines.recurrent) });
  add('path', { class: 'line self-attention', d: path(lines.selfAttention) });
  if (lines.measured.length > 0) {
    add('path', { class: 'line measured', d: path(lines.measured) });
    for (const { x, y } of lines.measured) add('circle', { class: 'measured', cx: x, cy: y, r: 3 });
  }
  return root;
}

type Attributes = Readonly<Record<string, string | number>>;

function svg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes,
): SVGElementTagNameMap[K];
function svg(name: string, attributes: Attributes): SVGElement;
function svg(name: string, attributes: Attributes): SVGElement {
  const node = document.createElementNS(NAMESPACE, name);
  for (const [attribute, value] of Object.entries(attributes))
    node.setAttribute(attribute, String(value));
  return node;
}

function path(points: readonly Point[]): string {
  return points
    .map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join(' ');
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function power(value: number): string {
  const exponent = String(Math.round(Math.log10(value)));
  return `10${[...exponent].map((digit) => SUPERSCRIPTS[Number(digit)] ?? '').join('')}`;
}
