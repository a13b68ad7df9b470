/**
 * Four ways to write a position as numbers, in the order in which they are usually taught, and what is asked of such a way. Whether
 * one meets a criterion is found by computing it over positions and lengths, never written down here.
 */
import { positionTable } from './positionTable';

/**
 * - `index`: the position itself;
 * - `normalized`: position / (length - 1), so that every text runs from 0 to 1;
 * - `binary`: the digits of the position, one a channel, the lowest first;
 * - `sinusoidal`: section 3.5 of the paper.
 */
export const TAUGHT_ENCODINGS = ['index', 'normalized', 'binary', 'sinusoidal'] as const;
export type TaughtEncoding = (typeof TAUGHT_ENCODINGS)[number];

/** Row-major [length, size]: every position of a text of `length` tokens in `size` channels. */
export type PositionEncoder = (length: number, size: number) => Float64Array;

export const POSITION_ENCODERS: Readonly<Record<TaughtEncoding, PositionEncoder>> = {
  index: (length, size) => fill(length, size, (position) => position),
  normalized: (length, size) =>
    fill(length, size, (position) => position / Math.max(1, length - 1)),
  // Not by shifting: that counts channels modulo 32.
  binary: (length, size) =>
    fill(length, size, (position, channel) => Math.floor(position / 2 ** channel) % 2),
  sinusoidal: (length, size) =>
    Float64Array.from(positionTable('sinusoidalInterleaved', length, size)),
};

function fill(
  length: number,
  size: number,
  value: (position: number, channel: number) => number,
): Float64Array {
  return Float64Array.from({ length: length * size }, (_, place) =>
    value(Math.floor(place / size), place % size),
  );
}

export const POSITION_CRITERIA = [
  'unique',
  'sameDistance',
  'longer',
  'deterministic',
  'bounded',
] as const;
export type PositionCriterion = (typeof POSITION_CRITERIA)[number];

/** What was found, with the numbers that decided: two of whatever the criterion compares. */
export interface Verdict {
  readonly criterion: PositionCriterion;
  readonly met: boolean;
  readonly found: readonly [number, number];
}

/** Lengths that are compared; the last is the longest text `seen`, from which `longer` starts. */
const LENGTHS = [8, 64, 256] as const;
const SEEN = 256;
const LONGER = 1024;
const DISTANCES = [1, 3, 7] as const;
/** float32 tables of values near 1, summed over up to a thousand channels. */
const TOLERANCE = 1e-4;

export function positionVerdicts(encode: PositionEncoder, size: number): Verdict[] {
  const tables = new Map([...LENGTHS, LONGER].map((length) => [length, encode(length, size)]));
  const table = (length: number) => tables.get(length) ?? encode(length, size);
  return [
    unique(table, size),
    sameDistance(table, size),
    longer(table, size),
    deterministic(encode, table, size),
    bounded(table),
  ];
}

type Tables = (length: number) => Float64Array;

/** No two positions of one text have the same vector. `found`: distinct vectors of the longest text, its positions. */
function unique(table: Tables, size: number): Verdict {
  const lengths = [...LENGTHS, LONGER];
  const distinct = (length: number) => distinctRows(table(length), size);
  const met = lengths.every((length) => distinct(length) === length);
  return { criterion: 'unique', met, found: [distinct(LONGER), LONGER] };
}

/**
 * The distance of two positions depends on how far apart they are and on nothing else: neither where they stand nor how long the
 * text is. `found`: smallest and largest Euclidean distance of two positions `1` apart, or of the distance that varies.
 */
function sameDistance(table: Tables, size: number): Verdict {
  const ranges = DISTANCES.map((apart) => {
    const all = LENGTHS.flatMap((length) => distances(table(length), size, length, apart));
    return [Math.min(...all), Math.max(...all)] as const;
  });
  const varies = ranges.find(([least, most]) => most - least > TOLERANCE * Math.max(1, most));
  return {
    criterion: 'sameDistance',
    met: varies === undefined,
    found: varies ?? ranges[0] ?? [0, 0],
  };
}

/**
 * A text longer than any seen needs nothing new: the positions seen keep their vectors, and the new ones take values in the range
 * seen and differ from all others. `found`: the value at the last place seen that changed most, before and after; if none did, the
 * largest value seen and the largest of the longer text.
 */
function longer(table: Tables, size: number): Verdict {
  const seen = table(SEEN);
  const extended = table(LONGER);
  let place = 0;
  const change = (at: number) => Math.abs((seen[at] ?? 0) - (extended[at] ?? 0));
  for (let at = 1; at < seen.length; at++) if (change(at) > change(place)) place = at;
  if (change(place) > TOLERANCE)
    return {
      criterion: 'longer',
      met: false,
      found: [seen[place] ?? 0, extended[place] ?? 0],
    };
  const [least, most] = range(seen);
  const [leastLater, mostLater] = range(extended);
  const inside = leastLater >= least - TOLERANCE && mostLater <= most + TOLERANCE;
  const met = inside && distinctRows(extended, size) === LONGER;
  return { criterion: 'longer', met, found: [most, mostLater] };
}

/** The same position gives the same numbers each time. `found`: how many values differ of two calls, how many there are. */
function deterministic(encode: PositionEncoder, table: Tables, size: number): Verdict {
  const first = table(SEEN);
  const again = encode(SEEN, size);
  let differing = 0;
  first.forEach((value, at) => (differing += Object.is(value, again[at]) ? 0 : 1));
  return { criterion: 'deterministic', met: differing === 0, found: [differing, first.length] };
}

/** Values do not grow with the length. `found`: the largest absolute value of the shortest and of the longest text. */
function bounded(table: Tables): Verdict {
  const largest = (length: number) => Math.max(...range(table(length)).map(Math.abs));
  const [shortest] = LENGTHS;
  const found = [largest(shortest), largest(LONGER)] as const;
  return { criterion: 'bounded', met: found[1] <= found[0] + TOLERANCE, found };
}

function distinctRows(table: Float64Array, size: number): number {
  const rows = Array.from({ length: table.length / size }, (_, row) =>
    table.subarray(row * size, (row + 1) * size),
  ).sort(compareRows);
  return rows.filter((row, index) => {
    const before = rows[index - 1];
    return before === undefined || compareRows(before, row) !== 0;
  }).length;
}

function compareRows(a: Float64Array, b: Float64Array): number {
  for (let channel = 0; channel < a.length; channel++) {
    const difference = (a[channel] ?? 0) - (b[channel] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function distances(table: Float64Array, size: number, length: number, apart: number): number[] {
  return Array.from({ length: length - apart }, (_, position) => {
    let sum = 0;
    for (let channel = 0; channel < size; channel++) {
      const a = table[position * size + channel] ?? 0;
      const b = table[(position + apart) * size + channel] ?? 0;
      sum += (a - b) ** 2;
    }
    return Math.sqrt(sum);
  });
}

function range(values: Float64Array): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}
