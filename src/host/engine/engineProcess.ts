import { type ChildProcess, fork } from 'node:child_process';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageWriter,
  type MessageConnection,
  ResponseError,
} from 'vscode-jsonrpc/node';
import { Deferred, onAbort } from '../../common/async';
import { AppError, type ErrorCode, toAppError } from '../../common/errors';
import type { Logger } from '../../common/logger';
import type { EngineMethod, EngineParams, EngineResult } from '../../protocol/engine';
import { readWireError, resultReaders } from '../../protocol/engineGuards';
import { CheckedMessageReader } from './channel';
import { SilenceWatch } from './silenceWatch';

/** What is kept of the child's stderr: enough for the runtime's last words. */
const STDERR_KEPT = 8192;
/**
 * The engine's young objects are few but hold tensors outside the heap: with V8's own 16 MiB so many stay alive that the process
 * grows by 18 % over 20,000 translations.
 */
const YOUNG_GENERATION = '--max-semi-space-size=2';
/** glibc raises these by itself, to 32 MiB and more, and then keeps what large tensors leave behind. Others ignore them. */
const ALLOCATOR = { MALLOC_MMAP_THRESHOLD_: '1048576', MALLOC_TRIM_THRESHOLD_: '1048576' };
/** Time between the first sign of the end and the report of it. */
const LAST_WORDS_MS = 250;

export interface EngineProcessOptions {
  readonly enginePath: string;
  readonly logger: Logger;
  readonly env?: Record<string, string>;
  readonly execArgv?: string[];
  readonly startTimeoutMs: number;
  readonly silenceTimeoutMs: number;
  readonly cancelTimeoutMs: number;
  /** Throws where the notification is not of the contract. */
  readonly onNotification: (method: string, params: unknown) => void;
  /** Called once, before any call that waits is rejected. */
  readonly onEnd: (process: EngineProcess, reason: AppError) => void;
}

/**
 * One life of the engine. Whatever ends it, first becomes `failure`, then rejects every call that waits, then kills the
 * child; a process that has failed is not used again.
 */
export class EngineProcess {
  /** Resolves when the operating system has taken the child away. */
  readonly exited: Promise<void>;
  /** Settles when the child answered for the first time; rejects with `failure`. */
  readonly ready: Promise<void>;
  failure: AppError | undefined;
  /** Whether a `load` was sent: then the host decides which model this process has, and nothing is repeated for it. */
  loadSent = false;

  private readonly child: ChildProcess;
  private readonly connection: MessageConnection;
  private readonly watch: SilenceWatch;
  private readonly exit = new Deferred<void>();
  private started = false;
  private waiting = 0;
  private stderr = '';
  private dying = 'The engine ended.';
  private dyingTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: EngineProcessOptions) {
    this.exited = this.exit.promise;
    this.watch = new SilenceWatch(options.silenceTimeoutMs, () =>
      this.fail('engineTimeout', `The engine was silent for ${options.silenceTimeoutMs} ms.`),
    );
    this.child = fork(options.enginePath, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...ALLOCATOR, ...process.env, ...options.env },
      // The host's own flags (an inspector's port above all) are not the engine's.
      execArgv: [YOUNG_GENERATION, ...(options.execArgv ?? [])],
    });
    this.followChild();
    this.connection = this.connect();
    this.ready = this.handshake();
    // Who asks waits for it; nobody waiting is no reason for an unhandled rejection.
    this.ready.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /**
   * One call. Rejects with the engine's own coded error, or with `failure` if the process ends first. The signal is
   * passed on; a cancelled call that the engine does not give up in time ends the process.
   */
  async request<M extends EngineMethod>(
    method: M,
    params: EngineParams<M>,
    signal?: AbortSignal,
  ): Promise<EngineResult<M>> {
    if (this.failure) throw this.failure;
    if (method === 'load') this.loadSent = true;
    const cancellation = new CancellationTokenSource();
    let cancelTimer: NodeJS.Timeout | undefined;
    const detach = onAbort(signal, () => {
      cancellation.cancel();
      cancelTimer = setTimeout(
        () => this.fail('engineTimeout', 'The engine did not give up a cancelled call.'),
        this.options.cancelTimeoutMs,
      );
    });
    this.waiting++;
    this.watch.start();
    try {
      const answer: unknown = await this.connection.sendRequest(method, params, cancellation.token);
      return this.readResult(method, answer);
    } catch (error) {
      throw this.failure ?? this.readError(error);
    } finally {
      detach();
      clearTimeout(cancelTimer);
      cancellation.dispose();
      this.waiting--;
      if (this.waiting === 0) this.watch.stop();
    }
  }

  /** Ends the process for a reason of the host's own. */
  kill(reason: AppError): void {
    this.finish(reason);
  }

  private async handshake(): Promise<void> {
    const timer = setTimeout(
      () => this.fail('engineStartFailed', 'The engine did not answer after its start.'),
      this.options.startTimeoutMs,
    );
    try {
      await this.request('status', {});
      this.started = true;
    } finally {
      clearTimeout(timer);
    }
  }

  private connect(): MessageConnection {
    const { logger } = this.options;
    const log = (message: string) => logger.log('debug', `engine channel: ${message}`);
    const reader = new CheckedMessageReader(this.child);
    const writer = new IPCMessageWriter(this.child);
    const connection = createMessageConnection(reader, writer, {
      error: log,
      warn: log,
      info: log,
      log,
    });
    connection.onError(([error]) => {
      if (error instanceof AppError) this.fail(error.code, error.message);
      else this.failSoon(`The channel to the engine broke: ${error.message}`);
    });
    connection.onNotification((method, params: unknown) => {
      try {
        this.options.onNotification(method, params);
      } catch (error) {
        this.fail('engineProtocol', toAppError(error).message);
      }
    });
    connection.listen();
    return connection;
  }

  private followChild(): void {
    const { child } = this;
    child.on('message', () => this.watch.heard());
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.options.logger.log('debug', `engine stdout: ${text.trimEnd()}`);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_KEPT);
      this.options.logger.log('debug', `engine stderr: ${text.trimEnd()}`);
    });
    child.on('error', (error) => {
      this.fail('engineDied', `The engine could not be run: ${error.message}`);
      // Without a process there will be no exit either.
      if (child.pid === undefined) this.exit.resolve();
    });
    child.on('exit', (code, signal) => {
      this.exit.resolve();
      this.failSoon(`The engine ended: ${signal ?? `exit code ${code}`}.`);
    });
    child.on('disconnect', () => this.failSoon('The engine closed its channel.'));
    // The last event of all: what was written to stderr has been read.
    child.on('close', () => this.fail('engineDied', this.dying));
  }

  private readResult<M extends EngineMethod>(method: M, answer: unknown): EngineResult<M> {
    try {
      return resultReaders[method](answer, method);
    } catch (error) {
      throw this.fail('engineProtocol', toAppError(error).message);
    }
  }

  private readError(error: unknown): AppError {
    if (!(error instanceof ResponseError)) return toAppError(error);
    try {
      return readWireError(error.data);
    } catch {
      return this.fail('engineProtocol', `The engine answered without a code: ${error.message}`);
    }
  }

  /**
   * The channel closes before the exit code is known, and that before the last of stderr was read: a process that seems to
   * end is given a moment to say why. The last thing known is what is told.
   */
  private failSoon(message: string): void {
    this.dying = message;
    this.dyingTimer ??= setTimeout(() => this.fail('engineDied', this.dying), LAST_WORDS_MS);
  }

  /** Ends the process by a fault. Before the first answer, dying is a failed start whatever the cause. */
  private fail(code: ErrorCode, message: string): AppError {
    const stated = code === 'engineDied' && !this.started ? 'engineStartFailed' : code;
    const detail = this.stderr.trim();
    return this.finish(new AppError(stated, message, detail ? { detail } : {}));
  }

  private finish(reason: AppError): AppError {
    if (this.failure) return this.failure;
    this.failure = reason;
    this.watch.stop();
    clearTimeout(this.dyingTimer);
    this.options.onEnd(this, reason);
    // Rejects every call that waits; `request` replaces the package's error by `failure`.
    this.connection.dispose();
    this.child.kill('SIGKILL');
    return reason;
  }
}
