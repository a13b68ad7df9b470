import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { rmSync } from 'node:fs';
import { AppError } from '../common/errors';

/** Paths that exist only until a rename; removed on every way out of the process. */
const unfinished = new Set<string>();

export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { recursive: true, force: true });
  unfinished.clear();
}

/** Resolves when the text has been handed to the system, so that the process may end. */
export function writeOut(text: string): Promise<void> {
  if (text === '') return Promise.resolve();
  return new Promise((done, fail) => {
    process.stdout.write(text, (error) => (error ? fail(error) : done()));
  });
}

/** A reader that went away (`| head`) is no fault of ours and nothing to report. */
export function isClosedPipe(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
}

/**
 * Writes files into a folder so that a reader sees all of them complete or none: they are written into a folder beside
 * it, then moved. Existing files of other names stay. Throws invalidArgument with the system's words.
 */
export async function writeFolder(
  folder: string,
  files: readonly { readonly name: string; readonly data: Uint8Array | string }[],
): Promise<void> {
  const target = resolve(folder);
  const draft = join(dirname(target), `.${basename(target)}.${process.pid}.partial`);
  unfinished.add(draft);
  try {
    await mkdir(draft, { recursive: true });
    for (const file of files) await writeFile(join(draft, file.name), file.data);
    if (await exists(target)) {
      for (const file of files) await rename(join(draft, file.name), join(target, file.name));
    } else {
      await rename(draft, target);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'invalidArgument',
      `Cannot write to ${folder}: ${reason}`,
      {},
      { cause: error },
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
    unfinished.delete(draft);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
