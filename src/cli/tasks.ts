import { Summarizer } from '../engine/summarizer';
import { Turns } from '../engine/turns';
import { Writer } from '../engine/writer';
import type { GenerationTask } from '../protocol/tasks';
import { chooseDirection } from '../text/direction';
import type { Invocation } from './arguments';
import { readText } from './input';
import { standardOutput, streamLines } from './jsonLines';
import { openSession, type Session } from './session';
import { decodingOf } from './texts';

type GenerateInvocation = Extract<Invocation, { command: 'generate' }>;
type SummarizeInvocation = Extract<Invocation, { command: 'summarize' }>;

/** The best candidate on a line, or with JSON all of them; a text that gets none has an empty line. */
export async function generate(options: GenerateInvocation): Promise<void> {
  await eachText(options, async (session, text) => {
    const writer = new Writer({ ...session, turns: new Turns() });
    const result = await writer.generate({
      task: options.task,
      language: options.to ?? languageFor(options.task, text),
      text,
      decoding: decodingOf(options),
      nBest: options.nBest,
      protectPatterns: [],
    });
    return options.json ? JSON.stringify(result) : (result.candidates[0]?.text ?? '');
  });
}

/** Titles are in the language of the text, explanations of code in English. */
function languageFor(task: GenerationTask, text: string) {
  if (task === 'explain') return 'en';
  const { source, target } = chooseDirection(text, 'auto');
  return task === 'translate' ? target : source;
}

/** The sentences chosen, a line each, or with JSON an object for each text. */
export async function summarize(options: SummarizeInvocation): Promise<void> {
  await eachText(options, async (session, text) => {
    const summarizer = new Summarizer({ ...session, turns: new Turns() });
    const result = await summarizer.summarize({
      text,
      sentences: options.sentences,
      language: 'auto',
    });
    const separator = options.lines ? ' ' : '\n';
    return options.json
      ? JSON.stringify(result)
      : result.sentences.map(({ text: sentence }) => sentence).join(separator);
  });
}

/** One answer, on a line, for the whole input, or with `--lines` for each line: a text as a JSON string, or as it is. */
async function eachText(
  options: GenerateInvocation | SummarizeInvocation,
  work: (session: Session, text: string) => Promise<string>,
): Promise<void> {
  const session = await openSession(options);
  try {
    if (!options.lines) {
      const answer = await work(session, await readText(options.file));
      await standardOutput.write(`${answer}\n`);
      return;
    }
    for await (const source of streamLines(options.file)) {
      const answer = await work(session, lineText(source));
      await standardOutput.write(`${answer}\n`);
    }
  } finally {
    await session.model.dispose();
  }
}

/** A line that is a JSON string stands for a text with lines of its own; any other line is the text. */
function lineText(source: string): string {
  const text = source.replace(/\r$/, '');
  if (!/^".*"$/u.test(text)) return text;
  try {
    return JSON.parse(text) as string;
  } catch {
    return text;
  }
}
