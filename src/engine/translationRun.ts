import { performance } from 'node:perf_hooks';
import { throwIfAborted } from '../common/async';
import { AppError } from '../common/errors';
import type { TranslateParams } from '../protocol/engine';
import { isRunaway } from '../text/guards';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { makeBatches } from './batches';
import type { Job, Task } from './job';
import { choose } from './judge';
import type { Outcome, TranslationCache } from './translationCache';
import { placeholderIds } from './placeholderRule';
import type { Turns } from './turns';
import type { DecodeOptions, Hypothesis, Model } from './types';

/** Beam of the second try; twice the first beam where that was as wide already. */
const RETRY_BEAM = 4;
const PARTIAL_INTERVAL_MS = 50;
const SIGN_OF_LIFE_MS = 1000;

export interface TranslateEvents {
  readonly signal?: AbortSignal;
  /** Sentences done, of all; also said again while nothing new is done, so that a listener knows the work goes on. */
  readonly onProgress?: (done: number, total: number) => void;
  /**
   * The text of one entry so far: done sentences, the beginning of those under way, the source of the others. Only with
   * `stream`, and with greedy decoding inside a sentence too.
   */
  readonly onPartial?: (index: number, text: string) => void;
}

export interface RunParts {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly cache: TranslationCache;
  readonly turns: Turns;
}

/** The computing of one job: batch by batch, each in its turn, what may not stand once more by a wider beam. */
export class TranslationRun {
  /** Source tokens that are not translated yet: the claim by which turns are given. */
  private remaining: number;

  constructor(
    private readonly parts: RunParts,
    private readonly job: Job,
    private readonly params: TranslateParams,
    private readonly events: TranslateEvents,
  ) {
    this.remaining = sourceTokens(job.tasks);
  }

  /** Settles every task of the job. Throws cancelled, inferenceFailed. */
  async finish(): Promise<void> {
    await this.work(this.job.tasks);
    const again = this.job.withoutTerms();
    this.remaining += sourceTokens(again);
    await this.work(again);
  }

  private async work(tasks: readonly Task[]): Promise<void> {
    const { job, events } = this;
    const { beam } = this.params.decoding;
    for (const batch of makeBatches(tasks, lengthOf, beam)) {
      const outcomes = await this.generate(batch, beam);
      const better = await this.retry(
        batch.filter((task) => outcomes.get(task)?.kind === 'kept'),
        beam < RETRY_BEAM ? RETRY_BEAM : beam * 2,
      );
      for (const task of batch) {
        const outcome = better.get(task) ?? outcomes.get(task);
        if (!outcome) throw new AppError('internal', 'The model left out a source.');
        this.parts.cache.set(task.key, outcome);
        job.settle(task, outcome);
        this.remaining -= lengthOf(task);
      }
      events.onProgress?.(job.done, job.total);
      this.sendPartial(batch);
    }
  }

  /** Gives what a wider beam translated; a second failure leaves the first outcome. */
  private async retry(tasks: readonly Task[], beam: number): Promise<Map<Task, Outcome>> {
    const better = new Map<Task, Outcome>();
    for (const batch of makeBatches(tasks, lengthOf, beam)) {
      for (const [task, outcome] of await this.generate(batch, beam)) {
        if (outcome.kind === 'translated') better.set(task, outcome);
      }
    }
    return better;
  }

  private async generate(batch: readonly Task[], beam: number): Promise<Map<Task, Outcome>> {
    const { model, tokenizer, turns } = this.parts;
    const { signal } = this.events;
    const release = await turns.take(this.remaining, signal, this.params.priority);
    let rows: Hypothesis[][];
    try {
      const sources = batch.map(({ piece }) => piece.ids);
      rows = await model.generate(sources, this.decodeOptions(batch, beam));
    } finally {
      release();
    }
    throwIfAborted(signal);
    const decode = (ids: readonly number[]) => tokenizer.decode(ids);
    return new Map(batch.map((task, row) => [task, choose(task.piece, rows[row] ?? [], decode)]));
  }

  private decodeOptions(batch: readonly Task[], beam: number): DecodeOptions {
    const { lengthPenalty, maxTokens, wholeVocabulary } = this.params.decoding;
    const { signal } = this.events;
    return {
      beam,
      nBest: beam,
      lengthPenalty,
      shortlist: wholeVocabulary !== true,
      placeholders: placeholderIds(this.parts.tokenizer),
      maxTokens: mostTokens(Math.max(...batch.map(lengthOf)), maxTokens),
      ...(signal ? { signal } : {}),
      ...(beam === 1 ? { onStep: this.follow(batch) } : {}),
    };
  }

  /** Listens to greedy steps: partial text if it is wanted, else a sign of life now and then. */
  private follow(batch: readonly Task[]): NonNullable<DecodeOptions['onStep']> {
    const { job, params, events } = this;
    const interval = params.stream ? PARTIAL_INTERVAL_MS : SIGN_OF_LIFE_MS;
    let last = params.stream ? -Infinity : performance.now();
    return (rows) => {
      const now = performance.now();
      if (now - last < interval) return;
      last = now;
      if (!params.stream) {
        events.onProgress?.(job.done, job.total);
        return;
      }
      const begun: Task[] = [];
      for (const { row, ids } of rows) {
        const task = batch[row];
        if (!task) continue;
        job.write(task, this.parts.tokenizer.decode(ids));
        begun.push(task);
      }
      this.sendPartial(begun);
    };
  }

  private sendPartial(tasks: readonly Task[]): void {
    const { onPartial } = this.events;
    if (!this.params.stream || !onPartial) return;
    for (const index of this.job.textsOf(tasks)) onPartial(index, this.job.partialText(index));
  }
}

/** No more steps than after which the longest of a batch counts as running away. */
function mostTokens(longest: number, asked: number): number {
  let most = Math.min(longest, asked);
  while (most < asked && !isRunaway(longest, most)) most++;
  return most;
}

function sourceTokens(tasks: readonly Task[]): number {
  return tasks.reduce((sum, task) => sum + lengthOf(task), 0);
}

function lengthOf({ piece }: Task): number {
  return piece.ids.length;
}
