import { throwIfAborted } from '../common/async';
import { BeamSource, type Continuation } from './beamSource';
import type { TransformerConfig } from '../transformer/config';
import type { DecoderRun, TopTokens } from './decoderRun';
import { finish } from './generateCandidate';
import { PlaceholderRule } from './placeholderRule';
import type { DecodeOptions, Hypothesis } from './types';

/** What a forbidden token costs, nats: more than any search, and still a number that sorts. */
const FORBIDDEN = 1e6;
/** A score that nothing has which is allowed. */
const LOWEST_SCORE = -1000;

/**
 * The most tokens that a step looks at for each row: the best 2 * beam, and as many more as may be left out, which are the
 * banned ones, every placeholder and the end.
 */
export function tokensOfStep(
  config: TransformerConfig,
  { beam, placeholders }: DecodeOptions,
): number {
  const ruled = placeholders ? placeholders.size + 1 : 0;
  const wanted = 2 * beam + config.bannedTokenIds.length + ruled;
  return Math.min(wanted, config.vocabularySize);
}

/** The best `nBest` hypotheses of each source of one batch; sources whose search is over leave the batch. */
export async function generateBeam(
  run: DecoderRun,
  config: TransformerConfig,
  sources: readonly (readonly number[])[],
  options: DecodeOptions,
): Promise<Hypothesis[][]> {
  const { endTokenId, startTokenId, bannedTokenIds, forcedEndTokenId } = config;
  const { beam, lengthPenalty, maxTokens, placeholders } = options;
  const all = sources.map((ids) => ({
    search: new BeamSource({ beam, lengthPenalty, maxTokens, endTokenId }),
    rule: placeholders && new PlaceholderRule(placeholders, ids, endTokenId),
  }));
  const banned = new Set(bannedTokenIds);
  const top = tokensOfStep(config, options);
  let live = all;
  let group = 1;
  let rowIndex = live.map((_, index) => index);
  for (let length = 1; live.length > 0; length++) {
    throwIfAborted(options.signal);
    if (forcedEndTokenId !== undefined && length === maxTokens) {
      for (const source of live) source.search.advance(forced(source.search, forcedEndTokenId));
      break;
    }
    const last = live.flatMap(({ search }) =>
      search.beams.map(({ ids }) => ids.at(-1) ?? startTokenId),
    );
    const best = await run.step(last, group, rowIndex, top);
    live.forEach((source, index) => {
      source.search.advance(continuations(source, best, index * group, banned));
    });
    const kept = [...live.keys()].filter((index) => !live[index]?.search.done);
    rowIndex = kept.flatMap((index) =>
      (live[index]?.search.parents ?? []).map((parent) => index * group + parent),
    );
    if (kept.length < live.length) await run.keepSources(kept);
    live = kept.map((index) => live[index] as Searched);
    group = live[0]?.search.beams.length ?? 0;
  }
  return all.map(({ search }) =>
    search
      .results(options.nBest)
      .filter(({ score }, place) => place === 0 || score > LOWEST_SCORE)
      .map((candidate) => finish(candidate, endTokenId, lengthPenalty)),
  );
}

/** The search of one source, and what it may write. */
interface Searched {
  readonly search: BeamSource;
  readonly rule: PlaceholderRule | undefined;
}

/** The candidates of one source, whose rows begin at `firstRow`. */
function continuations(
  { search, rule }: Searched,
  best: TopTokens,
  firstRow: number,
  banned: ReadonlySet<number>,
): Continuation[] {
  return search.beams.flatMap(({ ids, logProbability }, beam) => {
    const found: Continuation[] = [];
    const start = (firstRow + beam) * best.top;
    for (let place = start; place < start + best.top; place++) {
      const id = best.ids[place] as number;
      if (banned.has(id)) continue;
      const tokenLogProbability = best.logProbabilities[place] as number;
      // Rounded to float32 at every step, as the reference adds.
      const sum = Math.fround(logProbability + tokenLogProbability);
      const cost = !rule || rule.allows(ids, id) ? 0 : FORBIDDEN;
      found.push({ beam, id, tokenLogProbability, logProbability: sum - cost });
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
