import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, toAppError } from '../common/errors';
import { anInteger, anObject, aString, arrayOf } from '../protocol/shape';

/** Names the folder with the installed libraries to the engine's process. */
export const CUDA_VARIABLE = 'HEADLIGHT_CUDA';

/** What loads the provider: a copy of it lies beside the provider, for there the runtime looks for its providers. */
export const BINDING = 'onnxruntime_binding.node';
export const BINDING_FILES = [BINDING, 'libonnxruntime.so.1'] as const;
/** What the archive brings. */
export const CUDA_PROVIDER = 'libonnxruntime_providers_cuda.so';
export const PROVIDER_FILES = ['libonnxruntime_providers_shared.so', CUDA_PROVIDER] as const;

/** Written last: a folder without it is none that was installed. */
const RECORD = 'installed.json';
const CHUNK_BYTES = 1 << 20;

export interface InstalledFile {
  readonly name: string;
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** What was installed: whoever loads the files compares them with it first. */
export interface Installation {
  /** Of onnxruntime-node. */
  readonly version: string;
  /** Where the archive came from, and what it was. */
  readonly source: string;
  readonly archiveSha256: string;
  readonly files: readonly InstalledFile[];
}

const installation = anObject({
  version: aString,
  source: aString,
  archiveSha256: aString,
  files: arrayOf(anObject({ name: aString, bytes: anInteger(0), sha256: aString }), 16),
});

export function recordPath(folder: string): string {
  return join(folder, RECORD);
}

/** Undefined where nothing is installed. Throws AppError archiveInvalid where the record cannot be read. */
export function readInstallation(folder: string): Installation | undefined {
  let text: string;
  try {
    text = readFileSync(recordPath(folder), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw damaged(folder, RECORD, error);
  }
  try {
    return installation(JSON.parse(text), RECORD);
  } catch (error) {
    throw damaged(folder, RECORD, error);
  }
}

/**
 * Throws AppError archiveInvalid unless each of `names` is the file that was installed. Blocks: for what must be known before
 * the next line runs.
 */
export function checkFilesNow(
  folder: string,
  { files }: Installation,
  names: readonly string[],
): void {
  for (const name of names) compare(folder, name, files, hashNow(join(folder, name)));
}

/** As `checkFilesNow`, for large files: nothing else waits meanwhile. */
export async function checkFiles(
  folder: string,
  { files }: Installation,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const sha256 = await hashFile(join(folder, name)).catch(() => undefined);
    compare(folder, name, files, sha256);
  }
}

/** `sha256` is undefined where the file cannot be read. */
function compare(
  folder: string,
  name: string,
  files: Installation['files'],
  sha256: string | undefined,
): void {
  const expected = files.find((file) => file.name === name);
  if (!expected || sha256 !== expected.sha256) throw damaged(folder, name);
}

/** SHA-256 of a file in hexadecimal digits. Rejects when it cannot be read or the signal fires. */
export async function hashFile(
  path: string,
  signal?: AbortSignal,
  algorithm: 'sha256' | 'sha512' = 'sha256',
): Promise<string> {
  const hash = createHash(algorithm);
  const options = { highWaterMark: CHUNK_BYTES, ...(signal ? { signal } : {}) };
  for await (const chunk of createReadStream(path, options)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function hashNow(path: string): string | undefined {
  let file: number | undefined;
  try {
    const hash = createHash('sha256');
    const chunk = Buffer.alloc(CHUNK_BYTES);
    file = openSync(path, 'r');
    for (let left = statSync(path).size; left > 0;) {
      const read = readSync(file, chunk);
      if (read === 0) break;
      hash.update(chunk.subarray(0, read));
      left -= read;
    }
    return hash.digest('hex');
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function damaged(folder: string, name: string, cause?: unknown): AppError {
  const detail = cause === undefined ? '' : ` (${toAppError(cause).message})`;
  return new AppError(
    'archiveInvalid',
    `${name} in ${folder} is not the file that was installed${detail}.`,
    { problem: 'damaged', path: join(folder, name) },
  );
}
