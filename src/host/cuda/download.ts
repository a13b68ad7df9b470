import { statfsSync } from 'node:fs';
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, cancelled, toAppError } from '../../common/errors';
import { anObject, aString, optional } from '../../protocol/shape';
import { causeOf } from './source';

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Bytes on disk so far, and of the whole file; 0 where the server does not say. */
  readonly onProgress: (done: number, total: number) => void;
  /** Between two attempts. */
  readonly pauseMs?: number;
}

/** Attempts in a row that bring nothing, after which it is given up; what came is kept for the next time. */
const MOST_FRUITLESS = 3;
const PAUSE_MS = 2000;
/** A server that sends nothing for so long will not. */
const STALL_MS = 60_000;

/** Which file the bytes on disk belong to: they are of use only if the server still has that very file. */
interface PartState {
  readonly url: string;
  readonly validator?: string;
}
const partState = anObject({ url: aString, validator: optional(aString) });

/**
 * Fetches a file into `path`. What an earlier call left there is continued if the server still has the same file by its ETag
 * or date; a connection that breaks is made again. Throws AppError downloadFailed, noSpace, cancelled; the part stays.
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<void> {
  for (let fruitless = 0; ;) {
    const before = await sizeOf(path);
    try {
      await attempt(url, path, options);
      await rm(statePath(path), { force: true });
      return;
    } catch (error) {
      if (options.signal.aborted) throw cancelled();
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw noSpace(path, 1, 0);
      if (error instanceof AppError && !isPassing(error)) throw error;
      fruitless = (await sizeOf(path)) > before ? 0 : fruitless + 1;
      if (fruitless === MOST_FRUITLESS) throw toFailure(url, error);
      await pause(options.pauseMs ?? PAUSE_MS, undefined, { signal: options.signal }).catch(
        () => undefined,
      );
    }
  }
}

async function attempt(url: string, path: string, options: DownloadOptions): Promise<void> {
  const stall = new AbortController();
  const stalled = () =>
    stall.abort(
      new AppError('downloadFailed', `${url} sends nothing.`, { url, detail: 'ETIMEDOUT' }),
    );
  let timer = setTimeout(stalled, STALL_MS);
  try {
    const signal = AbortSignal.any([options.signal, stall.signal]);
    const { validator } = await readState(path, url);
    const have = validator === undefined ? 0 : await sizeOf(path);
    const headers: Record<string, string> =
      have > 0 && validator !== undefined
        ? { Range: `bytes=${have}-`, 'If-Range': validator, 'Accept-Encoding': 'identity' }
        : { 'Accept-Encoding': 'identity' };
    const response = await fetch(url, { headers, signal });
    const { start, total } = await begin(url, path, response, have);
    let done = start;
    options.onProgress(done, total);
    const file = await open(path, start > 0 ? 'a' : 'w');
    try {
      for await (const chunk of bodyOf(response)) {
        clearTimeout(timer);
        timer = setTimeout(stalled, STALL_MS);
        // On disk before anything else happens: what came is kept whatever comes next.
        await file.writeFile(chunk);
        done += chunk.length;
        options.onProgress(done, total);
      }
    } finally {
      await file.close();
    }
    if (total > 0 && done !== total)
      throw new AppError('downloadFailed', `${url} ended early.`, { url, detail: 'ended early' });
  } catch (error) {
    throw stall.signal.aborted ? stall.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

function bodyOf(response: Response): AsyncIterable<Uint8Array> | Uint8Array[] {
  return response.body ?? [];
}

/** Where the body belongs in the file, after what was there for another file is gone. */
async function begin(
  url: string,
  path: string,
  response: Response,
  have: number,
): Promise<{ start: number; total: number }> {
  const [, from, size] =
    /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
  if (response.status === 206 && Number(from) === have && size !== undefined) {
    requireSpace(path, Number(size) - have);
    return { start: have, total: Number(size) };
  }
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel();
    // The part is no beginning of what the server has: the next attempt starts afresh.
    if (response.status === 416 || response.status === 206) await forgetPart(path);
    throw new AppError('downloadFailed', `${url}: ${response.status}`, {
      url,
      status: response.status,
    });
  }
  const total = Number(response.headers.get('content-length') ?? 0);
  const validator = validatorOf(response.headers);
  await forgetPart(path);
  requireSpace(path, total);
  const state: PartState = { url, ...(validator === undefined ? {} : { validator }) };
  await writeFile(statePath(path), JSON.stringify(state));
  return { start: 0, total };
}

/** A weak ETag is no promise of the same bytes (RFC 9110, 13.1.5). */
function validatorOf(headers: Headers): string | undefined {
  const tag = headers.get('etag');
  if (tag !== null && !tag.startsWith('W/')) return tag;
  return headers.get('last-modified') ?? undefined;
}

/** Throws AppError noSpace. */
export function requireSpace(path: string, needed: number): void {
  const { bavail, bsize } = statfsSync(dirname(path));
  const free = bavail * bsize;
  if (needed > free) throw noSpace(path, needed, free);
}

function noSpace(path: string, needed: number, free: number): AppError {
  const folder = dirname(path);
  return new AppError('noSpace', `${folder} has too little room.`, { path: folder, needed, free });
}

function isPassing({ code, data }: AppError): boolean {
  const { status } = data;
  return (
    code === 'downloadFailed' &&
    (typeof status !== 'number' || status >= 500 || status === 416 || status === 206)
  );
}

function toFailure(url: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('downloadFailed', `${url}: ${toAppError(error).message}`, {
    url,
    detail: causeOf(error),
  });
}

async function readState(path: string, url: string): Promise<Partial<PartState>> {
  try {
    const state = partState(JSON.parse(await readFile(statePath(path), 'utf8')), 'state');
    return state.url === url ? state : {};
  } catch {
    // None yet, or half written: then the part is fetched again.
    return {};
  }
}

async function forgetPart(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(statePath(path), { force: true });
}

function statePath(path: string): string {
  return `${path}.state`;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
