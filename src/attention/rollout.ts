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
  for (const layer of layers) results.push(nextRollout(results.at(-1), layer));
  return results;
}

/**
 * R_l of R_(l-1) and a layer's map, averaged over heads or of one head (their appendix A.1). Nothing before: the first layer,
 * which is a product with I and need not be worked out. [n, n]
 */
export function nextRollout(before: Matrix | undefined, layer: AttentionMap): Matrix {
  if (before) return multiplyWithResidual(layer, before);
  const { queries, keys, weights } = layer;
  const values = Float64Array.from(weights, (weight) => weight / 2);
  for (let row = 0; row < queries; row++) {
    const at = row * keys + row;
    values[at] = (values[at] ?? 0) + 0.5;
  }
  return { values, rows: queries, columns: keys };
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
  const { values } = product;
  for (let i = 0; i < values.length; i++)
    values[i] = ((values[i] ?? 0) + (matrix.values[i] ?? 0)) / 2;
  return product;
}

/** Of float64. */
const CACHE_LINE = 8;

/**
 * A M, four rows of A by four keys at a time: reading and writing is what takes time, so what is read of M is used four times and
 * the result is written a quarter as often. Sizes are made multiples of four with zeros first, and rows longer than they are: of
 * 512 columns the same column of all rows would lie in the same few lines of the cache.
 */
function multiply(attention: AttentionMap, matrix: Matrix): Matrix {
  const { queries, keys } = attention;
  const { columns } = matrix;
  if (keys !== matrix.rows) {
    throw new AppError('invalidArgument', 'layers of different sizes cannot be chained');
  }
  const [rows, inner] = [upToFour(queries), upToFour(keys)];
  const stride = columns + CACHE_LINE;
  const weights = resized(attention.weights, [queries, keys], [rows, inner]);
  const values = resized(matrix.values, [keys, columns], [inner, stride]);
  const product = new Float64Array(rows * stride);
  for (let query = 0; query < rows; query += 4) {
    const [to0, to1] = [query * stride, (query + 1) * stride];
    const [to2, to3] = [to1 + stride, to1 + 2 * stride];
    for (let key = 0; key < inner; key += 4) {
      const at = query * inner + key;
      const [a0, a1, a2, a3] = four(weights, at);
      const [b0, b1, b2, b3] = four(weights, at + inner);
      const [c0, c1, c2, c3] = four(weights, at + 2 * inner);
      const [d0, d1, d2, d3] = four(weights, at + 3 * inner);
      // The part of a causal map that is 0 by construction; weights are never negative.
      if (a0 + a1 + a2 + a3 + b0 + b1 + b2 + b3 + c0 + c1 + c2 + c3 + d0 + d1 + d2 + d3 === 0)
        continue;
      const from0 = key * stride;
      const from1 = from0 + stride;
      const from2 = from1 + stride;
      const from3 = from2 + stride;
      for (let i = 0; i < columns; i++) {
        const w = values[from0 + i] ?? 0;
        const x = values[from1 + i] ?? 0;
        const y = values[from2 + i] ?? 0;
        const z = values[from3 + i] ?? 0;
        product[to0 + i] = (product[to0 + i] ?? 0) + a0 * w + a1 * x + a2 * y + a3 * z;
        product[to1 + i] = (product[to1 + i] ?? 0) + b0 * w + b1 * x + b2 * y + b3 * z;
        product[to2 + i] = (product[to2 + i] ?? 0) + c0 * w + c1 * x + c2 * y + c3 * z;
        product[to3 + i] = (product[to3 + i] ?? 0) + d0 * w + d1 * x + d2 * y + d3 * z;
      }
    }
  }
  const cut = resized(product, [rows, stride], [queries, columns]);
  return { values: cut, rows: queries, columns };
}

function four(values: Float64Array, at: number): readonly [number, number, number, number] {
  return [values[at] ?? 0, values[at + 1] ?? 0, values[at + 2] ?? 0, values[at + 3] ?? 0];
}

function upToFour(count: number): number {
  return Math.ceil(count / 4) * 4;
}

/** [rows, columns] of other sizes: cut off, or with zeros behind. */
function resized(
  values: Float32Array | Float64Array,
  [rows, columns]: readonly [number, number],
  [toRows, toColumns]: readonly [number, number],
): Float64Array {
  const into = new Float64Array(toRows * toColumns);
  const kept = Math.min(columns, toColumns);
  for (let row = 0; row < Math.min(rows, toRows); row++)
    into.set(values.subarray(row * columns, row * columns + kept), row * toColumns);
  return into;
}
