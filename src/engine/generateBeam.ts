import { throwIfAborted } from '../common/async';
import { BeamSource, type Continuation } from './beamSource';
import type { TransformerConfig } from '../transformer/config';
import type { DecoderRun, TopTokens } from './decoderRun';
import { finish } from './generateCandidate';
import type { DecodeOptions, Hypothesis } from './types';

/** The best `nBest` hypotheses of each of the `sources` sources of one batch; sources whose search is over leave the batch. */
export async function generateBeam(
  run: DecoderRun,
  config: TransformerConfig,
  sources: number,
  options: DecodeOptions,
): Promise<Hypothesis[][]> {
  const { endTokenId, startTokenId, bannedTokenIds, forcedEndTokenId } = config;
  const { beam, lengthPenalty, maxTokens } = options;
  const all = Array.from(
    { length: sources },
    () => new BeamSource({ beam, lengthPenalty, maxTokens, endTokenId }),
  );
  const banned = new Set(bannedTokenIds);
  const top = 2 * beam + banned.size;
  let live = all;
  let group = 1;
  let rowIndex = live.map((_, index) => index);
  for (let length = 1; live.length > 0; length++) {
    throwIfAborted(options.signal);
    if (forcedEndTokenId !== undefined && length === maxTokens) {
      for (const source of live) source.advance(forced(source, forcedEndTokenId));
      break;
    }
    const last = live.flatMap(({ beams }) => beams.map(({ ids }) => ids.at(-1) ?? startTokenId));
    const best = await run.step(last, group, rowIndex, top);
    live.forEach((source, index) => {
      source.advance(continuations(source, best, index * group, banned));
    });
    const kept = [...live.keys()].filter((index) => !live[index]?.done);
    rowIndex = kept.flatMap((index) =>
      (live[index]?.parents ?? []).map((parent) => index * group + parent),
    );
    if (kept.length < live.length) await run.keepSources(kept);
    live = kept.map((index) => live[index] as BeamSource);
    group = live[0]?.beams.length ?? 0;
  }
  return all.map((source) =>
    source.results(options.nBest).map((candidate) => finish(candidate, endTokenId, lengthPenalty)),
  );
}

/** The candidates of one source, whose rows begin at `firstRow`. */
function continuations(
  source: BeamSource,
  best: TopTokens,
  firstRow: number,
  banned: ReadonlySet<number>,
): Continuation[] {
  return source.beams.flatMap(({ logProbability }, beam) => {
    const found: Continuation[] = [];
    const start = (firstRow + beam) * best.top;
    for (let place = start; place < start + best.top; place++) {
      const id = best.ids[place] as number;
      if (banned.has(id)) continue;
      const tokenLogProbability = best.logProbabilities[place] as number;
      // Rounded to float32 at every step, as the reference adds.
      const sum = Math.fround(logProbability + tokenLogProbability);
      found.push({ beam, id, tokenLogProbability, logProbability: sum });
    }
    return found;
  });
}

/** The only continuation of every beam at the last place, of probability 1: the model is not asked. */
function forced(source: BeamSource, id: number): Continuation[] {
  return source.beams.map(({ logProbability }, beam) => ({
    beam,
    id,
    tokenLogProbability: 0,
    logProbability,
  }));
}
