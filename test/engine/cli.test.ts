import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, readdir, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { planText } from '../../src/text/plan';
import {
  modelFixture,
  outcome,
  requireCli,
  runCli,
  startCli,
  temporaryFolder,
} from './support/cli';

const MIXED = resolve(__dirname, '..', 'fixtures', 'text', 'mixed.txt');

const count = (text: string, part: string) => text.split(part).length - 1;

/** What must come out of a line as it went in: the protected spans of each of its sentences, added up. */
function spansOf(line: string): { text: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { spans } of planText(line, { protectPatterns: [], target: 'auto' }).sentences)
    for (const span of spans) counts.set(span.text, (counts.get(span.text) ?? 0) + span.count);
  return [...counts].map(([text, times]) => ({ text, count: times }));
}

describe('cli translate', function () {
  this.timeout(600_000);
  before(requireCli);

  it('gives 1,000 lines for 1,000 mixed lines, with every protected span in its line', async () => {
    const source = await readFile(MIXED, 'utf8');
    const result = await runCli(['translate', '--lines', '--beam', '1', MIXED]);
    equal(result.stderr, '');
    equal(result.code, 0);
    const sources = source.split('\n');
    const targets = result.stdout.split('\n');
    equal(sources.length, 1001, 'the fixture has 1,000 lines');
    equal(targets.length, sources.length);
    const lost: string[] = [];
    let spans = 0;
    sources.forEach((line, index) => {
      const target = targets[index] ?? '';
      for (const span of spansOf(line)) {
        spans += span.count;
        if (count(target, span.text) < span.count)
          lost.push(`${index + 1}: ${span.text}: ${target}`);
      }
    });
    deepEqual(lost, []);
    ok(spans > 700, `only ${spans} spans were looked at`);
    const changed = sources.filter((line, index) => line !== targets[index]).length;
    ok(changed > 700, `only ${changed} lines were translated`);
  });

  it('leaves sentences that it keeps as they were, and gives a reason for each', async () => {
    const source = (await readFile(MIXED, 'utf8')).split('\n').slice(0, 200);
    const input = source.map((line) => `${line}\n`).join('');
    const result = await runCli(['translate', '--lines', '--json', '--beam', '1'], input);
    equal(result.code, 0, result.stderr);
    const lines = result.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    equal(lines.length, source.length);
    let kept = 0;
    lines.forEach(({ text, segments }, index) => {
      for (const segment of segments) {
        equal(segment.status === 'kept', segment.reason !== undefined);
        if (segment.status !== 'kept') continue;
        kept++;
        const before = source[index]?.slice(segment.sourceStart, segment.sourceEnd);
        equal(text.slice(segment.targetStart, segment.targetEnd), before);
      }
    });
    ok(kept > 5, `only ${kept} sentences were kept`);
  });

  it('keeps the number of lines, however they end', async () => {
    const input = 'One.\r\n\r\n\nTwo.\u2028Three.\f\n \t\n\v\u0085\u2029Four.\rFive.';
    const result = await runCli(['translate', '--lines', '--beam', '1'], input);
    equal(result.code, 0, result.stderr);
    const separators = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;
    deepEqual(result.stdout.match(separators), input.match(separators));
    deepEqual(
      result.stdout.split(separators).map((line) => line.trim() === ''),
      [false, true, true, false, false, true, true, true, true, true, false, false],
    );
  });

  it('writes nothing for nothing, and keeps a byte order mark', async () => {
    equal((await runCli(['translate', '--lines'])).stdout, '');
    const result = await runCli(['translate', '--lines', '--beam', '1'], '\uFEFF\n\n');
    equal(result.stdout, '\uFEFF\n\n');
  });

  it('writes one JSON object per line, whose segments lie in it', async () => {
    const input = 'Open the file. Then call `run()`.\n\n파일을 엽니다.\n';
    const result = await runCli(['translate', '--lines', '--json', '--beam', '1'], input);
    equal(result.code, 0, result.stderr);
    const objects = result.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    deepEqual(
      objects.map(({ target }) => target),
      ['ko', 'ko', 'en'],
    );
    deepEqual(
      objects.map(({ segments }) => segments.length),
      [2, 0, 1],
    );
    const [first] = objects;
    const [, second] = first?.segments ?? [];
    ok(second && first);
    ok(first.text.slice(second.targetStart, second.targetEnd).includes('`run()`'), first.text);
    ok((second.logProbability ?? 1) < 0);
  });

  it('translates a text as a whole, keeping its layout', async () => {
    const input = '# Title of the page\n\n  - The list is empty.\n\n```\nlet x = 1;\n```\n';
    const result = await runCli(['translate', '--beam', '1'], input);
    equal(result.code, 0, result.stderr);
    match(result.stdout, /^# .*[가-힣].*\n\n {2}- .*[가-힣].*\n\n```\nlet x = 1;\n```\n$/);
  });

  it('weighs the whole vocabulary if it is told to, which changes probabilities a little', async () => {
    const translated = async (...options: string[]) => {
      const args = ['translate', '--json', '--beam', '1', '--device', 'cpu', ...options];
      const { code, stdout } = await runCli(args, 'The file is empty.');
      equal(code, 0);
      return JSON.parse(stdout) as { text: string; segments: { logProbability: number }[] };
    };
    const [listed, whole] = [await translated(), await translated('--no-shortlist')];
    equal(listed.text, whole.text);
    const difference =
      (listed.segments[0]?.logProbability ?? NaN) - (whole.segments[0]?.logProbability ?? NaN);
    ok(difference !== 0 && Math.abs(difference) < 0.05, `${difference}`);
  });

  it('goes into the language asked for', async () => {
    const result = await runCli(['translate', '--to', 'en', '--beam', '1'], '파일을 닫습니다.');
    match(result.stdout, /file/i);
  });
});

interface Line {
  readonly text: string;
  readonly target: string;
  readonly segments: readonly {
    readonly sourceStart: number;
    readonly sourceEnd: number;
    readonly status: 'translated' | 'kept';
    readonly reason?: string;
    readonly targetStart: number;
    readonly targetEnd: number;
    readonly logProbability?: number;
  }[];
}

describe('cli, command line', function () {
  this.timeout(120_000);
  before(requireCli);

  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no command', [], /No command/],
    ['an unknown command', ['transalte'], /no command 'transalte'/],
    ['an unknown option', ['translate', '--beams', '4'], /--beams/],
    ['an unknown language', ['translate', '--to', 'fr'], /ko or en, not 'fr'/],
    ['an unknown device', ['translate', '--device', 'gpu'], /auto, cpu, .* not 'gpu'/],
    ['a beam of no whole number', ['translate', '--beam', '1.5'], /--beam is a whole number/],
    ['a beam of 0', ['translate', '--beam', '0'], /from 1 to/],
    ['a penalty that is no number', ['translate', '--length-penalty', 'x'], /is a number/],
    ['an option without its value', ['translate', '--max-tokens'], /max-tokens/],
    ['two files', ['translate', 'a', 'b'], /'b' is one too many/],
    ['inspect without a folder', ['inspect', 'text'], /--out DIR/],
    ['inspect without a text', ['inspect', '--out', 'x'], /TEXT/],
    ['an argument where none is taken', ['devices', 'all'], /takes no argument/],
  ];
  for (const [what, args, message] of wrong)
    it(`ends with 2 for ${what}`, async () => {
      const result = await runCli(args);
      equal(result.code, 2, result.stderr);
      equal(result.stdout, '');
      match(result.stderr, message);
      match(result.stderr, /See headlight --help/);
    });

  it('explains itself, wherever --help stands', async () => {
    for (const args of [
      ['--help'],
      ['help'],
      ['translate', '--beam', '--help'],
      ['inspect', '-h'],
    ]) {
      const result = await runCli(args);
      equal(result.code, 0);
      match(result.stdout, /Usage: headlight/);
    }
  });

  it('says its version', async () => {
    const manifest = await readFile(resolve(__dirname, '..', '..', 'package.json'), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    equal((await runCli(['--version'])).stdout, `${version}\n`);
  });

  it('ends with 1 for a file that is not there and for input that is not UTF-8', async () => {
    const missing = await runCli(['translate', '/nonexistent/file.txt']);
    equal(missing.code, 1);
    match(missing.stderr, /Cannot read .*file\.txt.*\[invalidArgument\]/);
    const binary = await runCli(['translate'], Buffer.from([0xff, 0xfe, 0x00]));
    equal(binary.code, 1);
    match(binary.stderr, /not UTF-8/);
  });

  it('ends with 1 for a device that cannot be had, instead of taking another', async () => {
    const device = process.platform === 'darwin' ? 'dml' : 'coreml';
    const result = await runCli(['translate', '--device', device], 'The list is empty.');
    equal(result.code, 1);
    equal(result.stdout, '');
    match(result.stderr, /\[deviceUnavailable\]\nUse --device cpu/);
  });

  it('ends quietly when its reader goes away', async () => {
    const child = startCli(['prepare']);
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(`${JSON.stringify({ text: 'The list is empty.' })}\n`.repeat(20_000));
    const ended = outcome(child);
    await Promise.race([once(child.stdout!, 'data'), ended]);
    child.stdout?.destroy();
    const { code, stderr } = await ended;
    equal(stderr, '');
    equal(code, 0);
  });
});

describe('cli, broken model folders', function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let model: string;
  before(requireCli);
  beforeEach(async () => {
    folder = await temporaryFolder();
    model = join(folder.path, 'model');
    await modelFixture('one-head', model);
  });
  afterEach(() => folder.remove());

  const failure = async (code: string) => {
    const result = await runCli(['translate', '--raw', '--model', model], 'a\n');
    equal(result.code, 1, result.stderr);
    equal(result.stdout, '');
    match(result.stderr, new RegExp(`\\[${code}\\]\\n.*--model`));
  };

  it('says so if the folder is not there', async () => {
    model = join(folder.path, 'nowhere');
    await failure('modelNotFound');
  });

  it('says so if config.json is nonsense', async () => {
    await writeFile(join(model, 'config.json'), '{"model_type": "marian", "d_model": -3}');
    await failure('modelConfigInvalid');
  });

  it('says so if the weights are cut off', async () => {
    await truncate(join(model, 'model.safetensors'), 5000);
    await failure('modelWeightsInvalid');
  });

  it('says so if tokenizer.json is no tokenizer', async () => {
    await writeFile(join(model, 'tokenizer.json'), '{"model": {"type": "Other"}}');
    await failure('tokenizerInvalid');
  });

  it('leaves nothing behind when inspect fails or is interrupted', async () => {
    const out = join(folder.path, 'out');
    await writeFile(join(model, 'config.json'), '{}');
    equal((await runCli(['inspect', '--raw', '--model', model, '--out', out, 'a'])).code, 1);
    const child = startCli(['inspect', '--out', out, '-']);
    // More than a pipe holds: once it is all written, the command has read and is at work, for minutes if it were let.
    child.stdin?.end('The list is empty. '.repeat(20_000));
    await once(child.stdin!, 'finish');
    child.kill('SIGINT');
    equal((await outcome(child)).signal, 'SIGINT');
    deepEqual(await readdir(folder.path), ['model']);
  });
});
