import { performance } from 'node:perf_hooks';
import { throwIfAborted } from '../common/async';
import { AppError } from '../common/errors';
import type { TranslateParams, TranslateResult } from '../protocol/engine';
import { translationTag } from '../text/tags';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { Job } from './job';
import { TranslationCache } from './translationCache';
import { type TranslateEvents, TranslationRun } from './translationRun';
import { Turns } from './turns';
import type { Model } from './types';

/** Source tokens of one piece, the tag and `</s>` included: what models of this family are trained with. */
export const MOST_SOURCE_TOKENS = 256;

export interface TranslatorParts {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  /** Tells this model from others in the cache. */
  readonly identity?: string;
  readonly cache?: TranslationCache;
  /** Mean log-probability, in nats, below which a sentence is marked as uncertain. */
  readonly uncertainBelow?: number | undefined;
  /** Shared by all who use the device. */
  readonly turns?: Turns;
}

/** From texts to texts: plans, pieces, batches, and what the model wrote checked before it is believed. */
export class Translator {
  private readonly model: Model;
  private readonly tokenizer: Tokenizer;
  private readonly identity: string;
  private readonly cache: TranslationCache;
  private readonly turns: Turns;
  private readonly uncertainBelow: number;

  constructor(parts: TranslatorParts) {
    this.model = parts.model;
    this.tokenizer = parts.tokenizer;
    this.identity = parts.identity ?? '';
    this.cache = parts.cache ?? new TranslationCache(0);
    this.turns = parts.turns ?? new Turns();
    this.uncertainBelow = parts.uncertainBelow ?? -Infinity;
  }

  /**
   * Results are in the order of the texts. What cannot be translated well stands in its result as it was, with the reason.
   * Throws cancelled, inferenceFailed, invalidArgument (a bad pattern), tokenizerInvalid (a vocabulary without the tag of
   * the direction).
   */
  async translate(params: TranslateParams, events: TranslateEvents = {}): Promise<TranslateResult> {
    const start = performance.now();
    const job = await this.run(params, events);
    return { ...job.result(), milliseconds: performance.now() - start };
  }

  /** As translate, with what became of every sentence. `only`: numbers among the sentences of each text. */
  async run(
    params: TranslateParams,
    events: TranslateEvents = {},
    only?: ReadonlySet<number>,
  ): Promise<Job> {
    throwIfAborted(events.signal);
    const { model, tokenizer, identity, cache, turns } = this;
    const job = new Job(params, {
      tokenizer,
      limit: Math.min(model.encodeLimit, MOST_SOURCE_TOKENS),
      identity,
      uncertainBelow: this.uncertainBelow,
      tag: (target) => this.tag(translationTag(target)),
      recall: (key) => cache.get(key),
      ...(only ? { only } : {}),
    });
    events.onProgress?.(job.done, job.total);
    await new TranslationRun({ model, tokenizer, cache, turns }, job, params, events).finish();
    return job;
  }

  private tag(token: string): string {
    if (this.tokenizer.tokenToId(token) !== undefined) return token;
    throw new AppError('tokenizerInvalid', `The vocabulary has no ${token}.`, { token });
  }
}
