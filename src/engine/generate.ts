import { AppError } from '../common/errors';
import type { TransformerConfig } from '../transformer/config';
import { DecoderRun, type ModelSessions } from './decoderRun';
import { generateBeam, tokensOfStep } from './generateBeam';
import { generateGreedy } from './generateGreedy';
import type { DecodeOptions, Hypothesis } from './types';

/** Bound of one batch in padded source tokens times beam, so that a long document does not become one huge tensor. */
const MOST_BATCH_TOKENS = 4096;

/**
 * Translates token ids to token ids. Sources go in batches of similar length, so that little of a batch is padding; results are
 * in the order of the sources. Throws cancelled, invalidArgument, textTooLong, inferenceFailed.
 */
export async function generate(
  sessions: ModelSessions,
  sources: readonly (readonly number[])[],
  options: DecodeOptions,
): Promise<Hypothesis[][]> {
  const { maxPositions, vocabularySize } = sessions.config;
  refuseOptions(options, sessions.config);
  for (const source of sources) refuseSource(source, maxPositions, vocabularySize);
  const bounded = { ...options, maxTokens: Math.min(options.maxTokens, maxPositions) };
  const results = new Array<Hypothesis[]>(sources.length);
  const most = tokensOfStep(sessions.config, options);
  for (const rows of batches(sources, options.beam)) {
    const batch = rows.map((row) => sources[row] as readonly number[]);
    const { shortlist } = options;
    const run = await DecoderRun.start(sessions, batch, { shortlist, most });
    try {
      const hypotheses =
        options.beam === 1
          ? await generateGreedy(run, sessions.config, batch.length, withRows(bounded, rows))
          : await generateBeam(run, sessions.config, batch, bounded);
      rows.forEach((row, index) => (results[row] = hypotheses[index] as Hypothesis[]));
    } finally {
      run.release();
    }
  }
  return results;
}

/** Numbers of sources, batch by batch; the longest first, so that the largest batch fails first if any does. */
function batches(sources: readonly (readonly number[])[], beam: number): number[][] {
  const order = [...sources.keys()].sort((a, b) => lengthOf(sources, b) - lengthOf(sources, a));
  const result: number[][] = [];
  for (const row of order) {
    const current = result.at(-1);
    const longest = current ? lengthOf(sources, current[0] as number) : 0;
    if (current && (current.length + 1) * longest * beam <= MOST_BATCH_TOKENS) current.push(row);
    else result.push([row]);
  }
  return result;
}

function lengthOf(sources: readonly (readonly number[])[], row: number): number {
  return sources[row]?.length ?? 0;
}

/** `onStep` speaks of rows of the batch; the caller knows rows of the call. */
function withRows(options: DecodeOptions, rows: readonly number[]): DecodeOptions {
  const { onStep } = options;
  if (!onStep) return options;
  return {
    ...options,
    onStep: (steps) => onStep(steps.map(({ row, ids }) => ({ row: rows[row] as number, ids }))),
  };
}

function refuseOptions(options: DecodeOptions, config: TransformerConfig): void {
  const { beam, nBest, maxTokens, lengthPenalty } = options;
  const counts = { beam, nBest, maxTokens };
  for (const [name, value] of Object.entries(counts))
    if (!Number.isInteger(value) || value < 1)
      throw new AppError('invalidArgument', `${name} must be 1 or more, not ${value}`, { name });
  // The first step must find 2 * beam continuations of one row, or sources would end up with fewer beams than others.
  if (2 * beam > config.vocabularySize - config.bannedTokenIds.length)
    throw new AppError('invalidArgument', `beam ${beam} needs a larger vocabulary`, {
      name: 'beam',
    });
  if (!Number.isFinite(lengthPenalty))
    throw new AppError('invalidArgument', 'lengthPenalty must be a number', {
      name: 'lengthPenalty',
    });
}

/** Shared with `inspect`: ids must be rows of the embedding, and the positions must suffice. */
export function refuseSource(ids: readonly number[], most: number, vocabularySize: number): void {
  if (ids.length === 0) throw new AppError('invalidArgument', 'A source has no tokens');
  if (ids.length > most)
    throw new AppError('textTooLong', `${ids.length} tokens; the model reads at most ${most}`, {
      tokens: ids.length,
      limit: most,
    });
  const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabularySize);
  if (wrong !== undefined)
    throw new AppError('invalidArgument', `${wrong} is no token of the vocabulary`);
}
