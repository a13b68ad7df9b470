import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { rmSync } from 'node:fs';
import { AppError } from '../common/errors';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
  // Only while there is something to remove: otherwise a signal ends the process by itself, even in the middle of a run.
  const endBySignal = (signal: NodeJS.Signals): void => {
    rmSync(draft, { recursive: true, force: true });
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, endBySignal);
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
    for (const signal of SIGNALS) process.off(signal, endBySignal);
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
