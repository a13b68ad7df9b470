import { scoreOf, type Candidate } from './generateCandidate';

/** One running hypothesis. */
export interface Beam extends Candidate {
  /** Sum, nats. */
  readonly logProbability: number;
}

/** A token that could continue a beam. */
export interface Continuation {
  /** Place of the beam among its source's beams. */
  readonly beam: number;
  readonly id: number;
  readonly tokenLogProbability: number;
  /** Of the beam and the token. */
  readonly logProbability: number;
}

interface Finished extends Candidate {
  readonly score: number;
}

export interface BeamOptions {
  readonly beam: number;
  readonly lengthPenalty: number;
  readonly maxTokens: number;
  readonly endTokenId: number;
}

/**
 * The beam search of one source, by the rules of Hugging Face's generate (transformers 5, early_stopping = False), so that its
 * tokens and scores can be compared:
 *
 * - Of all continuations of all beams the best 2 * beam are looked at, so that `beam` of them remain when others end.
 * - A continuation that ends is finished if it is among the best `beam` of them; the best `beam` finished ones are kept by score.
 * - The search is over when `beam` are finished and the best running one, scored at its present length, is no better than the worst
 *   of them (with a penalty above 0 a longer one might still have become better: the rule is a heuristic).
 * - At `maxTokens` all that run count as finished, without their end token.
 */
export class BeamSource {
  beams: Beam[] = [{ ids: [], logProbabilities: [], logProbability: 0 }];
  /** For each of `beams`, the place its predecessor had. */
  parents: number[] = [0];
  done = false;
  private finished: Finished[] = [];

  constructor(private readonly options: BeamOptions) {}

  /** `continuations`: at least the best 2 * beam, in any order. */
  advance(continuations: Continuation[]): void {
    const { beam, endTokenId, maxTokens, lengthPenalty } = this.options;
    // Sorting is stable, and beams come in order: ties go to the earlier beam, as they do in a top-k over all of them.
    const best = continuations
      .sort((a, b) => b.logProbability - a.logProbability)
      .slice(0, 2 * beam);
    const length = (this.beams[0]?.ids.length ?? 0) + 1;
    const atLimit = length >= maxTokens;
    const next: Beam[] = [];
    const parents: number[] = [];
    best.forEach((continuation, rank) => {
      const ends = continuation.id === endTokenId;
      if (ends || atLimit) {
        if (rank < beam) this.addFinished(this.extend(continuation));
      } else if (next.length < beam) {
        next.push(this.extend(continuation));
        parents.push(continuation.beam);
      }
    });
    this.beams = next;
    this.parents = parents;
    const running = next[0];
    const worst = this.finished.length < beam ? undefined : this.finished.at(-1);
    this.done =
      !running ||
      (worst !== undefined &&
        scoreOf(running.logProbability, length, lengthPenalty) <= worst.score);
  }

  /** Best first. */
  results(count: number): readonly Finished[] {
    return this.finished.slice(0, count);
  }

  private extend({ beam, id, tokenLogProbability, logProbability }: Continuation): Beam {
    const from = this.beams[beam] as Beam;
    return {
      ids: [...from.ids, id],
      logProbabilities: [...from.logProbabilities, tokenLogProbability],
      logProbability,
    };
  }

  private addFinished(beam: Beam): void {
    const { ids, logProbabilities } = beam;
    const score = scoreOf(beam.logProbability, ids.length, this.options.lengthPenalty);
    const place = this.finished.findIndex((other) => other.score < score);
    const at = place === -1 ? this.finished.length : place;
    this.finished.splice(at, 0, { ids, logProbabilities, score });
    this.finished.length = Math.min(this.finished.length, this.options.beam);
  }
}
