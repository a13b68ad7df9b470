import { AppError } from '../common/errors';
import type { InspectParams } from '../protocol/engine';
import type { KeepReason, Plan, PlannedSentence } from '../text/plan';
import { MAX_PLACEHOLDERS, placeholderOf, type ProtectedSpan } from '../text/protect';
import { translationTag } from '../text/tags';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { sentenceTokens, type TokenSpan } from './tokenSpans';

/** More sentences than these are no list to choose from, and would fill the message that opens the panel. */
const MOST_SENTENCES = 4096;
/** UTF-16 units that are shown together: what stands between the sentences is shown with them. */
const MOST_UNITS = 2 ** 16;

/** A sentence with something for the model to do. */
export interface InspectedSentence {
  /** Number among the plan's sentences. */
  readonly number: number;
  readonly planned: PlannedSentence;
  /** The tag first, `</s>` last; offsets into the selection. */
  readonly tokens: readonly TokenSpan[];
}

/** Why none of its sentences is for the model; `glossary` alone may give them all. */
function whyNone({ sentences }: Plan): KeepReason | 'glossary' {
  if (sentences.some(({ ready }) => ready !== undefined)) return 'glossary';
  return sentences.find(({ keep }) => keep !== 'noText')?.keep ?? 'noText';
}

/** Throws invalidArgument with `what: 'sentence'` and the `reason` if there is none, textTooLong if there are too many. */
export function inspectedSentences(plan: Plan, tokenizer: Tokenizer): InspectedSentence[] {
  const found = [...plan.sentences.entries()].filter(
    ([, { keep, ready }]) => keep === undefined && ready === undefined,
  );
  if (found.length === 0)
    throw new AppError('invalidArgument', 'There is no sentence to translate.', {
      what: 'sentence',
      reason: whyNone(plan),
    });
  if (found.length > MOST_SENTENCES)
    throw new AppError('textTooLong', `There are ${found.length} sentences.`, {
      limit: MOST_SENTENCES,
    });
  const tag = translationTag(plan.target);
  return found.map(([number, planned]) => ({
    number,
    planned,
    tokens: sentenceTokens(tokenizer, tag, planned),
  }));
}

/** Whether all of the sentences can be read together: one tag, one `</s>`. */
export function fitTogether(sentences: readonly InspectedSentence[], limit: number): boolean {
  const tokens = sentences.reduce((sum, sentence) => sum + sentence.tokens.length - 2, 2);
  const [first, last] = [sentences[0], sentences.at(-1)];
  const units = (last?.planned.end ?? 0) - (first?.planned.start ?? 0);
  return tokens <= limit && units <= MOST_UNITS;
}

/** The sentence at the cursor, or the nearest one. */
export function sentenceAt(sentences: readonly InspectedSentence[], cursor: number): number {
  let best = 0;
  let nearest = Infinity;
  sentences.forEach(({ planned }, index) => {
    const distance = Math.max(planned.start - cursor, cursor - planned.end, 0);
    if (distance < nearest) {
      nearest = distance;
      best = index;
    }
  });
  return best;
}

/**
 * Which sentence is shown, -1 for all together. Throws invalidArgument if there is no such sentence, textTooLong if what
 * was asked for does not fit.
 */
export function chooseSentence(
  sentences: readonly InspectedSentence[],
  { sentence, cursor = 0 }: Pick<InspectParams, 'sentence' | 'cursor'>,
  limit: number,
): number {
  if (sentence !== undefined && sentence >= sentences.length)
    throw new AppError('invalidArgument', `There is no sentence ${sentence}.`);
  const together = fitTogether(sentences, limit);
  if (sentence === -1 && !together) throw tooLong(limit);
  const all = sentences.length > 1 ? -1 : 0;
  const chosen = sentence ?? (together ? all : sentenceAt(sentences, cursor));
  const tokens = sentences[chosen]?.tokens.length ?? 0;
  if (chosen >= 0 && tokens > limit) throw tooLong(limit);
  return chosen === -1 ? all : chosen;
}

export function tooLong(limit: number): AppError {
  const message = `The text has more tokens than the ${limit} that the model reads at once.`;
  return new AppError('textTooLong', message, { limit });
}

/** From the number of a placeholder in one text to its number in another. */
export type Renumbering = (placeholder: string) => string;

/**
 * One numbering of the placeholders for sentences that are read together, by which the same span has the same number and no
 * other one has it. If there are more than the model knows, each sentence keeps its own.
 */
export function jointPlaceholders(
  sentences: readonly (readonly ProtectedSpan[])[],
): readonly Renumbering[] {
  const numbers = new Map<string, string>();
  const keep: Renumbering = (placeholder) => placeholder;
  const renumberings = sentences.map((spans): Renumbering => {
    const own = new Map<string, string>();
    for (const span of spans) {
      const key = keyOf(span);
      const name = numbers.get(key) ?? placeholderOf(numbers.size);
      numbers.set(key, name);
      own.set(span.placeholder, name);
    }
    return (placeholder) => own.get(placeholder) ?? placeholder;
  });
  return numbers.size > MAX_PLACEHOLDERS ? sentences.map(() => keep) : renumberings;
}

/** From the placeholders of a piece to those of the sentence it was cut from. */
export function toSentence(
  piece: readonly ProtectedSpan[],
  sentence: readonly ProtectedSpan[],
): Renumbering {
  const byKey = new Map(sentence.map((span) => [keyOf(span), span.placeholder]));
  const own = new Map(piece.map((span) => [span.placeholder, byKey.get(keyOf(span))]));
  return (placeholder) => own.get(placeholder) ?? placeholder;
}

/** What makes two spans the same, as `protectSpans` has it. */
function keyOf({ side, text }: ProtectedSpan): string {
  return `${side ?? ''}:${text}`;
}
