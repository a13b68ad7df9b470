/** What the engine does with a text besides translating it: titles, one-liners, explanations, summaries. */
import type { Language, TargetLanguage } from '../common/language';
import type { DecodingOptions, KeptReason, Priority } from './decoding';

/**
 * `title`: a heading or commit subject for a passage. `oneLine`: what a comment or page is about, in a sentence.
 * `explain`: what a command or a line of code does, in a sentence. `translate`: several translations of a phrase, of which
 * `translate` of the engine gives the best.
 */
export type GenerationTask = 'title' | 'oneLine' | 'explain' | 'translate';

/** Tasks whose attention can be looked at as a translation's. */
export const INSPECT_TASKS = ['title', 'oneLine'] as const satisfies GenerationTask[];
export type InspectTaskName = (typeof INSPECT_TASKS)[number];

export interface InspectTask {
  readonly name: InspectTaskName;
  /** Which of the texts that the search found; absent: the best. */
  readonly written?: string;
}

export interface GenerateParams {
  readonly task: GenerationTask;
  /** Of what is written. For titles and one-liners the model was trained with text of the same language only. */
  readonly language: Language;
  readonly text: string;
  readonly decoding: DecodingOptions;
  /** Candidates wanted, at most `decoding.beam`. */
  readonly nBest: number;
  /** Regular expressions of spans, in addition to the built-in ones, that must come out unchanged or not at all. */
  readonly protectPatterns: readonly string[];
  readonly priority?: Priority;
}

export interface Candidate {
  readonly text: string;
  /** Mean per target token, nats. */
  readonly logProbability: number;
}

export interface GenerateResult {
  /** Best first, no two alike. Empty exactly when `refused` is there. */
  readonly candidates: readonly Candidate[];
  /** Why the best of what the model wrote may not stand, or why it was not asked. */
  readonly refused?: KeptReason;
  /** Only the beginning of the text was read: the model takes no more at once. */
  readonly cut: boolean;
}

export interface SummarizeParams {
  readonly text: string;
  /** Most sentences of the summary, 1 to 5. */
  readonly sentences: number;
  /** Of the text; `auto` looks at it. */
  readonly language: TargetLanguage;
  readonly priority?: Priority;
}

/** A sentence of the text, in UTF-16 units; what stands between may hold line ends and marks of comments. */
export interface SummarySentence {
  readonly start: number;
  readonly end: number;
  /** The sentence on one line, without marks. */
  readonly text: string;
  /** Its share of the centrality of all sentences, 0 to 1. */
  readonly score: number;
}

export interface SummarizeResult {
  readonly language: Language;
  /** In the order of the text. Empty where there is no sentence. */
  readonly sentences: readonly SummarySentence[];
  /** Sentences of the text. */
  readonly total: number;
}
