import type { PositionalEncoding } from './config';

/** The wavelengths run from 2 pi to 10000 * 2 pi, section 3.5. */
const BASE = 10000;

/**
 * The table of positional encodings, row-major [maxPositions, d_model], for every kind that is computed rather than learned.
 *
 * Section 3.5:
 *
 *   PE(pos, 2i)     = sin(pos / 10000^(2i / d_model))
 *   PE(pos, 2i + 1) = cos(pos / 10000^(2i / d_model))
 *
 * The concatenated order holds the same values: channel 2i moves to i, channel 2i + 1 to ceil(d_model / 2) + i.
 */
export function positionTable(
  kind: Exclude<PositionalEncoding, 'learned'>,
  positions: number,
  size: number,
): Float32Array {
  const table = new Float32Array(positions * size);
  const sines = Math.ceil(size / 2);
  for (let channel = 0; channel < size; channel++) {
    const pair = channel >> 1;
    const target =
      kind !== 'sinusoidalConcatenated' ? channel : channel % 2 === 0 ? pair : sines + pair;
    const encode = encoding(kind, channel, positions, size);
    for (let position = 0; position < positions; position++)
      table[position * size + target] = encode(position);
  }
  return table;
}

/** What a channel says of a position. Powers take most of the time of a table, and are a channel's own. */
function encoding(
  kind: Exclude<PositionalEncoding, 'learned'>,
  channel: number,
  positions: number,
  size: number,
): (position: number) => number {
  switch (kind) {
    case 'index':
      return (position) => position;
    case 'normalizedIndex': {
      // Divided by the table's length, not the sentence's: while decoding, the length is not known yet.
      const last = Math.max(1, positions - 1);
      return (position) => position / last;
    }
    case 'sinusoidalInterleaved':
    case 'sinusoidalConcatenated': {
      const wave = channel % 2 === 0 ? Math.sin : Math.cos;
      const divisor = Math.pow(BASE, (2 * (channel >> 1)) / size);
      return (position) => wave(position / divisor);
    }
  }
}
