import { throwIfAborted } from '../common/async';
import type { AlternativesParams, AlternativesResult, Alternative } from '../protocol/engine';
import { planText } from '../text/plan';
import { translationTag } from '../text/tags';
import { restored } from './job';
import { judge } from './judge';
import type { LoadedModel } from './modelKeeper';
import { makePieces } from './pieces';
import type { Outcome } from './translationCache';
import { placeholderIds } from './placeholderRule';
import { MOST_SOURCE_TOKENS } from './translator';
import type { Turns } from './turns';

/** A wider search finds more that differ by more than a mark. */
const LEAST_BEAM = 8;

type Translated = Extract<Outcome, { kind: 'translated' }>;

/**
 * What else a sentence may become: the n best of one search that may stand, no two alike, best first. A sentence too long
 * for one search has none. Throws cancelled, inferenceFailed, invalidArgument (a bad pattern).
 */
export async function alternatives(
  { model, tokenizer, turns }: Pick<LoadedModel, 'model' | 'tokenizer'> & { turns: Turns },
  params: AlternativesParams,
  signal: AbortSignal,
): Promise<AlternativesResult> {
  throwIfAborted(signal);
  const plan = planText(params.text, params);
  const sentence = plan.sentences.find(
    ({ keep, ready }) => keep === undefined && ready === undefined,
  );
  const limit = Math.min(model.encodeLimit, MOST_SOURCE_TOKENS);
  const pieces = sentence && makePieces(sentence, tokenizer, translationTag(plan.target), limit);
  const piece = pieces?.length === 1 ? pieces[0] : undefined;
  if (!piece) return { alternatives: [] };
  const beam = Math.max(LEAST_BEAM, params.decoding.beam, params.count);
  const release = await turns.take(piece.ids.length, signal);
  try {
    const placeholders = placeholderIds(tokenizer);
    const options = { ...params.decoding, beam, nBest: beam, placeholders, signal };
    const [hypotheses = []] = await model.generate([piece.ids], options);
    const found = new Map<string, Alternative>();
    const outcomes = hypotheses.map((one) => judge(piece, one, tokenizer.decode(one.ids)));
    for (const { text: written, logProbability } of outcomes.filter(isTranslated)) {
      const text = restored(written, piece, plan.target);
      if (text !== undefined && !found.has(text)) found.set(text, { text, logProbability });
    }
    return { alternatives: [...found.values()].slice(0, params.count) };
  } finally {
    release();
  }
}

function isTranslated(outcome: Outcome): outcome is Translated {
  return outcome.kind === 'translated';
}
