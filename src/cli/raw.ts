import { AppError } from '../common/errors';
import type { DecodeOptions, Hypothesis } from '../engine/types';
import type { Language } from '../protocol/engine';
import { translationTag } from '../text/tags';
import type { Tokenizer } from '../tokenizer/tokenizer';
import type { Session } from './session';

export interface RawResult {
  readonly text: string;
  /** As the reference's `generate` returns them: the start token first. */
  readonly ids: readonly number[];
  readonly sourceIds: readonly number[];
  readonly logProbability: number;
  readonly score: number;
  readonly tokenLogProbabilities: readonly number[];
  readonly ended: boolean;
}

/** The line itself, or the line behind a tag. Throws invalidArgument for a model without that tag. */
export function rawSource(tokenizer: Tokenizer, line: string, to: Language | undefined): number[] {
  if (to === undefined) return tokenizer.encode(line).ids;
  const tag = translationTag(to);
  if (tokenizer.tokenToId(tag) === undefined)
    throw new AppError(
      'invalidArgument',
      `This model has no tag ${tag}; put its own into the text and leave --to out.`,
    );
  return tokenizer.encode(`${tag} ${line}`).ids;
}

/** One line, one call: a batch of several is padded, which changes the last digits of a sum and with them, rarely, a token. */
export async function translateRaw(
  session: Session,
  line: string,
  to: Language | undefined,
  decoding: DecodeOptions,
): Promise<RawResult> {
  const { model, tokenizer } = session;
  const sourceIds = rawSource(tokenizer, line, to);
  const best: Hypothesis | undefined = (await model.generate([sourceIds], decoding))[0]?.[0];
  if (!best) throw new AppError('internal', 'The search returned no hypothesis.');
  const { logProbability, score, tokenLogProbabilities, ended } = best;
  return {
    text: tokenizer.decode(best.ids),
    ids: [model.config.startTokenId, ...best.ids],
    sourceIds,
    logProbability,
    score,
    tokenLogProbabilities,
    ended,
  };
}
