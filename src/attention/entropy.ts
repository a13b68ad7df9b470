import type { AttentionMap } from './attentionMap';
import { forRow, meanOverRows } from './attentionMap';

/** H_i = -sum over j in V_i of a_ij ln a_ij, in nats; 0 ln 0 = 0 (Ghader & Monz 2017). */
export function rowEntropy(map: AttentionMap, query: number): number {
  let entropy = 0;
  forRow(map, query, (_key, weight) => {
    if (weight > 0) entropy -= weight * Math.log(weight);
  });
  return entropy;
}

/** Mean row entropy (Vig & Belinkov 2019, equation 7). */
export function meanEntropy(map: AttentionMap): number {
  return meanOverRows(map, (query) => rowEntropy(map, query));
}

/**
 * Mean over rows that see at least two keys of H_i / ln n_i: 0 for one key, 1 for all alike. Rows of a causal map see
 * different numbers of keys, so that their plain entropies cannot be compared.
 */
export function normalizedEntropy(map: AttentionMap): number {
  return meanOverRows(map, (query) => {
    const visible = visibleKeys(map, query);
    return visible < 2 ? undefined : rowEntropy(map, query) / Math.log(visible);
  });
}

/** Mean of e^H_i: as many keys as would share the weight equally with the same entropy. */
export function effectiveKeys(map: AttentionMap): number {
  return meanOverRows(map, (query) => Math.exp(rowEntropy(map, query)));
}

/** n_i, the number of keys that a query sees. */
export function visibleKeys(map: AttentionMap, query: number): number {
  let count = 0;
  forRow(map, query, () => count++);
  return count;
}

/**
 * Mean over rows of the greatest weight, the end of sentence left out (Voita et al. 2019, section 4).
 * @param endKeys keys of end-of-sentence tokens
 */
export function confidence(map: AttentionMap, endKeys: ReadonlySet<number> = new Set()): number {
  return meanOverRows(map, (query) => {
    let greatest: number | undefined;
    forRow(map, query, (key, weight) => {
      if (!endKeys.has(key)) greatest = Math.max(greatest ?? 0, weight);
    });
    return greatest;
  });
}
