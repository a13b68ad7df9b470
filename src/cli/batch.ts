import { AppError } from '../common/errors';
import type { TextResult } from '../protocol/engine';
import type { Invocation } from './arguments';
import { fileSink, finishedLines, standardOutput, streamLines } from './jsonLines';
import { openSession } from './session';
import { Texts } from './texts';

type BatchInvocation = Extract<Invocation, { command: 'batch' }>;

/** Characters that are translated together: enough for full batches, little enough that lines come out as work is done. */
const CHUNK_CHARACTERS = 32_768;
const CHUNK_LINES = 512;

interface Item {
  readonly line: number;
  readonly record: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/**
 * JSON Lines in, JSON Lines out, in the same order, a chunk at a time: memory does not grow with the input, and what is
 * written stays if a later line is wrong.
 */
export async function batch(options: BatchInvocation): Promise<void> {
  const done = options.resume && options.out ? await finishedLines(options.out) : undefined;
  const items = skipFinished(readItems(options), done);
  const first = await items.next();
  const sink = options.out === undefined ? standardOutput : fileSink(options.out, !!done);
  try {
    if (first.done) return;
    const session = await openSession(options);
    try {
      const texts = await Texts.of(session, options);
      for await (const chunk of chunks(first.value, items)) {
        const results = await texts.translate(chunk.map(({ text }) => text));
        await sink.write(chunk.map((item, index) => outputLine(item, results[index])).join(''));
      }
    } finally {
      await session.model.dispose();
    }
  } finally {
    await sink.close();
  }
}

/** Empty lines are no records; they are left out, as readers of JSON Lines do. */
async function* readItems({ file, field }: BatchInvocation): AsyncGenerator<Item> {
  let line = 0;
  for await (const source of streamLines(file)) {
    line++;
    if (source.trim() !== '') yield readItem(source, line, field);
  }
}

function readItem(source: string, line: number, field: string): Item {
  let record: unknown;
  try {
    record = JSON.parse(source);
  } catch (error) {
    throw new AppError('invalidArgument', `Line ${line} is not JSON.`, { line }, { cause: error });
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    throw new AppError('invalidArgument', `Line ${line} is not a JSON object.`, { line });
  const text = (record as Record<string, unknown>)[field];
  if (typeof text !== 'string')
    throw new AppError('invalidArgument', `Line ${line} has no text in "${field}".`, { line });
  return { line, record: record as Record<string, unknown>, text };
}

/** Passes over as many records as the file has lines. Throws invalidArgument if its last line is of another input. */
async function* skipFinished(
  items: AsyncGenerator<Item>,
  done: { readonly count: number; readonly last: string } | undefined,
): AsyncGenerator<Item> {
  let left = done?.count ?? 0;
  for await (const item of items) {
    if (left === 0) {
      yield item;
      continue;
    }
    left--;
    if (left === 0 && !isOutputOf(done?.last ?? '', item))
      throw new AppError(
        'invalidArgument',
        `The last line of the output does not belong to line ${item.line} of the input.`,
        { line: item.line },
      );
  }
  if (left > 0)
    throw new AppError('invalidArgument', 'The output has more lines than the input.', { left });
}

/** The output repeats every field of its record, except a `translation` that the record had. */
function isOutputOf(output: string, { record }: Item): boolean {
  try {
    const value = JSON.parse(output) as Record<string, unknown>;
    return Object.entries(record).every(
      ([name, field]) =>
        name === 'translation' || JSON.stringify(value[name]) === JSON.stringify(field),
    );
  } catch {
    return false;
  }
}

async function* chunks(first: Item, rest: AsyncGenerator<Item>): AsyncGenerator<Item[]> {
  let chunk = [first];
  let characters = first.text.length;
  for await (const item of rest) {
    if (characters >= CHUNK_CHARACTERS || chunk.length >= CHUNK_LINES) {
      yield chunk;
      chunk = [];
      characters = 0;
    }
    chunk.push(item);
    characters += item.text.length;
  }
  yield chunk;
}

function outputLine(item: Item, result: TextResult | undefined): string {
  if (!result) throw new AppError('internal', 'The engine returned too few results.');
  const { text, source, target, segments } = result;
  const kept = segments.flatMap(({ reason }) => (reason ? [reason] : []));
  const translation = { text, source, target, ...(kept.length > 0 ? { kept } : {}) };
  return `${JSON.stringify({ ...item.record, translation })}\n`;
}
