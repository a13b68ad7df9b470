import { Deferred, onAbort } from '../common/async';
import type { GlossaryEntry } from '../common/glossary';
import { DisposableStore, type Disposable, toDisposable } from '../common/disposable';
import { type AppError, cancelled, isCancelled, toAppError } from '../common/errors';
import type { Language } from '../common/language';
import type { Logger } from '../common/logger';
import type {
  AlignResult,
  AlternativesResult,
  DecodingOptions,
  DeviceReport,
  EngineParams,
  EngineResult,
  EngineStatus,
  InspectParams,
  LoadParams,
  ModelInfo,
  Priority,
  TextResult,
  TranslateResult,
} from '../protocol/engine';
import type { AttentionAnswer, AttentionQuery } from '../protocol/attentionQueries';
import type { AttentionRun } from '../protocol/attentionRun';
import { Glossary } from '../text/glossary';
import { AnswerCache, answerKey } from './answers';
import type { EngineClient, EngineClientState } from './engine/client';
import type {
  InspectRequest,
  Progress,
  ServiceState,
  TranslationRequest,
} from './translationTypes';

/** Most target tokens of one sentence: what the model's positions hold. */
const MAX_TOKENS = 256;
/** Neither short nor long hypotheses are favoured beyond their mean log-probability. */
const LENGTH_PENALTY = 1;
/** The editor's own cache holds whole answers, of which there are few beside the sentences that the engine keeps. */
const ANSWER_SHARE = 1 / 8;

export type * from './translationTypes';

/**
 * The one way from the editor to the engine: loads the model the settings name before the first translation, follows
 * what the engine says of itself, and knows the calls under way so that one command can cancel them.
 */
export class TranslationService implements Disposable {
  private readonly store = new DisposableStore();
  private readonly listeners = new Set<(state: ServiceState) => void>();
  private readonly progress = new Map<number, (progress: Progress) => void>();
  private readonly running = new Map<AbortController, Priority>();
  private readonly answers = new AnswerCache();
  private nextCall = 1;
  private loading: { key: string; info: Promise<ModelInfo> } | undefined;
  private loadedKey: string | undefined;
  private model: ModelInfo | undefined;
  private inMemory = false;
  private failure: AppError | undefined;

  private client: EngineClient | undefined;
  private connecting: Promise<EngineClient> | undefined;

  constructor(
    /** Makes the client of the engine; called at the first use, so that activation does not pay for the channel's code. */
    private readonly makeClient: () => Promise<EngineClient>,
    private readonly readParams: () => LoadParams,
    private readonly logger: Logger,
    /** The user's terms, honoured in whatever is translated. */
    private readonly glossary: () => readonly GlossaryEntry[] = () => [],
  ) {}

  get state(): ServiceState {
    const model = this.model ? { model: this.model } : {};
    if (this.loading) return { phase: 'loading', ...model };
    if (this.commands > 0) return { phase: 'busy', ...model };
    if (this.failure) return { phase: 'failed', error: this.failure, ...model };
    if (this.inMemory) return { phase: 'ready', ...model };
    return { phase: this.model ? 'unloaded' : 'off', ...model };
  }

  get enginePid(): number | undefined {
    return this.client?.pid;
  }

  onState(listener: (state: ServiceState) => void): Disposable {
    this.listeners.add(listener);
    return toDisposable(() => this.listeners.delete(listener));
  }

  /** The answer as far as it needs no engine: every text was translated before, by this model with these options. */
  peek(request: TranslationRequest): readonly TextResult[] | undefined {
    const model = this.boundAnswers();
    const known: TextResult[] = [];
    for (const text of request.texts) {
      const answer = this.answers.get(answerKey(model, request, text));
      if (!answer) return undefined;
      known.push(answer);
    }
    return known;
  }

  /** Rejects with AppError; `cancelled` at once when the signal fires. */
  async translate(
    request: TranslationRequest,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void = () => undefined,
  ): Promise<TranslateResult> {
    const priority = request.priority ?? 'command';
    const call = this.nextCall++;
    const params = {
      call,
      texts: request.texts,
      target: request.target,
      decoding: decodingOf(request),
      protectPatterns: request.protectPatterns,
      glossary: this.glossary(),
      stream: false,
      priority,
    };
    this.progress.set(call, onProgress);
    try {
      return await this.underWay(priority, signal, async (client, given) => {
        const result = await client.request('translate', params, given);
        this.remember(request, result.results);
        this.logger.log(
          priority === 'command' ? 'info' : 'debug',
          `Translated ${result.sentences} sentences (${result.fromCache} from the cache), ` +
            `${result.sourceTokens} to ${result.targetTokens} tokens, in ${Math.round(result.milliseconds)} ms.`,
        );
        return result;
      });
    } finally {
      this.progress.delete(call);
    }
  }

  /** Titles, explanations, summaries. Under way like a translation: one command cancels both. Rejects with AppError. */
  async ask<M extends 'generate' | 'summarize'>(
    method: M,
    params: EngineParams<M>,
    signal: AbortSignal,
  ): Promise<EngineResult<M>> {
    return this.underWay(params.priority ?? 'command', signal, (client, given) =>
      client.request(method, params, given),
    );
  }

  /** Work with the loaded model that Cancel ends, and that shows as busy if a command asked for it. */
  private async underWay<T>(
    priority: Priority,
    signal: AbortSignal,
    work: (client: EngineClient, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const abort = new AbortController();
    const detach = onAbort(signal, () => abort.abort());
    this.running.set(abort, priority);
    this.changed();
    try {
      await this.ensureLoaded(abort.signal);
      const result = await work(await this.connect(), abort.signal);
      this.failure = undefined;
      return result;
    } catch (error) {
      throw this.failed(error);
    } finally {
      detach();
      this.running.delete(abort);
      this.changed();
    }
  }

  /** Which words of a text became which of its translation. Rejects with AppError. */
  async align(request: InspectRequest, signal: AbortSignal): Promise<AlignResult> {
    return this.call('align', this.inspectParams(request), signal);
  }

  /** Other translations of a sentence, best first. Rejects with AppError. */
  async alternatives(
    request: InspectRequest,
    count: number,
    signal: AbortSignal,
  ): Promise<AlternativesResult> {
    return this.call('alternatives', { ...this.inspectParams(request), count }, signal);
  }

  /** Sentences with all their attention maps, which `attentionQuery` then gives. Rejects with AppError. */
  async inspect(request: InspectRequest, signal: AbortSignal): Promise<AttentionRun> {
    return this.call('inspect', this.inspectParams(request), signal);
  }

  private inspectParams({ beam, ...what }: InspectRequest): InspectParams {
    return { ...what, glossary: this.glossary(), decoding: decodingOf({ beam }) };
  }

  private async call<M extends 'inspect' | 'align' | 'alternatives'>(
    method: M,
    params: EngineParams<M>,
    signal: AbortSignal,
  ): Promise<EngineResult<M>> {
    try {
      await this.ensureLoaded(signal);
      return await (await this.connect()).request(method, params, signal);
    } catch (error) {
      throw this.failed(error);
    }
  }

  async attentionQuery(query: AttentionQuery, signal: AbortSignal): Promise<AttentionAnswer> {
    return (await this.connect()).request('attentionQuery', query, signal);
  }

  /**
   * Loads the model the settings name, unless that is the one loaded. Callers share one load; it goes on when one of
   * them gives up, so that the next finds the model warm.
   */
  ensureLoaded(signal?: AbortSignal): Promise<ModelInfo> {
    const params = this.readParams();
    const key = JSON.stringify(params);
    if (this.model && this.loadedKey === key) return Promise.resolve(this.model);
    if (this.loading?.key !== key) this.startLoading(key, params);
    const outcome = new Deferred<ModelInfo>();
    const detach = onAbort(signal, () => outcome.reject(cancelled()));
    this.loading?.info.then(
      (info) => outcome.resolve(info),
      (error: unknown) => outcome.reject(error),
    );
    return outcome.promise.finally(detach);
  }

  /** A device that was lost is tried again at the next load: the user has chosen it anew. */
  forgetLostDevice(): void {
    if (this.model?.lost) this.loadedKey = undefined;
  }

  /** Aborts every translation under way; tells how many of them a command had asked for. */
  cancelAll(): number {
    const { commands } = this;
    for (const call of [...this.running.keys()]) call.abort();
    return commands;
  }

  /** Ends the engine, for what only a new process sees; the next call starts it and loads the model. */
  async restartEngine(): Promise<void> {
    this.loadedKey = undefined;
    await this.client?.stop();
  }

  /** Lets the weights go; the next translation loads them again. Starts no engine for it. */
  async unload(): Promise<boolean> {
    if (this.client?.state !== 'running') return false;
    const { freed } = await this.client.request('unload', {});
    this.inMemory = false;
    this.changed();
    return freed;
  }

  async testDevices(signal: AbortSignal): Promise<readonly DeviceReport[]> {
    await this.ensureLoaded(signal);
    return (await this.connect()).request('devices', {}, signal);
  }

  /** What the engine says of itself; undefined if it does not run, for asking must not start it. */
  async engineStatus(): Promise<EngineStatus | undefined> {
    if (this.client?.state !== 'running') return undefined;
    return this.client.request('status', {});
  }

  /** The user's terms, for whoever puts them in without the engine. */
  terms(target: Language): Glossary {
    return new Glossary(this.glossary(), target);
  }

  /** What was translated with other terms is no answer any more. */
  glossaryChanged(): void {
    this.answers.clear();
  }

  /** Applies changed settings now if a model is in memory; otherwise the next translation does. */
  async settingsChanged(): Promise<void> {
    if (this.loadedKey === JSON.stringify(this.readParams())) return;
    this.failure = undefined;
    if (this.inMemory || this.loading) await this.ensureLoaded();
    else this.changed();
  }

  dispose(): void {
    this.cancelAll();
    this.store.dispose();
    this.listeners.clear();
  }

  private get commands(): number {
    return [...this.running.values()].filter((priority) => priority === 'command').length;
  }

  private remember(request: TranslationRequest, results: readonly TextResult[]): void {
    const model = this.boundAnswers();
    request.texts.forEach((text, index) => {
      const answer = results[index];
      if (answer) this.answers.set(answerKey(model, request, text), answer);
    });
  }

  /** Follows the setting of the cache; gives the model's part of the keys. */
  private boundAnswers(): string {
    const params = this.readParams();
    this.answers.bound(params.cacheBytes * ANSWER_SHARE);
    return params.modelPath;
  }

  private connect(): Promise<EngineClient> {
    this.connecting ??= this.makeClient().then((client) => {
      this.client = client;
      this.store.add(client);
      this.store.add(
        client.onNotification('progress', ({ call, done, total }) =>
          this.progress.get(call)?.({ done, total }),
        ),
      );
      this.store.add(
        client.onNotification('log', ({ level, message }) => this.logger.log(level, message)),
      );
      this.store.add(client.onNotification('state', (status) => this.follow(status)));
      this.store.add(client.onState((state) => this.followProcess(state)));
      return client;
    });
    return this.connecting;
  }

  private followProcess(state: EngineClientState): void {
    if (state === 'stopped' || state === 'failed') this.inMemory = false;
    this.changed();
  }

  private startLoading(key: string, params: LoadParams): void {
    const load = this.connect().then((client) => client.request('load', params));
    const info = load.then(
      (model) => {
        this.loadedKey = key;
        this.model = model;
        // The folder may hold another model by now.
        this.answers.clear();
        this.inMemory = true;
        this.failure = undefined;
        this.logger.log(
          'info',
          `Loaded ${model.name} (${model.precision}) on ${model.device} in ${Math.round(model.loadMilliseconds)} ms.`,
        );
        this.endLoading(key);
        return model;
      },
      (error: unknown) => {
        // The engine has let the former model go before it tried this one.
        this.loadedKey = undefined;
        this.inMemory = false;
        const failure = this.failed(error);
        this.endLoading(key);
        throw failure;
      },
    );
    // A background load has nobody waiting; its failure stands in `state`.
    info.catch(() => undefined);
    this.loading = { key, info };
    this.changed();
  }

  private endLoading(key: string): void {
    if (this.loading?.key === key) this.loading = undefined;
    this.changed();
  }

  private failed(thrown: unknown): AppError {
    const error = toAppError(thrown);
    if (!isCancelled(error)) {
      this.failure = error;
      this.logger.log('error', `${error.code}: ${error.message} ${JSON.stringify(error.data)}`);
    }
    return error;
  }

  private follow(status: EngineStatus): void {
    this.inMemory = status.state === 'ready' || status.state === 'busy';
    if (status.model) this.model = status.model;
    this.changed();
  }

  private changed(): void {
    const state = this.state;
    for (const listener of this.listeners) listener(state);
  }
}

function decodingOf({ beam }: Pick<TranslationRequest, 'beam'>): DecodingOptions {
  return { beam, lengthPenalty: LENGTH_PENALTY, maxTokens: MAX_TOKENS };
}
