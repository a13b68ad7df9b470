import { readFile } from 'node:fs/promises';
import { AppError } from '../common/errors';

/** Reads a file, or standard input where no file is named. Throws invalidArgument if it is not UTF-8. */
export async function readText(file: string | undefined): Promise<string> {
  const name = file ?? 'the standard input';
  const bytes = file === undefined ? await readStandardInput() : await readNamed(file);
  try {
    // A byte order mark is part of the text, so that it comes out again.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new AppError('invalidArgument', `${name} is not UTF-8 text.`, {}, { cause: error });
  }
}

async function readNamed(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('invalidArgument', `Cannot read ${file}: ${reason}`, {}, { cause: error });
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  if (process.stdin.isTTY) process.stderr.write('Reading from the terminal; Ctrl+D ends.\n');
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
