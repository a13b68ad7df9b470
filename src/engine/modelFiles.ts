import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../common/errors';
import type { TransformerConfig } from '../transformer/config';
import { parseMarianConfig } from '../transformer/marianConfig';
import {
  HEADER_START,
  headerLength,
  parseSafetensors,
  weightsError,
  type Weights,
} from '../transformer/weights';

export const WEIGHTS_FILE = 'model.safetensors';

export interface ModelFiles {
  readonly config: TransformerConfig;
  readonly weights: Weights;
}

/**
 * Reads what describes a model folder: config.json, generation_config.json if there is one, and the header of
 * model.safetensors; not the weights. Throws modelNotFound, modelConfigInvalid, modelWeightsInvalid.
 */
export async function readModelFiles(folder: string): Promise<ModelFiles> {
  const config = await readJson(folder, 'config.json');
  if (config === undefined) throw notFound(folder, 'config.json');
  const generation = await readJson(folder, 'generation_config.json');
  return { config: parseMarianConfig(config, generation), weights: await readWeights(folder) };
}

async function readWeights(folder: string): Promise<Weights> {
  const file = await open(join(folder, WEIGHTS_FILE)).catch((error: unknown) => {
    throw isMissing(error) ? notFound(folder, WEIGHTS_FILE) : error;
  });
  try {
    const { size } = await file.stat();
    const start = new Uint8Array(HEADER_START);
    const { bytesRead } = await file.read(start, 0, start.length, 0);
    const length = headerLength(start.subarray(0, bytesRead), size);
    const header = new Uint8Array(HEADER_START + length);
    let filled = 0;
    while (filled < header.length) {
      const read = await file.read(header, filled, header.length - filled, filled);
      if (read.bytesRead === 0) throw weightsError('header', 'is cut off');
      filled += read.bytesRead;
    }
    return parseSafetensors(header, size);
  } finally {
    await file.close();
  }
}

/** Undefined where there is no such file. */
async function readJson(folder: string, name: string): Promise<unknown> {
  const path = join(folder, name);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('modelConfigInvalid', `${path} is not JSON`, { field: name });
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function notFound(folder: string, name: string): AppError {
  return new AppError('modelNotFound', `There is no ${name} in ${folder}`, { folder, file: name });
}
