import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { outcome, requireCli, runCli, startCli, temporaryFolder } from './support/cli';

const CLI = resolve(__dirname, '..', '..', 'dist', 'cli.js');

interface Record {
  readonly id: number;
  readonly text: string;
  readonly translation?: {
    readonly text: string;
    readonly target: string;
    readonly kept?: string[];
  };
}

const lines = (count: number) =>
  Array.from({ length: count }, (_, id) => ({ id, text: `Open the file number ${id}.` }));
const jsonLines = (records: readonly object[]) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');
const parse = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record);

describe('cli batch', function () {
  this.timeout(300_000);
  before(requireCli);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => (folder = await temporaryFolder()));
  afterEach(() => folder.remove());

  it('gives every record back in order, with all its fields and its translation', async () => {
    const records = [
      { id: 0, text: 'The file is empty.', tags: ['a', null] },
      { id: 1, text: '' },
      { id: 2, text: '파일이 비어 있습니다.' },
      { id: 3, text: 'One.\u2028Two lines.\nThree `lines()`.' },
    ];
    const result = await runCli(['batch', '--beam', '1'], `${jsonLines(records)}\n`);
    equal(result.code, 0, result.stderr);
    const out = parse(result.stdout);
    deepEqual(
      out.map((record) => ({ ...record, translation: undefined })),
      records.map((record) => ({ ...record, translation: undefined })),
    );
    equal(out[0]?.translation?.target, 'ko');
    match(out[0]?.translation?.text ?? '', /파일/);
    equal(out[1]?.translation?.text, '');
    equal(out[2]?.translation?.target, 'en');
    ok(out[3]?.translation?.text.includes('`lines()`'));
  });

  it('reads the field that is named, and gives what translate gives', async () => {
    const text = 'Close the window before you restart the program.';
    const batch = await runCli(
      ['batch', '--field', 'body', '--to', 'ko'],
      jsonLines([{ body: text }]),
    );
    const plain = await runCli(['translate', '--to', 'ko'], text);
    equal(parse(batch.stdout)[0]?.translation?.text, plain.stdout);
  });

  it('goes on where a file was cut off, with the same bytes as in one go', async () => {
    const input = join(folder.path, 'in.jsonl');
    const whole = join(folder.path, 'whole.jsonl');
    const cut = join(folder.path, 'cut.jsonl');
    await writeFile(input, jsonLines(lines(20)));
    const args = ['batch', '--beam', '1', input, '--out'];
    equal((await runCli([...args, whole])).code, 0);
    const bytes = await readFile(whole);
    equal(parse(bytes.toString()).length, 20);
    await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length / 2)));
    const resumed = await runCli([...args, cut, '--resume']);
    equal(resumed.code, 0, resumed.stderr);
    deepEqual(await readFile(cut), bytes);
    // Nothing is left to do, and nothing is done.
    equal((await runCli([...args, cut, '--resume'])).code, 0);
    deepEqual(await readFile(cut), bytes);
  });

  it('refuses to go on with the output of another input', async () => {
    const out = join(folder.path, 'out.jsonl');
    await writeFile(out, jsonLines([{ id: 9, text: 'Something else.', translation: {} }]));
    const before = await readFile(out);
    const other = await runCli(['batch', '--out', out, '--resume'], jsonLines(lines(3)));
    equal(other.code, 1);
    match(other.stderr, /does not belong to line 1/);
    const fewer = await runCli(['batch', '--out', out, '--resume'], '');
    equal(fewer.code, 1);
    match(fewer.stderr, /more lines than the input/);
    deepEqual(await readFile(out), before);
  });

  it('keeps what is written when a later line is wrong, and names that line', async () => {
    const good = jsonLines(lines(600));
    const result = await runCli(['batch', '--beam', '1'], `${good}{"id": 600}\n`);
    equal(result.code, 1);
    match(result.stderr, /Line 601 has no text in "text"/);
    const out = parse(result.stdout);
    ok(out.length >= 512 && out.length <= 600, `${out.length} records`);
    ok(out.every((record, id) => record.id === id));
    for (const [wrong, words] of [
      ['nonsense', /Line 1 is not JSON/],
      ['[1]', /not a JSON object/],
    ] as const) {
      const refused = await runCli(['batch'], wrong);
      equal(refused.code, 1);
      match(refused.stderr, words);
    }
    equal((await runCli(['batch', '--resume'], '')).code, 2);
  });

  it('writes lines before it has read all of them', async () => {
    const child = startCli(['batch', '--beam', '1']);
    const closed = outcome(child);
    const firstOutput = new Promise<string>((done) =>
      child.stdout?.once('data', (data: Buffer) => done(data.toString())),
    );
    // The end of the input stays open until something came out.
    child.stdin?.write(jsonLines(lines(600)));
    match(await firstOutput, /^\{"id":0,/);
    child.stdin?.end();
    const result = await closed;
    equal(result.code, 0, result.stderr);
    equal(parse(result.stdout).length, 600);
  });

  it('runs under GNU parallel as the README shows it', async () => {
    const parallel = spawnSync('parallel', ['--version'], { encoding: 'utf8' });
    ok(!parallel.error && parallel.stdout.startsWith('GNU parallel'), 'GNU parallel is missing');
    const input = join(folder.path, 'in.jsonl');
    await writeFile(input, jsonLines(lines(40)));
    const command = `parallel --pipe --block 1k -k -j2 '${process.execPath} ${CLI} batch --beam 1 --threads 1' < ${input}`;
    const result = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    equal(result.status, 0, result.stderr);
    deepEqual(
      parse(result.stdout).map(({ id }) => id),
      lines(40).map(({ id }) => id),
    );
  });
});
