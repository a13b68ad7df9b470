/** Where the points of the cost chart lie. Both axes are logarithmic: n^2 d and n d^2 are straight lines there. */
import type { CostPoint } from '../../protocol/attentionQueries';

export interface ChartSize {
  readonly width: number;
  readonly height: number;
  readonly margin: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface CostLines {
  readonly selfAttention: readonly Point[];
  readonly recurrent: readonly Point[];
  readonly measured: readonly Point[];
  /** Where n = d. */
  readonly crossing: Point;
  readonly lengths: readonly { readonly value: number; readonly x: number }[];
  readonly operations: readonly { readonly value: number; readonly y: number }[];
  readonly milliseconds: readonly { readonly value: number; readonly y: number }[];
}

const LENGTHS = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096] as const;

/** Lengths go to four times `size` (d), so that the crossing lies inside. Milliseconds have an axis of their own. */
export function costLines(size: number, points: readonly CostPoint[], chart: ChartSize): CostLines {
  const lengths = LENGTHS.filter((length) => length <= 4 * size);
  const first = lengths[0] ?? 1;
  const last = lengths.at(-1) ?? 1;
  const { margin, width, height } = chart;
  const x = (length: number): number =>
    scale(length, first, last, margin.left, width - margin.right);
  const bottom = height - margin.bottom;
  const most = Math.max(last ** 2 * size, last * size ** 2);
  const least = Math.min(first ** 2 * size, first * size ** 2);
  const y = (operations: number): number => scale(operations, least, most, bottom, margin.top);
  const times = points.map((point) => point.encoderMilliseconds);
  const [quickest, slowest] = decades(times);
  const time = (milliseconds: number): number =>
    scale(milliseconds, quickest, slowest, bottom, margin.top);
  return {
    selfAttention: lengths.map((length) => ({ x: x(length), y: y(length ** 2 * size) })),
    recurrent: lengths.map((length) => ({ x: x(length), y: y(length * size ** 2) })),
    measured: points.map((point) => ({ x: x(point.length), y: time(point.encoderMilliseconds) })),
    crossing: { x: x(size), y: y(size ** 3) },
    lengths: lengths.map((value) => ({ value, x: x(value) })),
    operations: powersOfTen(least, most).map((value) => ({ value, y: y(value) })),
    milliseconds:
      times.length === 0
        ? []
        : powersOfTen(quickest, slowest).map((value) => ({ value, y: time(value) })),
  };
}

/** Position of a value on a logarithmic axis. */
function scale(value: number, from: number, to: number, start: number, end: number): number {
  if (to <= from) return start;
  return start + ((end - start) * Math.log(value / from)) / Math.log(to / from);
}

/** The powers of ten around the values, at least one decade. */
function decades(values: readonly number[]): [number, number] {
  if (values.length === 0) return [1, 10];
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  return [low, Math.max(high, 10 * low)];
}

function powersOfTen(from: number, to: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9);
  const last = Math.floor(Math.log10(to) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index));
}
