/** What several methods of the contract have in common: how the model is asked, and why it is not believed. */

/** Most hypotheses of a search; no honest caller wants more. */
export const MOST_BEAM = 64;

export interface DecodingOptions {
  /** 1 is greedy. */
  readonly beam: number;
  /** Exponent of the hypothesis length that its log-probability is divided by. */
  readonly lengthPenalty: number;
  /** Most target tokens of one sentence. */
  readonly maxTokens: number;
  /** Translations weigh every piece of the vocabulary at each step, not only those of the model's shortlist. */
  readonly wholeVocabulary?: boolean;
}

/**
 * Who waits: someone who looks at a hover, someone who gave a command, or nobody yet. Hovers go first, what runs in the
 * background goes when nothing else waits.
 */
export type Priority = 'hover' | 'command' | 'background';

/** Why a sentence stands in the result as it was. */
export type KeptReason =
  /** Nothing to translate: code, numbers, marks only. */
  | 'noText'
  | 'alreadyTarget'
  /** The model lost or doubled a protected span, twice. */
  | 'spanLost'
  /** The numbers of the output were not those of the source, twice. */
  | 'numberChanged'
  /** The output repeated itself. */
  | 'repeated'
  /** The output was far longer than the source, or did not end. */
  | 'runaway'
  /** The model wrote nothing, or bytes that are no text. */
  | 'noOutput'
  /** Longer than the model's positions, with no place to split. */
  | 'tooLong';
