/** Measurements inside VS Code's extension host: hovers as the editor gets them, and what typing costs beside them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { Command, SETTING_SECTION } from '../../../src/host/ids';
import { splitSentences } from '../../../src/text/sentences';
import { REPORT_VARIABLE, type SuiteReport } from '../../host/report';
import {
  RESULT_VARIABLE,
  type HoverSamples,
  type TypingSamples,
  WORKLOAD_VARIABLE,
} from './samples';

const FEWEST_WORDS = 17;
const MOST_WORDS = 23;
/** Times that every hover is asked for once it is in the cache. */
const REPEATS = 5;
/** Characters typed in a row, with and without hovers in turn, so that both meet the same machine. */
const STROKES = 25;
const ROUNDS = 4;
const LONG_FILE_LINES = 100_000;
const MINIFIED_LENGTH = 1_000_000;

export async function run(): Promise<void> {
  await set('targetLanguage', 'ko');
  // What is prefetched would not be cold.
  await set('hover.prefetch', false);
  const comments = sentences(readFileSync(variable(WORKLOAD_VARIABLE), 'utf8'));
  await warmUp();
  const { cold, cached } = await measureHovers(comments);
  await set('hover.prefetch', undefined);
  const samples: HoverSamples = {
    words: comments.map((text) => text.split(' ').length),
    cold,
    cached,
    typing: {
      long: await measureTyping(longFile()),
      minified: await measureTyping(minifiedFile()),
    },
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
  const { document } = await open('# The file is closed when the function returns.\n', 'python');
  while ((await hoverMilliseconds(document, 0)).text.includes('Still translating'));
}

async function measureHovers(
  comments: readonly string[],
): Promise<{ cold: number[]; cached: number[] }> {
  const blocks = comments.map((comment) => wrapped(comment));
  const text = blocks.map((lines) => `${lines.join('\n')}\nx = 1\n`).join('\n');
  const { document } = await open(text, 'python');
  const cold: number[] = [];
  const cached: number[] = [];
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    let line = 0;
    for (const lines of blocks) {
      const { milliseconds, text: said } = await hoverMilliseconds(document, line);
      if (!/[가-힣]/.test(said)) throw new Error(`No translation of ${lines.join(' ')}`);
      (repeat === 0 ? cold : cached).push(milliseconds);
      line += lines.length + 2;
    }
  }
  return { cold, cached };
}

/** From VS Code's command to the answers of all providers: the way there and back, and the search for the comment, too. */
async function hoverMilliseconds(
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

/** Milliseconds per keystroke with hovers and prefetching on, with bilingual reading on, and with all of it off. */
async function measureTyping(text: string): Promise<TypingSamples> {
  // Of C the editor itself knows nothing but its colours: no other extension works beside ours.
  const editor = await open(text, 'c');
  const middle = editor.document.positionAt(Math.floor(text.length / 2));
  const times = { on: [] as number[], bilingual: [] as number[], off: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const mode of ['on', 'bilingual', 'off'] as const) {
      await set('hover.enabled', mode === 'on' ? undefined : false);
      editor.selection = new vscode.Selection(middle, middle);
      // The comments around are known before typing begins, as they are when someone has pointed at one.
      if (mode === 'on') await hoverMilliseconds(editor.document, middle.line);
      const toggle = (): Thenable<unknown> =>
        vscode.commands.executeCommand(Command.toggleBilingual);
      if (mode === 'bilingual') await toggle();
      for (let stroke = 0; stroke < STROKES; stroke++) {
        const start = performance.now();
        await vscode.commands.executeCommand('type', { text: 'a' });
        times[mode].push(performance.now() - start);
      }
      if (mode === 'bilingual') await toggle();
    }
  }
  await set('hover.enabled', undefined);
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  return times;
}

function longFile(): string {
  const block =
    '// The cache keeps the last results in memory.\nexport const value = compute(1);\n';
  return block.repeat(LONG_FILE_LINES / 2);
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

async function open(content: string, language: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ content, language });
  return vscode.window.showTextDocument(document);
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
