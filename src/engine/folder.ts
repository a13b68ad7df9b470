import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AlignmentMode } from '../attention/alignment';
import { AppError, toAppError } from '../common/errors';
import { Tokenizer } from '../tokenizer/tokenizer';

/** The model that comes with the program, from the folder its bundle is in (`dist`). */
export function defaultModelFolder(bundleFolder: string): string {
  return join(bundleFolder, '..', 'models', 'default');
}

/** Throws modelNotFound, tokenizerInvalid. */
export async function readTokenizer(folder: string): Promise<Tokenizer> {
  const json = await readJson(join(folder, 'tokenizer.json'), 'tokenizerInvalid');
  return Tokenizer.fromJson(json);
}

/** The name config.json gives the model, else the folder's. Throws modelNotFound, modelConfigInvalid. */
export async function readModelName(folder: string): Promise<string> {
  const config = await readJson(join(folder, 'config.json'), 'modelConfigInvalid');
  const headlight = field(config, 'headlight');
  const name = field(headlight, 'name');
  return typeof name === 'string' && name !== '' ? name : basename(folder);
}

/**
 * Tells one state of a model folder from another for the cache: a model rebuilt in place has the same path and must not
 * give the old translations. Throws modelNotFound.
 */
export async function modelIdentity(folder: string): Promise<string> {
  try {
    const { size, mtimeMs } = await stat(join(folder, 'model.safetensors'));
    return `${folder}\n${size}\n${mtimeMs}`;
  } catch (error) {
    throw notFound(join(folder, 'model.safetensors'), error);
  }
}

/**
 * The layer and row of cross-attention that align this model's words best: what config.json says under
 * `headlight.alignment`, else the middle layer and the row that reads the token, which is where post-norm models of this
 * family align best (Chen et al. 2020). Throws modelNotFound, modelConfigInvalid.
 */
export async function readAlignment(
  folder: string,
  decoderLayers: number,
): Promise<{ layer: number; mode: AlignmentMode }> {
  const config = await readJson(join(folder, 'config.json'), 'modelConfigInvalid');
  const given = field(field(config, 'headlight'), 'alignment');
  if (given === undefined) return { layer: Math.floor((decoderLayers - 1) / 2), mode: 'input' };
  const [layer, mode] = [field(given, 'layer'), field(given, 'mode')];
  const known = typeof layer === 'number' && Number.isInteger(layer);
  if (!known || layer < 0 || layer >= decoderLayers || (mode !== 'input' && mode !== 'output'))
    throw new AppError('modelConfigInvalid', 'headlight.alignment names no layer and mode.', {
      field: 'headlight.alignment',
    });
  return { layer, mode };
}

/**
 * The mean log-probability per target token, in nats, below which a translation of this model is likelier bad than others are
 * (`models/recipe/confidence.py`): `headlight.uncertainBelow` of config.json. Absent: nothing is called uncertain. Throws
 * modelNotFound, modelConfigInvalid.
 */
export async function readUncertainBelow(folder: string): Promise<number | undefined> {
  const config = await readJson(join(folder, 'config.json'), 'modelConfigInvalid');
  const value = field(field(config, 'headlight'), 'uncertainBelow');
  if (value === undefined || typeof value === 'number') return value;
  throw new AppError('modelConfigInvalid', 'headlight.uncertainBelow is no number.', {
    field: 'headlight.uncertainBelow',
  });
}

/** SHA-256 of a file of the model's folder, in hexadecimal. Throws modelNotFound. */
export async function fileHash(folder: string, file: string): Promise<string> {
  const hash = createHash('sha256');
  const path = join(folder, file);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }))
      hash.update(chunk as Buffer);
  } catch (error) {
    throw notFound(path, error);
  }
  return hash.digest('hex');
}

async function readJson(
  path: string,
  code: 'tokenizerInvalid' | 'modelConfigInvalid',
): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw notFound(path, error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError(code, `${path}: ${toAppError(error).message}`, { path });
  }
}

function notFound(path: string, error: unknown): AppError {
  return new AppError('modelNotFound', toAppError(error).message, { path }, { cause: error });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
