import { performance } from 'node:perf_hooks';
import { openBestModel } from '../engine/devices';
import { readTokenizer } from '../engine/folder';
import { openModel } from '../engine/model';
import type { Model } from '../engine/types';
import type { DeviceReport } from '../protocol/engine';
import type { Tokenizer } from '../tokenizer/tokenizer';
import type { ModelOptions } from './arguments';
import { modelFolder } from './modelFolder';
import { deviceVerdicts } from './cacheFolder';

/** A model that is ready, with what its folder says. */
export interface Session {
  readonly folder: string;
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly reports: readonly DeviceReport[];
  readonly loadMilliseconds: number;
}

/** Opens the model on the device asked for, and on no other if that one was named. Throws the engine's coded errors. */
export async function openSession(options: ModelOptions): Promise<Session> {
  const folder = modelFolder(options);
  const start = performance.now();
  const tokenizer = await readTokenizer(folder);
  const verdictFile = deviceVerdicts();
  const { model, reports } = await openBestModel(folder, { ...options, strict: true, verdictFile });
  return { folder, model, tokenizer, reports, loadMilliseconds: performance.now() - start };
}

/**
 * Opens the model as the reference computes it: float32 whatever the checkpoint stores (int8 stays int8), and the CPU
 * unless a device is named, because devices round differently.
 */
export async function openReferenceSession(options: ModelOptions): Promise<Session> {
  const folder = modelFolder(options);
  const start = performance.now();
  const tokenizer = await readTokenizer(folder);
  const device = options.device === 'auto' ? 'cpu' : options.device;
  const model = await openModel(folder, { device, threads: options.threads, precision: 'fp32' });
  return { folder, model, tokenizer, reports: [], loadMilliseconds: performance.now() - start };
}
