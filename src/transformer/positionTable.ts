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
  for (let position = 0; position < positions; position++)
    for (let channel = 0; channel < size; channel++) {
      const pair = channel >> 1;
      const target =
        kind !== 'sinusoidalConcatenated' ? channel : channel % 2 === 0 ? pair : sines + pair;
      table[position * size + target] = encode(kind, position, channel, positions, size);
    }
  return table;
}

function encode(
  kind: Exclude<PositionalEncoding, 'learned'>,
  position: number,
  channel: number,
  positions: number,
  size: number,
): number {
  switch (kind) {
    case 'index':
      return position;
    case 'normalizedIndex':
      // Divided by the table's length, not the sentence's: while decoding, the length is not known yet.
      return position / Math.max(1, positions - 1);
    case 'sinusoidalInterleaved':
    case 'sinusoidalConcatenated': {
      const pair = channel >> 1;
      const angle = position / Math.pow(BASE, (2 * pair) / size);
      return channel % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
}
