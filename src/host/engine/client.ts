import { Deferred, onAbort } from '../../common/async';
import { AppError, cancelled, toAppError } from '../../common/errors';
import { type Disposable, toDisposable } from '../../common/disposable';
import type { Logger } from '../../common/logger';
import type {
  EngineMethod,
  EngineNotifications,
  EngineParams,
  EngineResult,
  DeviceName,
  LoadParams,
  ModelInfo,
} from '../../protocol/engine';
import { notificationReaders, paramsReaders } from '../../protocol/engineGuards';
import { EngineProcess } from './engineProcess';

const START_TIMEOUT_MS = 30_000;
/** Longer than the slowest honest step between two messages: creating a session, or one batch of beam search. */
const SILENCE_TIMEOUT_MS = 180_000;
const CANCEL_TIMEOUT_MS = 15_000;
/** The first run and the one after the restart. */
const MOST_ATTEMPTS = 2;

/** Which methods work on the model: a new process loads it again before it gets one of them. */
const NEEDS_MODEL: Readonly<Record<EngineMethod, boolean>> = {
  load: false,
  translate: true,
  inspect: true,
  align: true,
  alternatives: true,
  generate: true,
  summarize: true,
  // Of an inspection that the former process kept; the new one has none and says so.
  attentionQuery: false,
  status: false,
  devices: true,
  unload: false,
  clearCache: false,
};

export interface EngineClientOptions {
  readonly enginePath: string;
  readonly logger: Logger;
  /** Added to the host's environment, at every start. */
  readonly env?: Record<string, string>;
  /** As `env`, asked for at every start. */
  readonly environment?: () => Readonly<Record<string, string>>;
  readonly execArgv?: string[];
  /** Time to the first answer of a new process. */
  readonly startTimeoutMs?: number;
  /** Longest time without any message from the engine while a call is under way. */
  readonly silenceTimeoutMs?: number;
  /** Time in which the engine must give up a cancelled call, or it is killed. */
  readonly cancelTimeoutMs?: number;
}

/** `failed`: the engine ended twice for the same calls. The next request tries again; automatic ones should not be sent. */
export type EngineClientState = 'stopped' | 'starting' | 'running' | 'failed';

type NotificationName = keyof EngineNotifications;
type Listener = (value: never) => void;

interface Call {
  attempt: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The host's end of the channel. Every call settles: when the engine dies, is killed, sends nonsense or falls silent, the
 * process is ended and started once more, the last model loaded again and the call repeated (all calls may be repeated);
 * the second time the call rejects with the code of what happened. Nothing is started before the first request.
 */
export class EngineClient implements Disposable {
  private currentState: EngineClientState = 'stopped';
  private current: EngineProcess | undefined;
  private readonly alive = new Set<EngineProcess>();
  private readonly calls = new Set<Call>();
  private readonly listeners = new Map<NotificationName, Set<Listener>>();
  private readonly stateListeners = new Set<(state: EngineClientState) => void>();
  /** Ends by fault since the last call that succeeded. */
  private faults = 0;
  private lastLoad: LoadParams | undefined;
  /** Where the model is, by what the engine says. */
  private device: DeviceName = 'cpu';
  private lastFault: AppError | undefined;
  private disposed = false;

  constructor(private readonly options: EngineClientOptions) {}

  get state(): EngineClientState {
    return this.currentState;
  }

  /** Process id of the running engine, for diagnostics. */
  get pid(): number | undefined {
    return this.current?.pid;
  }

  /** Rejects with AppError: the engine's own, `cancelled` at once when the signal fires, or one of the engine codes. */
  request<M extends EngineMethod>(
    method: M,
    params: EngineParams<M>,
    signal?: AbortSignal,
  ): Promise<EngineResult<M>> {
    const outcome = new Deferred<EngineResult<M>>();
    const detach = onAbort(signal, () => outcome.reject(cancelled()));
    this.run(method, params, signal).then(
      (result) => outcome.resolve(result),
      (error: unknown) => outcome.reject(toAppError(error)),
    );
    return outcome.promise.finally(detach);
  }

  onNotification<N extends NotificationName>(
    name: N,
    listener: (value: EngineNotifications[N]) => void,
  ): Disposable {
    const set = this.listeners.get(name) ?? new Set<Listener>();
    this.listeners.set(name, set);
    set.add(listener);
    return toDisposable(() => set.delete(listener));
  }

  onState(listener: (state: EngineClientState) => void): Disposable {
    this.stateListeners.add(listener);
    return toDisposable(() => this.stateListeners.delete(listener));
  }

  /** Ends the process; calls under way reject with `cancelled`. Resolves when the child is gone. */
  async stop(): Promise<void> {
    const gone = [...this.alive].map((process) => process.exited);
    this.current?.kill(cancelled());
    await Promise.all(gone);
  }

  dispose(): void {
    this.disposed = true;
    this.current?.kill(cancelled());
    this.stateListeners.clear();
    this.listeners.clear();
  }

  private async run<M extends EngineMethod>(
    method: M,
    params: EngineParams<M>,
    signal: AbortSignal | undefined,
  ): Promise<EngineResult<M>> {
    // The same check as the engine's: what it would refuse never leaves, and what cannot be cloned is not in the result.
    const checked = paramsReaders[method](params, method) as EngineParams<M>;
    if (this.currentState === 'failed') this.faults = 0;
    const call: Call = { attempt: 0, signal };
    this.calls.add(call);
    try {
      for (;;) {
        if (signal?.aborted || this.disposed) throw cancelled();
        call.attempt++;
        const process = this.acquire();
        try {
          await process.ready;
          if (NEEDS_MODEL[method]) await this.restoreModel(process);
          const result = await process.request(method, checked, signal);
          this.faults = 0;
          if (method === 'load') this.remember(checked as LoadParams, result as ModelInfo);
          return result;
        } catch (error) {
          if (process.failure !== error || !this.mayRepeat(call, process)) throw error;
          this.options.logger.log('info', `Repeating ${method} in a new engine.`);
        }
      }
    } finally {
      this.calls.delete(call);
    }
  }

  private mayRepeat(call: Call, process: EngineProcess): boolean {
    const givenUp = call.signal?.aborted || process.failure?.code === 'cancelled';
    return !givenUp && call.attempt < MOST_ATTEMPTS && this.faults < MOST_ATTEMPTS;
  }

  /**
   * A process started after a fault has no model; the one that was loaded last comes back before the call goes out: on the
   * CPU, if the process ended while it was on a GPU, which may be lost or hang again.
   */
  private async restoreModel(process: EngineProcess): Promise<void> {
    if (!this.lastLoad || process.loadSent) return;
    const { device, lastFault } = this;
    const lost = device !== 'cpu' && lastFault && { device, reason: lastFault.message };
    const params = lost ? { ...this.lastLoad, lost } : this.lastLoad;
    this.remember(params, await process.request('load', params));
  }

  private remember(params: LoadParams, { device }: ModelInfo): void {
    this.lastLoad = params;
    this.device = device;
    this.lastFault = undefined;
  }

  private acquire(): EngineProcess {
    if (this.current) return this.current;
    const process = this.startProcess();
    this.current = process;
    this.alive.add(process);
    this.setState('starting');
    process.ready.then(
      () => {
        if (this.current === process) this.setState('running');
      },
      // `processEnded` has the reason.
      () => undefined,
    );
    void process.exited.then(() => this.alive.delete(process));
    return process;
  }

  private startProcess(): EngineProcess {
    try {
      return new EngineProcess({
        ...this.options,
        env: { ...this.options.env, ...this.options.environment?.() },
        startTimeoutMs: this.options.startTimeoutMs ?? START_TIMEOUT_MS,
        silenceTimeoutMs: this.options.silenceTimeoutMs ?? SILENCE_TIMEOUT_MS,
        cancelTimeoutMs: this.options.cancelTimeoutMs ?? CANCEL_TIMEOUT_MS,
        onNotification: (method, params) => this.notify(method, params),
        onEnd: (process, reason) => this.processEnded(process, reason),
      });
    } catch (error) {
      throw toAppError(error, 'engineStartFailed');
    }
  }

  private processEnded(process: EngineProcess, reason: AppError): void {
    this.current = undefined;
    if (reason.code === 'cancelled') {
      this.setState('stopped');
      return;
    }
    this.options.logger.log(
      'warn',
      `Engine ${process.pid ?? '?'}: ${reason.code}: ${reason.message}`,
    );
    this.faults++;
    this.lastFault = reason;
    const waiting = [...this.calls].filter((call) => !call.signal?.aborted);
    if (waiting.length === 0) this.setState('stopped');
    else if (!waiting.some((call) => this.mayRepeat(call, process))) this.setState('failed');
  }

  private notify(method: string, params: unknown): void {
    if (!Object.hasOwn(notificationReaders, method)) {
      throw new AppError('engineProtocol', `The engine sent the unknown notification ${method}.`);
    }
    const name = method as NotificationName;
    const value = notificationReaders[name](params, name);
    if ('model' in value && value.model) this.device = value.model.device;
    for (const listener of this.listeners.get(name) ?? []) {
      try {
        listener(value as never);
      } catch (error) {
        // A fault of the host's own, not the engine's.
        this.options.logger.log('error', `A listener of ${name}: ${toAppError(error).message}`);
      }
    }
  }

  private setState(state: EngineClientState): void {
    if (this.currentState === state) return;
    this.currentState = state;
    for (const listener of this.stateListeners) listener(state);
  }
}
