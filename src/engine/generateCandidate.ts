import type { Hypothesis } from './types';

/** A hypothesis that is still growing. */
export interface Candidate {
  readonly ids: number[];
  /** One per id, nats. */
  readonly logProbabilities: number[];
}

/**
 * A hypothesis' log-probability divided by the number of its tokens, `</s>` included, to the power of the length penalty: what
 * Hugging Face's generate calls the score. Without it the sum of ever more negative numbers would prefer short outputs.
 */
export function scoreOf(logProbability: number, length: number, lengthPenalty: number): number {
  return logProbability / Math.pow(length, lengthPenalty);
}

/** A forced token has probability 1: the model was not asked. */
export function force(candidate: Candidate, id: number): void {
  candidate.ids.push(id);
  candidate.logProbabilities.push(0);
}

export function finish(
  candidate: Candidate,
  endTokenId: number,
  lengthPenalty: number,
): Hypothesis {
  const logProbability = candidate.logProbabilities.reduce((sum, value) => sum + value, 0);
  return {
    ids: candidate.ids,
    logProbability,
    score: scoreOf(logProbability, Math.max(1, candidate.ids.length), lengthPenalty),
    tokenLogProbabilities: candidate.logProbabilities,
    ended: candidate.ids.at(-1) === endTokenId,
  };
}
