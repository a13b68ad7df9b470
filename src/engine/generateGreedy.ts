import { throwIfAborted } from '../common/async';
import type { TransformerConfig } from '../transformer/config';
import type { DecoderRun } from './decoderRun';
import { finish, force, type Candidate } from './generateCandidate';
import type { DecodeOptions, Hypothesis } from './types';

/** The most probable token at every step, for each of the `sources` sources of one batch: one hypothesis each. */
export async function generateGreedy(
  run: DecoderRun,
  config: TransformerConfig,
  sources: number,
  options: DecodeOptions,
): Promise<Hypothesis[][]> {
  const { endTokenId, startTokenId, bannedTokenIds, forcedEndTokenId } = config;
  const all = Array.from({ length: sources }, (): Candidate => ({ ids: [], logProbabilities: [] }));
  const banned = new Set(bannedTokenIds);
  let live = all.map((_, row) => row);
  let rowIndex = live;
  const mostAsked = forcedEndTokenId === undefined ? options.maxTokens : options.maxTokens - 1;
  for (let length = 0; live.length > 0 && length < options.maxTokens;) {
    throwIfAborted(options.signal);
    if (length === mostAsked) {
      live.forEach((row) => all[row] && force(all[row], forcedEndTokenId ?? endTokenId));
      break;
    }
    const last = live.map((row) => all[row]?.ids.at(-1) ?? startTokenId);
    const asked = { group: 1, rowIndex, top: 1 + banned.size, most: mostAsked - length };
    for (const best of await run.steps(last, asked)) {
      live.forEach((row, index) => {
        let place = index * best.top;
        while (banned.has(best.ids[place] as number)) place++;
        all[row]?.ids.push(best.ids[place] as number);
        all[row]?.logProbabilities.push(best.logProbabilities[place] as number);
      });
      length++;
    }
    rowIndex = [...live.keys()].filter(
      (index) => all[live[index] as number]?.ids.at(-1) !== endTokenId,
    );
    if (rowIndex.length < live.length) await run.keepSources(rowIndex);
    live = rowIndex.map((index) => live[index] as number);
    options.onStep?.(live.map((row) => ({ row, ids: [...(all[row]?.ids ?? [])] })));
  }
  return all.map((candidate) => [finish(candidate, endTokenId, options.lengthPenalty)]);
}
