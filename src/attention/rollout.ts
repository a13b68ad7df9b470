import { AppError } from '../common/errors';
import type { AttentionMap } from './attentionMap';

/** Row-major matrix of float64: products of many layers lose too much in float32. */
export interface Matrix {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

export function identity(size: number): Matrix {
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) values[i * size + i] = 1;
  return { values, rows: size, columns: size };
}

/**
 * Attention rollout through self-attention layers (Abnar & Zuidema 2020, equation 1): A_l = (mean over heads + I) / 2,
 * R_l = A_l R_(l-1), R_0 = I. For decoders they ask for normalization by the visible field first.
 * @param layers each layer's maps averaged over its heads, [n, n], first layer first
 * @returns R after every layer, [n, n] each
 */
export function rollout(layers: readonly AttentionMap[]): Matrix[] {
  const results: Matrix[] = [];
  let current = identity(layers[0]?.queries ?? 0);
  for (const layer of layers) {
    current = nextRollout(current, layer);
    results.push(current);
  }
  return results;
}

/** R_l of R_(l-1) and a layer's map, averaged over heads or of one head (their appendix A.1). [n, n] */
export function nextRollout(before: Matrix, layer: AttentionMap): Matrix {
  return multiplyWithResidual(layer, before);
}

/**
 * Rollout through a decoder over two contexts, put together as in ALTI+ (Ferrando et al. 2022, arXiv 2205.11631):
 * E = rollout of the encoder, D_0 = [0 | I], D' = (A_dec + I) / 2 D_(l-1), D_l = D' / 2 + [A_cross E | 0] / 2.
 * The source block's share is 1 - 2^-l whatever the maps, so each block is only to be read by itself, normalized.
 * @param encoder [S, S] rollout of the encoder
 * @param layers for each decoder layer its maps averaged over heads: self [T, T], cross [T, S]
 * @returns D after every layer: [T, S + T], source block first
 */
export function encoderDecoderRollout(
  encoder: Matrix,
  layers: readonly { readonly self: AttentionMap; readonly cross: AttentionMap }[],
): Matrix[] {
  let current = decoderStart(encoder.columns, layers[0]?.self.queries ?? 0);
  return layers.map((layer) => {
    current = nextDecoderRollout(current, encoder, layer);
    return current;
  });
}

/** D_0 = [0 | I]: every target is itself, and nothing of the source. [targets, sources + targets] */
export function decoderStart(sources: number, targets: number): Matrix {
  const columns = sources + targets;
  const values = new Float64Array(targets * columns);
  for (let t = 0; t < targets; t++) values[t * columns + sources + t] = 1;
  return { values, rows: targets, columns };
}

/** D_l of D_(l-1). */
export function nextDecoderRollout(
  before: Matrix,
  encoder: Matrix,
  { self, cross }: { readonly self: AttentionMap; readonly cross: AttentionMap },
): Matrix {
  const sources = encoder.columns;
  const { rows, columns } = before;
  const prefix = multiplyWithResidual(self, before);
  const source = multiply(cross, encoder);
  const values = prefix.values.map((value) => value / 2);
  for (let t = 0; t < rows; t++) {
    for (let s = 0; s < sources; s++) {
      const at = t * columns + s;
      values[at] = (values[at] ?? 0) + (source.values[t * sources + s] ?? 0) / 2;
    }
  }
  return { values, rows, columns };
}

/** Columns [from, to) of each row, made to add up to 1 again; rows that have nothing there stay 0. */
export function normalizedBlock(matrix: Matrix, from: number, to: number): Matrix {
  const columns = to - from;
  const values = new Float64Array(matrix.rows * columns);
  for (let row = 0; row < matrix.rows; row++) {
    const block = matrix.values.subarray(row * matrix.columns + from, row * matrix.columns + to);
    const sum = block.reduce((total, value) => total + value, 0);
    if (sum > 0) block.forEach((value, i) => (values[row * columns + i] = value / sum));
  }
  return { values, rows: matrix.rows, columns };
}

/** (A + I) / 2 times M. */
function multiplyWithResidual(attention: AttentionMap, matrix: Matrix): Matrix {
  const product = multiply(attention, matrix);
  if (product.values.length !== matrix.values.length) {
    throw new AppError('invalidArgument', 'layers of different sizes cannot be chained');
  }
  const { values } = matrix;
  return { ...product, values: product.values.map((value, i) => (value + (values[i] ?? 0)) / 2) };
}

/** A M. Four keys at a time: a row of the result is then read and written a quarter as often, which is what takes time. */
function multiply(attention: AttentionMap, matrix: Matrix): Matrix {
  const { weights, queries, keys } = attention;
  const { columns, values } = matrix;
  if (keys !== matrix.rows) {
    throw new AppError('invalidArgument', 'layers of different sizes cannot be chained');
  }
  const product = new Float64Array(queries * columns);
  for (let query = 0; query < queries; query++) {
    const into = product.subarray(query * columns, (query + 1) * columns);
    for (let key = 0; key < keys; key += 4) {
      const at = query * keys + key;
      const left = Math.min(4, keys - key);
      const a = weights[at] ?? 0;
      const b = left > 1 ? (weights[at + 1] ?? 0) : 0;
      const c = left > 2 ? (weights[at + 2] ?? 0) : 0;
      const d = left > 3 ? (weights[at + 3] ?? 0) : 0;
      // The part of a causal map that is 0 by construction.
      if (a === 0 && b === 0 && c === 0 && d === 0) continue;
      const row = key * columns;
      const next = left > 1 ? row + columns : row;
      const third = left > 2 ? row + 2 * columns : row;
      const fourth = left > 3 ? row + 3 * columns : row;
      for (let i = 0; i < columns; i++) {
        into[i] =
          (into[i] ?? 0) +
          a * (values[row + i] ?? 0) +
          b * (values[next + i] ?? 0) +
          c * (values[third + i] ?? 0) +
          d * (values[fourth + i] ?? 0);
      }
    }
  }
  return { values: product, rows: queries, columns };
}
