/** Measurements inside VS Code's extension host: hovers as the editor gets them, and what typing costs beside them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { SETTING_SECTION } from '../../../src/host/ids';
import { splitSentences } from '../../../src/text/sentences';
import { REPORT_VARIABLE, type SuiteReport } from '../../host/report';
import type { Connection } from './connection';
import { type CachedHover, type HoverSamples, RESULT_VARIABLE, WORKLOAD_VARIABLE } from './samples';
import { measureFirstTyping, measureTyping } from './typing';

const FEWEST_WORDS = 17;
const MOST_WORDS = 23;
/** Times that every hover is asked for once it is in the cache. */
const REPEATS = 5;
/** As many as are read by a grammar; a longer file is read by the looks of its language, which takes less. */
const LONG_FILE_LINES = 100_000;
const MINIFIED_LENGTH = 1_000_000;

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<Connection>('headlight.headlight');
  if (!extension) throw new Error('The extension is not there.');
  const connection = await extension.activate();
  await set('targetLanguage', 'ko');
  // What is prefetched would not be cold.
  await set('hover.prefetch', false);
  const comments = sentences(readFileSync(variable(WORKLOAD_VARIABLE), 'utf8'));
  await warmUp();
  const hovers = await measureHovers(connection, comments);
  await set('hover.prefetch', undefined);
  const samples: HoverSamples = {
    words: comments.map((text) => text.split(' ').length),
    ...hovers,
    long: await measureTyping(connection, longFile()),
    firstLong: await measureFirstTyping(connection, longFile()),
    minified: await measureTyping(connection, minifiedFile()),
    editor: vscode.version,
  };
  writeFileSync(variable(RESULT_VARIABLE), JSON.stringify(samples));
  const report: SuiteReport = { tests: [{ title: 'measured', state: 'passed', milliseconds: 0 }] };
  writeFileSync(variable(REPORT_VARIABLE), JSON.stringify(report));
}

function sentences(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => splitSentences(line).map(({ start, end }) => line.slice(start, end)))
    .filter((sentence) => !/[`|#*]/.test(sentence))
    .filter((sentence) => {
      const words = sentence.split(' ').length;
      return words >= FEWEST_WORDS && words <= MOST_WORDS;
    });
}

async function warmUp(): Promise<void> {
  const document = await open('# The file is closed when the function returns.\n');
  while ((await ask(document, 0)).text.includes('Still translating'));
}

async function measureHovers(
  connection: Connection,
  comments: readonly string[],
): Promise<{ cold: number[]; cached: CachedHover[] }> {
  const blocks = comments.map((comment) => wrapped(comment));
  const document = await open(blocks.map((lines) => `${lines.join('\n')}\nx = 1\n`).join('\n'));
  const places: number[] = [];
  let line = 0;
  for (const lines of blocks) {
    places.push(line);
    line += lines.length + 2;
  }
  const cold: number[] = [];
  for (const place of places) cold.push((await askOurs(connection, document, place)).whole);
  const cached: CachedHover[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const [at, place] of places.entries()) {
      // Which of the two comes first turns, so that neither has the warmer editor.
      const isFirst = (repeat + at) % 2 === 0;
      const before = isFirst ? undefined : await askConstant(connection, document, place);
      const ours = await askOurs(connection, document, place);
      const editor = before ?? (await askConstant(connection, document, place));
      cached.push({ ...ours, editor });
    }
  }
  return { cold, cached };
}

async function askOurs(
  connection: Connection,
  document: vscode.TextDocument,
  line: number,
): Promise<{ whole: number; own: number }> {
  connection.takeAnswers();
  const { milliseconds, text } = await ask(document, line);
  if (!/[가-힣]/.test(text)) throw new Error(`No translation at line ${line}.`);
  const answer = connection.takeAnswers().find(({ hasHover }) => hasHover);
  return { whole: milliseconds, own: answer?.milliseconds ?? NaN };
}

/** What the editor takes for itself: Headlight's providers are away, another answers at once. */
async function askConstant(
  connection: Connection,
  document: vscode.TextDocument,
  line: number,
): Promise<number> {
  connection.disconnect();
  const provider = vscode.languages.registerHoverProvider('*', {
    provideHover: () => new vscode.Hover('A constant string.'),
  });
  try {
    await roundTrip();
    return (await ask(document, line)).milliseconds;
  } finally {
    provider.dispose();
    connection.connect();
    await roundTrip();
  }
}

/** The editor has heard of everything that was registered before, since it answers in order. */
async function roundTrip(): Promise<void> {
  await vscode.commands.executeCommand('setContext', 'headlightBench', true);
}

/** From VS Code's command to the answers of all providers. */
async function ask(
  document: vscode.TextDocument,
  line: number,
): Promise<{ milliseconds: number; text: string }> {
  const start = performance.now();
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    new vscode.Position(line, 6),
  );
  const milliseconds = performance.now() - start;
  const parts = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
  return { milliseconds, text: parts.map(({ value }) => value).join('\n') };
}

function longFile(): string {
  const lines = ['// The cache keeps the last results in memory.', 'int value = compute(1);'];
  return Array.from({ length: LONG_FILE_LINES }, (_, line) => lines[line % 2]).join('\n');
}

function minifiedFile(): string {
  const unit = 'int a(int b){return b?"the text":/*a comment of words*/c(b+1);}';
  return unit.repeat(Math.ceil(MINIFIED_LENGTH / unit.length));
}

function wrapped(comment: string): string[] {
  const lines = [''];
  for (const word of comment.split(' ')) {
    if (`${lines.at(-1)} ${word}`.length > 72) lines.push('');
    lines[lines.length - 1] = `${lines.at(-1)} ${word}`;
  }
  return lines.map((line) => `#${line}`);
}

async function open(content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ content, language: 'python' });
  await vscode.window.showTextDocument(document);
  return document;
}

async function set(name: string, value: unknown): Promise<void> {
  await vscode.workspace
    .getConfiguration(SETTING_SECTION)
    .update(name, value, vscode.ConfigurationTarget.Global);
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}
