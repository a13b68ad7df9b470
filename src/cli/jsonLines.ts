import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { AppError } from '../common/errors';
import { writeOut } from './output';

/**
 * Lines of a stream, without their line feeds, one at a time: a corpus need not fit into memory. Only a line feed ends a
 * line, as JSON Lines has it. Throws invalidArgument if the bytes are not UTF-8 or the file cannot be read.
 */
export async function* streamLines(file: string | undefined): AsyncGenerator<string> {
  const name = file ?? 'the standard input';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  try {
    for await (const chunk of file === undefined ? process.stdin : createReadStream(file)) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    rest += decoder.decode();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('invalidArgument', `Cannot read ${name}: ${reason}`, {}, { cause: error });
  }
  if (rest !== '') yield rest;
}

/** Where lines go: each `write` is handed to the system before it resolves, so that a reader sees whole lines early. */
export interface LineSink {
  write(lines: string): Promise<void>;
  close(): Promise<void>;
}

export const standardOutput: LineSink = { write: writeOut, close: () => Promise.resolve() };

/** Throws invalidArgument if the file cannot be written. */
export function fileSink(file: string, append: boolean): LineSink {
  const stream = createWriteStream(file, { flags: append ? 'a' : 'w' });
  const failed = new Promise<never>((_, reject) => {
    stream.on('error', (error) => reject(unwritable(file, error)));
  });
  // Whoever writes next is told; without a listener the rejection would end the process by itself.
  failed.catch(() => undefined);
  return {
    write: (lines) =>
      Promise.race([failed, new Promise<void>((done) => stream.write(lines, () => done()))]),
    close: () => {
      stream.end();
      return Promise.race([failed, finished(stream)]);
    },
  };
}

/**
 * What a run that was cut off left in its file: the number of whole lines, and the last of them. A last line without its
 * line feed was being written and is cut away. A file that is not there counts as empty.
 */
export async function finishedLines(file: string): Promise<{ count: number; last: string }> {
  const handle = await open(file, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unwritable(file, error);
  });
  if (!handle) return { count: 0, last: '' };
  try {
    const buffer = new Uint8Array(1 << 20);
    const ends = { count: 0, last: 0, beforeLast: 0 };
    let size = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, size);
      if (bytesRead === 0) break;
      for (let index = 0; index < bytesRead; index++) {
        if (buffer[index] !== 10) continue;
        ends.count++;
        ends.beforeLast = ends.last;
        ends.last = size + index + 1;
      }
      size += bytesRead;
    }
    if (ends.last < size) await handle.truncate(ends.last);
    const line = new Uint8Array(Math.max(0, ends.last - 1 - ends.beforeLast));
    await handle.read(line, 0, line.length, ends.beforeLast);
    return { count: ends.count, last: new TextDecoder().decode(line) };
  } finally {
    await handle.close();
  }
}

function unwritable(file: string, error: Error): AppError {
  return new AppError(
    'invalidArgument',
    `Cannot write ${file}: ${error.message}`,
    {},
    {
      cause: error,
    },
  );
}
