import { AppError } from '../common/errors';
import type { AttentionMap } from './attentionMap';
import { forRow, meanOverRows, weightAt } from './attentionMap';

/**
 * Mean over rows of the Jensen-Shannon divergence of the two heads' rows, in nats: half KL(a_i || m_i) + half KL(b_i || m_i),
 * m = (a + b) / 2. From 0 (the same) to ln 2 (nothing in common). Clark et al. 2019 add rows up instead.
 */
export function jensenShannon(a: AttentionMap, b: AttentionMap): number {
  if (a.queries !== b.queries || a.keys !== b.keys) {
    throw new AppError('invalidArgument', 'heads of different sizes cannot be compared');
  }
  return meanOverRows(a, (query) => {
    let divergence = 0;
    forRow(a, query, (key, p) => {
      const q = weightAt(b, query, key);
      const m = (p + q) / 2;
      if (p > 0) divergence += (p * Math.log(p / m)) / 2;
      if (q > 0) divergence += (q * Math.log(q / m)) / 2;
    });
    // Rounding may leave a hair below 0, which has no root.
    return Math.max(0, divergence);
  });
}

/** The square root of the divergence, which is a metric: fit for sorting and clustering heads. */
export function headDistance(a: AttentionMap, b: AttentionMap): number {
  return Math.sqrt(jensenShannon(a, b));
}
