/** One row of logits as a distribution: the most probable choices, and one choice of interest. */
export interface Distribution {
  /** Ids of the greatest logits, greatest first; of equal ones the earlier id. */
  readonly ids: readonly number[];
  /** Their probabilities: softmax over the whole row. */
  readonly probabilities: readonly number[];
  /** Probability of the choice, and its rank from 1: one more than the ids with a greater logit. */
  readonly probability: number;
  readonly rank: number;
}

/**
 * @param logits [vocabulary] @param chosen id of the choice of interest
 * @param count ids given at most
 */
export function distribution(logits: Float32Array, chosen: number, count: number): Distribution {
  const own = logits[chosen] ?? -Infinity;
  const ids: number[] = [];
  const values: number[] = [];
  let rank = 1;
  let greatest = -Infinity;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] ?? -Infinity;
    if (logit > own) rank++;
    if (logit > greatest) greatest = logit;
    if (values.length === count && logit <= (values[count - 1] ?? Infinity)) continue;
    let at = values.length;
    while (at > 0 && (values[at - 1] ?? 0) < logit) at--;
    values.splice(at, 0, logit);
    ids.splice(at, 0, id);
    if (values.length > count) {
      values.pop();
      ids.pop();
    }
  }
  let sum = 0;
  for (let id = 0; id < logits.length; id++) sum += Math.exp((logits[id] ?? 0) - greatest);
  const probability = (logit: number): number => Math.exp(logit - greatest) / sum;
  return { ids, probabilities: values.map(probability), probability: probability(own), rank };
}
