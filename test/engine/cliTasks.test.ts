import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { GenerateResult, SummarizeResult } from '../../src/protocol/tasks';
import { requireCli, runCli } from './support/cli';

const TEXT =
  'The cache keeps the last results in memory.\nWhen the memory is full, the oldest results are removed. Bananas are yellow.';

describe('cli generate and summarize', function () {
  this.timeout(120_000);
  before(requireCli);

  const objects = <T>(output: string): T[] =>
    output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as T);

  it('summarizes a text by its own sentences, with their offsets', async () => {
    const { code, stdout } = await runCli(['summarize', '--sentences', '2', '--json'], TEXT);
    equal(code, 0);
    const [result] = objects<SummarizeResult>(stdout);
    equal(result?.total, 3);
    equal(result.sentences.length, 2);
    for (const { start, end, text } of result.sentences) equal(TEXT.slice(start, end), text);
    const plain = await runCli(['summarize', '--sentences', '2'], TEXT);
    equal(plain.stdout, result.sentences.map(({ text }) => `${text}\n`).join(''));
  });

  it('takes a line for a text, or a JSON string for one with lines', async () => {
    const lines = `One sentence is here. Another one is here.\n\n${JSON.stringify(TEXT)}\n`;
    const { stdout } = await runCli(['summarize', '--sentences', '5', '--lines', '--json'], lines);
    deepEqual(
      objects<SummarizeResult>(stdout).map(({ total }) => total),
      [2, 0, 3],
    );
  });

  it('generates titles with several candidates', async () => {
    const { code, stdout } = await runCli(
      ['generate', '--task', 'title', '--n-best', '3', '--json'],
      TEXT,
    );
    equal(code, 0);
    const [result] = objects<GenerateResult>(stdout);
    ok(result && result.candidates.length > 1);
    for (const { text, logProbability } of result.candidates) {
      ok(text.length > 1 && logProbability < 0);
    }
  });

  it('explains a command in English, and in Korean if it is asked to', async () => {
    const english = await runCli(['generate', '--task', 'explain'], 'ls -la\n');
    match(english.stdout, /^[A-Za-z][^\n]+\n$/u);
    const korean = await runCli(['generate', '--task', 'explain', '--to', 'ko'], 'ls -la\n');
    match(korean.stdout, /[가-힣]/u);
  });

  it('says what is wrong with the command line', async () => {
    for (const args of [
      ['generate'],
      ['generate', '--task', 'poem'],
      ['summarize', '--sentences', '6'],
    ]) {
      const { code, stderr } = await runCli(args, 'x');
      equal(code, 2);
      match(stderr, /--(?:task|sentences)/u);
    }
  });
});
