import { performance } from 'node:perf_hooks';
import { AppError, toAppError } from '../common/errors';
import type { DeviceReport, EngineStatus, LoadParams, ModelInfo } from '../protocol/engine';
import type { Tokenizer } from '../tokenizer/tokenizer';
import type * as Devices from './devices';
import { modelIdentity, readModelName, readTokenizer, readUncertainBelow } from './folder';
import { TranslationCache } from './translationCache';
import type { Trial } from './trial';
import type { Turns } from './turns';
import type { Model } from './types';
import { forgetDevice } from './verdicts';

const MINUTE = 60_000;

/** A model in memory, with those that use it: it is let go after the last of them. */
interface Loaded {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly identity: string;
  readonly info: ModelInfo;
  readonly uncertainBelow?: number | undefined;
  users: number;
  retired: boolean;
}

export type LoadedModel = Omit<Loaded, 'users' | 'retired'>;

type Phase = 'empty' | 'loading' | 'ready' | 'unloaded';

/**
 * Which model is in memory. Loads are one after another; who translates keeps the model it began with until it is done;
 * a model that nobody used for a while is let go and comes back, on the same device, when it is asked for again.
 */
export class ModelKeeper {
  private phase: Phase = 'empty';
  private loaded: Loaded | undefined;
  /** The last load that succeeded, for coming back. */
  private params: LoadParams | undefined;
  private info: ModelInfo | undefined;
  private cacheValue = new TranslationCache(0);
  private idleTimer: NodeJS.Timeout | undefined;
  /** The end of the queue of loads; never rejects. */
  private lastLoad: Promise<void> = Promise.resolve();

  constructor(
    private readonly turns: Turns,
    private readonly trial: Trial,
    private readonly onState: (status: EngineStatus) => void,
  ) {}

  get cache(): TranslationCache {
    return this.cacheValue;
  }

  status(): EngineStatus {
    const busy = this.phase === 'ready' && (this.loaded?.users ?? 0) > 0;
    return {
      state: busy ? 'busy' : this.phase,
      ...(this.info ? { model: this.info } : {}),
      cacheBytes: this.cache.bytes,
      cacheEntries: this.cache.size,
      residentBytes: process.memoryUsage.rss(),
    };
  }

  /** Loads a model in place of the present one, which stays if this fails. */
  load(params: LoadParams, signal: AbortSignal): Promise<ModelInfo> {
    return this.inOrder(async () => {
      const loaded = await this.open(params, signal);
      if (params.cacheBytes !== this.params?.cacheBytes) {
        this.cacheValue = new TranslationCache(params.cacheBytes);
      }
      this.params = params;
      return loaded.info;
    });
  }

  /**
   * Runs `work` with the model, which stays in memory until it is done. A run that fails on a GPU (lost, out of memory) is
   * repeated on the CPU, where the model then stays. Throws modelNotFound if none was ever loaded.
   */
  async use<T>(signal: AbortSignal, work: (model: LoadedModel) => Promise<T>): Promise<T> {
    try {
      return await this.useOnce(signal, work);
    } catch (error) {
      if (!(await this.moveToCpu(toAppError(error), signal))) throw error;
      return this.useOnce(signal, work);
    }
  }

  /** Whether the model is on the CPU now because of this failure. */
  private moveToCpu(error: AppError, signal: AbortSignal): Promise<boolean> {
    return this.inOrder(async () => {
      const { params, info } = this;
      if (error.code !== 'inferenceFailed' || signal.aborted || !params || !info) return false;
      // Another run of the same device has been here before.
      if (info.device === 'cpu') return info.lost !== undefined;
      this.params = { ...params, lost: { device: info.device, reason: error.message } };
      await this.open(this.params, signal, info.devices);
      return true;
    });
  }

  private async useOnce<T>(
    signal: AbortSignal,
    work: (model: LoadedModel) => Promise<T>,
  ): Promise<T> {
    const loaded = await this.inOrder(async () => {
      const present = await this.present(signal);
      // Counted before the next load or unload can begin.
      present.users++;
      clearTimeout(this.idleTimer);
      return present;
    });
    try {
      return await work(loaded);
    } finally {
      loaded.users--;
      if (loaded.retired) await this.disposeUnused(loaded);
      else this.startIdleTimer();
    }
  }

  /** Tries all devices with the present model's folder. */
  async tryDevices(signal: AbortSignal): Promise<DeviceReport[]> {
    const { params, info } = this;
    if (!params || !info) throw noModel();
    const { threads, modelPath, verdictFile } = params;
    // In a turn, so that what is measured is the device and not the translation beside it.
    const release = await this.turns.take(0, signal);
    try {
      const { tryDevices } = await loadRuntime();
      return await tryDevices(modelPath, {
        threads,
        inUse: info.device,
        fresh: true,
        trial: this.trial,
        ...(verdictFile === undefined ? {} : { verdictFile }),
        onFound: () => this.onState(this.status()),
        signal,
      });
    } finally {
      release();
    }
  }

  /** Lets the weights go as soon as nobody uses them. */
  unload(): Promise<boolean> {
    return this.inOrder(async () => {
      const { loaded } = this;
      if (!loaded) return false;
      clearTimeout(this.idleTimer);
      await this.retire(loaded);
      this.setPhase('unloaded');
      return true;
    });
  }

  private async present(signal: AbortSignal): Promise<Loaded> {
    if (this.loaded) return this.loaded;
    if (!this.params || !this.info) throw noModel();
    // Back to the device that was found best, without trying them all again.
    return this.open({ ...this.params, device: this.info.device }, signal, this.info.devices);
  }

  private async open(
    params: LoadParams,
    signal: AbortSignal,
    known?: readonly DeviceReport[],
  ): Promise<Loaded> {
    const before = this.phase;
    this.setPhase('loading');
    let release = (): void => undefined;
    try {
      const start = performance.now();
      const { modelPath, threads, lost, verdictFile } = params;
      const device = lost ? 'cpu' : params.device;
      if (lost && verdictFile !== undefined) await forgetDevice(verdictFile, lost.device);
      const identity = await modelIdentity(modelPath);
      const tokenizer = await readTokenizer(modelPath);
      const { openBestModel } = await loadRuntime();
      release = await this.turns.take(0, signal);
      const opened = await openBestModel(modelPath, {
        device,
        threads,
        trial: this.trial,
        ...(verdictFile === undefined ? {} : { verdictFile }),
        onFound: () => this.onState(this.status()),
        signal,
      });
      const { model } = opened;
      const { config } = model;
      const info: ModelInfo = {
        modelPath,
        name: await readModelName(modelPath),
        device: model.device,
        precision: model.precision,
        parameters: model.parameters,
        encoderLayers: config.encoder.layers,
        decoderLayers: config.decoder.layers,
        heads: config.encoder.heads,
        modelSize: config.modelSize,
        vocabularySize: config.vocabularySize,
        loadMilliseconds: performance.now() - start,
        devices: known && model.device === device ? known : opened.reports,
        ...(lost ? { lost } : {}),
      };
      const previous = this.loaded;
      const loaded: Loaded = {
        model,
        tokenizer,
        identity: `${identity}\n${model.device}\n${model.precision}`,
        info,
        uncertainBelow: await readUncertainBelow(modelPath),
        users: 0,
        retired: false,
      };
      this.loaded = loaded;
      this.info = info;
      if (previous) await this.retire(previous);
      this.setPhase('ready');
      this.startIdleTimer(params.idleUnloadMinutes);
      return loaded;
    } catch (error) {
      this.setPhase(before);
      throw error;
    } finally {
      release();
    }
  }

  private async retire(loaded: Loaded): Promise<void> {
    loaded.retired = true;
    if (this.loaded === loaded) this.loaded = undefined;
    await this.disposeUnused(loaded);
  }

  private async disposeUnused(loaded: Loaded): Promise<void> {
    if (loaded.users === 0) await loaded.model.dispose();
  }

  private startIdleTimer(minutes = this.params?.idleUnloadMinutes ?? 0): void {
    clearTimeout(this.idleTimer);
    if (minutes === 0 || (this.loaded?.users ?? 0) > 0) return;
    this.idleTimer = setTimeout(() => void this.unloadIfIdle(), minutes * MINUTE);
  }

  private async unloadIfIdle(): Promise<void> {
    if ((this.loaded?.users ?? 0) === 0) await this.unload();
  }

  private inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.lastLoad.then(work);
    this.lastLoad = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  private setPhase(phase: Phase): void {
    if (this.phase === phase) return;
    this.phase = phase;
    this.onState(this.status());
  }
}

/**
 * The native runtime comes with the first model, not with the process: the host's first question is answered sooner, and a
 * runtime that does not fit this machine (an old libc, a file missing) is an error of the load instead of a failed start.
 */
async function loadRuntime(): Promise<typeof Devices> {
  try {
    return await import('./devices');
  } catch (error) {
    const { message } = toAppError(error);
    throw new AppError('deviceUnavailable', message, { detail: message }, { cause: error });
  }
}

function noModel(): AppError {
  return new AppError('modelNotFound', 'No model was loaded.');
}
