/** One query of one head, worked out number by number. */

/** What a head looks with and at; row-major. */
export interface OneQuery {
  /** q [d_k] */
  readonly query: Float32Array;
  /** K [Tk, d_k] */
  readonly keys: Float32Array;
  /** V [Tk, d_v] */
  readonly values: Float32Array;
  /** [Tk], 1 where the query may look; at least one. */
  readonly mask: Uint8Array;
}

export interface OpenedQuery {
  /** q . k_j [Tk] */
  readonly scores: Float32Array;
  /** q . k_j / sqrt(d_k) [Tk] */
  readonly scaled: Float32Array;
  /** a_j [Tk]: the softmax over the keys that may be seen, 0 for the others. */
  readonly weights: Float32Array;
  /** sum_j a_j v_j [d_v] */
  readonly output: Float32Array;
}

/** Attention(q, K, V) = softmax(q K^T / sqrt(d_k)) V, section 3.2.1, equation 1, with every step kept. */
export function openQuery({ query, keys, values, mask }: OneQuery): OpenedQuery {
  const size = query.length;
  const count = mask.length;
  const scores = Float32Array.from({ length: count }, (_, key) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += (query[i] ?? 0) * (keys[key * size + i] ?? 0);
    return sum;
  });
  const scaled = scores.map((score) => score / Math.sqrt(size));
  const weights = maskedSoftmax(scaled, mask);
  const valueSize = values.length / count;
  const output = Float32Array.from({ length: valueSize }, (_, channel) => {
    let sum = 0;
    for (let key = 0; key < count; key++)
      sum += (weights[key] ?? 0) * (values[key * valueSize + channel] ?? 0);
    return sum;
  });
  return { scores, scaled, weights, output };
}

/** exp(x_j) / sum exp(x_k) over the keys that may be seen. The largest is taken away first: exp() of it cannot overflow. */
function maskedSoftmax(scaled: Float32Array, mask: Uint8Array): Float32Array {
  const seen = scaled.filter((_, key) => mask[key] === 1);
  const largest = seen.reduce((most, value) => Math.max(most, value), -Infinity);
  const exponentials = Array.from(scaled, (value, key) =>
    mask[key] === 1 ? Math.exp(value - largest) : 0,
  );
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return Float32Array.from(exponentials, (value) => value / sum);
}
