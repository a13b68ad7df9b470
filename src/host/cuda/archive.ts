import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Parser } from 'tar/parse';
import type { ReadEntry } from 'tar/read-entry';
import * as yauzl from 'yauzl';
import { AppError, cancelled, isCancelled, toAppError } from '../../common/errors';

/** Where an entry of the archive is to be written; undefined: nowhere. */
export type Choose = (name: string, bytes: number) => string | undefined;

const ZIP = 0x504b0304;
const GZIP = 0x1f8b;

/**
 * Writes the chosen files of a zip (so .nupkg and .whl are) or of a tar.gz. By its first bytes, whatever its name.
 * Throws AppError archiveInvalid (damaged), cancelled, and what `choose` throws.
 */
export async function extract(path: string, choose: Choose, signal: AbortSignal): Promise<void> {
  try {
    const magic = await firstBytes(path);
    if (magic === ZIP) await extractZip(path, choose, signal);
    else if (magic >>> 16 === GZIP) await extractTar(path, choose, signal);
    else throw new Error('It is neither a zip nor a tar.gz.');
  } catch (error) {
    if (signal.aborted || isCancelled(error)) throw cancelled();
    if (error instanceof AppError) throw error;
    const { message } = toAppError(error);
    throw new AppError(
      'archiveInvalid',
      `${path}: ${message}`,
      { problem: 'damaged', path },
      { cause: error },
    );
  }
}

async function firstBytes(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 ? buffer.readUInt32BE() : 0;
  } finally {
    await file.close();
  }
}

async function extractZip(path: string, choose: Choose, signal: AbortSignal): Promise<void> {
  const zip = await yauzl.openPromise(path);
  try {
    for await (const entry of zip.eachEntry()) {
      const target = choose(entry.fileName, entry.uncompressedSize);
      if (target === undefined) continue;
      const content = await zip.openReadStreamPromise(entry);
      await pipeline(content, createWriteStream(target, { flags: 'wx' }), { signal });
    }
  } finally {
    zip.close();
  }
}

async function extractTar(path: string, choose: Choose, signal: AbortSignal): Promise<void> {
  const written: Promise<void>[] = [];
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry: ReadEntry) => {
      let target: string | undefined;
      try {
        target =
          entry.type === 'File' ? choose(entry.path.replace(/^\.\//, ''), entry.size) : undefined;
      } catch (error) {
        parser.abort(error as Error);
        return;
      }
      if (target === undefined) entry.resume();
      else written.push(pipeline(entry, createWriteStream(target, { flags: 'wx' }), { signal }));
    },
  });
  await pipeline(createReadStream(path), parser, { signal });
  await Promise.all(written);
}
