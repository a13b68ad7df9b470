import { throwIfAborted } from '../common/async';
import { AppError } from '../common/errors';
import type { KeptReason } from '../protocol/engine';
import type { Candidate, GenerateParams, GenerateResult } from '../protocol/tasks';
import { isEmptyOutput, isRepeating } from '../text/guards';
import { checkNumbers } from '../text/numbers';
import { compilePatterns } from '../text/patterns';
import { restore } from '../text/protect';
import { TAGS } from '../text/tags';
import { codeSource, passageSource, taskOutput, type TaskSource } from '../text/task';
import type { Tokenizer } from '../tokenizer/tokenizer';
import type { Turns } from './turns';
import type { Hypothesis, Model } from './types';

/** As in training, the tag and `</s>` included. */
const MOST_SOURCE_TOKENS = 256;
/** The longest reference of the training data's tasks has fewer; what goes on longer will not end by itself. */
const MOST_WRITTEN_TOKENS = 96;
const RETRY_BEAM = 8;

export interface WriterParts {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly turns: Turns;
}

type Judged = { readonly hypothesis: Hypothesis } & (
  | { readonly candidate: Candidate; readonly reason?: never }
  | { readonly candidate?: never; readonly reason: KeptReason }
);

/** What was read, and what the search ended with, best first. */
export interface TaskSearch {
  readonly source: TaskSource;
  readonly tag: string;
  readonly ids: readonly number[];
  readonly beam: number;
  readonly judged: readonly Judged[];
}

/** Titles, one-liners and explanations: one text, several candidates, each checked before it is believed. */
export class Writer {
  constructor(private readonly parts: WriterParts) {}

  /** Throws cancelled, inferenceFailed, invalidArgument (a bad pattern), tokenizerInvalid (no tag for the task). */
  async generate(params: GenerateParams, signal?: AbortSignal): Promise<GenerateResult> {
    const found = await this.search(params, signal);
    if (typeof found === 'string') return { candidates: [], refused: found, cut: false };
    const { judged, source } = found;
    const candidates = candidatesOf(judged).slice(0, params.nBest);
    return {
      candidates,
      cut: source.cut,
      ...(candidates.length === 0 ? { refused: judged[0]?.reason ?? 'noOutput' } : {}),
    };
  }

  /** The search with all its ends, or why there was none. Throws as generate. */
  async search(params: GenerateParams, signal?: AbortSignal): Promise<TaskSearch | KeptReason> {
    throwIfAborted(signal);
    const source = this.source(params);
    if (!source) return 'noText';
    const ids = this.encode(params, source.text);
    if (ids.length > this.limit) return 'tooLong';
    const tag = TAGS[params.task][params.language];
    const { beam } = params.decoding;
    const judged = await this.write(ids, source, params, beam, signal);
    const found = { source, tag, ids, beam, judged };
    if (candidatesOf(judged).length > 0) return found;
    const retry = Math.max(RETRY_BEAM, 2 * beam);
    const wider = await this.write(ids, source, params, retry, signal);
    return candidatesOf(wider).length > 0 ? { ...found, beam: retry, judged: wider } : found;
  }

  private source(params: GenerateParams): TaskSource | undefined {
    const { task, text } = params;
    const patterns = compilePatterns(params.protectPatterns);
    if (task === 'explain') {
      const code = codeSource(text);
      return code === '' ? undefined : { text: code, spans: [], places: [], cut: false };
    }
    return passageSource(
      text,
      patterns,
      (passage) => this.encode(params, passage).length <= this.limit,
    );
  }

  private get limit(): number {
    return Math.min(this.parts.model.encodeLimit, MOST_SOURCE_TOKENS);
  }

  private encode({ task, language }: GenerateParams, text: string): readonly number[] {
    const { tokenizer } = this.parts;
    const tag = TAGS[task][language];
    if (tokenizer.tokenToId(tag) === undefined) {
      throw new AppError('tokenizerInvalid', `The vocabulary has no ${tag}.`, { token: tag });
    }
    return tokenizer.encode(`${tag} ${text}`).ids;
  }

  private async write(
    ids: readonly number[],
    source: TaskSource,
    params: GenerateParams,
    beam: number,
    signal: AbortSignal | undefined,
  ): Promise<Judged[]> {
    const { model, tokenizer, turns } = this.parts;
    const release = await turns.take(ids.length, signal, params.priority);
    let hypotheses: Hypothesis[] | undefined;
    try {
      [hypotheses] = await model.generate([ids], {
        beam,
        nBest: beam,
        lengthPenalty: params.decoding.lengthPenalty,
        maxTokens: Math.min(params.decoding.maxTokens, MOST_WRITTEN_TOKENS),
        ...(signal ? { signal } : {}),
      });
    } finally {
      release();
    }
    throwIfAborted(signal);
    return (hypotheses ?? []).map((hypothesis) => ({
      hypothesis,
      ...judge(hypothesis, tokenizer.decode(hypothesis.ids), source, params),
    }));
  }
}

function judge(
  hypothesis: Hypothesis,
  written: string,
  source: TaskSource,
  { task, language }: GenerateParams,
): { readonly candidate: Candidate } | { readonly reason: KeptReason } {
  if (!hypothesis.ended) return { reason: 'runaway' };
  if (isEmptyOutput(written) || written.includes('\uFFFD')) return { reason: 'noOutput' };
  if (isRepeating(written, source.text) || hasDouble(written, source.text)) {
    return { reason: 'repeated' };
  }
  const text = taskOutput(written, source.spans, language);
  if (text === undefined) return { reason: 'spanLost' };
  const numbers = checkNumbers(source.text, written);
  // A translation says everything; elsewhere spans and numbers may be left out, never made up.
  if (task === 'translate') {
    if (!restore(written, source.spans).ok) return { reason: 'spanLost' };
    if (!numbers.ok) return { reason: 'numberChanged' };
  } else if (numbers.extra.length > 0) return { reason: 'numberChanged' };
  return {
    candidate: { text, logProbability: hypothesis.logProbability / hypothesis.ids.length },
  };
}

/** A word twice in a row (`cache cache`), which a short text seldom means. */
function hasDouble(text: string, source: string): boolean {
  const double = /(?<![\p{L}\p{N}])(\p{L}{3,}) \1(?![\p{L}\p{N}])/iu.exec(text)?.[0];
  return double !== undefined && !source.toLowerCase().includes(double.toLowerCase());
}

function candidatesOf(judged: readonly Judged[]): Candidate[] {
  const seen = new Map<string, Candidate>();
  for (const { candidate } of judged) {
    if (candidate && !seen.has(candidate.text)) seen.set(candidate.text, candidate);
  }
  return [...seen.values()];
}
