import { performance } from 'node:perf_hooks';
import { AppError } from '../common/errors';
import type { Model } from './types';

const SOURCE_TOKENS = 24;
const TARGET_TOKENS = 4;
/** The fastest of a few runs: what else the machine does can only add to a run. */
const RUNS = 3;
/** A device that needs longer than this is not worth another run: nobody would choose it. */
const PATIENCE_MS = 2000;

/**
 * Milliseconds of one encoder pass over a short sentence and a few decoder steps, after a warm-up in which devices compile
 * their kernels. Throws deviceUnavailable where the results are no numbers, inferenceFailed from the runtime.
 */
export async function timeProbe(model: Model): Promise<number> {
  const source = probeSource(model);
  const begin = performance.now();
  let fastest = Infinity;
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    const [hypotheses] = await model.generate([source], {
      beam: 1,
      lengthPenalty: 1,
      maxTokens: TARGET_TOKENS,
      nBest: 1,
    });
    const elapsed = performance.now() - start;
    const logProbability = hypotheses?.[0]?.logProbability;
    if (logProbability === undefined || !Number.isFinite(logProbability)) {
      throw new AppError('deviceUnavailable', 'The probe gave values that are no numbers.');
    }
    if (run > 0) fastest = Math.min(fastest, elapsed);
    if (run > 0 && performance.now() - begin > PATIENCE_MS) break;
  }
  return fastest;
}

/** Ordinary tokens spread over the vocabulary: what they mean is of no matter to the time they take. */
function probeSource({ config, encodeLimit }: Model): number[] {
  const length = Math.min(SOURCE_TOKENS, encodeLimit) - 1;
  const special = Math.max(config.padTokenId, config.endTokenId) + 1;
  const ordinary = config.vocabularySize - special;
  const ids = Array.from({ length }, (_, index) => special + ((index * 101) % ordinary));
  return [...ids, config.endTokenId];
}
