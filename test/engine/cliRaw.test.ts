import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelFixture, requireCli, runCli, temporaryFolder, textOf } from './support/cli';
import { readNpz, type NumpyArray } from './support/npz';

interface RawLine {
  readonly text: string;
  readonly ids: readonly number[];
  readonly sourceIds: readonly number[];
  readonly score: number;
}

const FIXTURES = [
  'one-head',
  'seven-heads',
  'uneven-stacks',
  'three-heads-gelu',
  'eight-heads-silu',
];

describe('cli --raw', function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(requireCli);
  beforeEach(async () => (folder = await temporaryFolder()));
  afterEach(() => folder.remove());

  for (const name of FIXTURES)
    it(`gives the reference's tokens and scores for ${name}, greedy and by beam`, async () => {
      const model = join(folder.path, name);
      const golden = await modelFixture(name, model);
      // The tokenizer appends the end token by itself.
      const input = golden.sources.map((ids) => `${textOf(ids.slice(0, -1))}\n`).join('');
      const raw = async (...options: string[]) => {
        const most = ['--max-tokens', String(golden.maxNewTokens)];
        const args = ['translate', '--raw', '--json', '--model', model, ...most, ...options];
        const result = await runCli(args, input);
        equal(result.code, 0, result.stderr);
        return result.stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as RawLine);
      };
      const greedy = await raw('--beam', '1');
      deepEqual(
        greedy.map((line) => line.sourceIds),
        golden.sources,
      );
      deepEqual(
        greedy.map((line) => line.ids.slice(1)),
        golden.greedy.map(({ ids }) => ids),
      );
      for (const [penalty, expected] of Object.entries(golden.beam)) {
        const lines = await raw('--beam', '4', `--length-penalty=${penalty}`);
        deepEqual(
          lines.map((line) => line.ids.slice(1)),
          expected.map(([best]) => best?.ids),
        );
        lines.forEach((line, index) => {
          const difference = line.score - (expected[index]?.[0]?.score ?? NaN);
          ok(Math.abs(difference) < 1e-4, `score differs by ${difference}`);
        });
      }
    });

  it('starts the ids with the start token, as the reference does', async () => {
    const result = await runCli(['translate', '--raw', '--json', '--to', 'ko'], 'The end.\n');
    const line = JSON.parse(result.stdout) as RawLine;
    equal(line.ids[0], 0);
    equal(line.ids.at(-1), 1);
  });

  it('takes lines as they are: no splitting, no protection, one line out for each', async () => {
    const input = 'Call `run()`. Then stop.\n\n  x\n';
    const result = await runCli(['translate', '--raw', '--json', '--beam', '1'], input);
    const sources = result.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RawLine);
    equal(sources.length, 3);
    deepEqual(sources[1]?.sourceIds, [1]);
    const lines = await runCli(['translate', '--raw', '--beam', '1'], input);
    equal(lines.stdout.split('\n').length, 4);
  });

  it('follows generation_config.json, and says what it cannot follow', async () => {
    const model = join(folder.path, 'one-head');
    const golden = await modelFixture('one-head', model);
    const path = join(model, 'generation_config.json');
    const stored = JSON.parse(await readFile(path, 'utf8')) as object;
    // The reference counts the start token in max_length.
    const asked = { num_beams: 4, length_penalty: 1.4, max_length: golden.maxNewTokens + 1 };
    await writeFile(path, JSON.stringify({ ...stored, ...asked, repetition_penalty: 1.2 }));
    const text = textOf((golden.sources[0] ?? []).slice(0, -1));
    const result = await runCli(['translate', '--raw', '--json', '--model', model], text);
    const line = JSON.parse(result.stdout) as RawLine;
    deepEqual(line.ids.slice(1), golden.beam['1.4']?.[0]?.[0]?.ids);
    match(result.stderr, /sets repetition_penalty, which is not done here/);
    equal(result.stderr.trimEnd().split('\n').length, 1);
  });

  it('refuses a tag that the model does not have, and a line too long for its positions', async () => {
    const model = join(folder.path, 'one-head');
    await modelFixture('one-head', model);
    const tag = await runCli(['translate', '--raw', '--model', model, '--to', 'ko'], textOf([3]));
    equal(tag.code, 1);
    match(tag.stderr, /no tag <2ko>/);
    const long = await runCli(['translate', '--raw', '--model', model], textOf(Array(30).fill(3)));
    equal(long.code, 1);
    match(long.stderr, /\[textTooLong\]/);
  });
});

describe('cli inspect', function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(requireCli);
  beforeEach(async () => (folder = await temporaryFolder()));
  afterEach(() => folder.remove());

  interface Token {
    readonly token: string;
    readonly start: number;
    readonly end: number;
    readonly word: number;
  }
  interface Tokens {
    readonly text: string;
    readonly output: string;
    readonly source: readonly Token[];
    readonly target: readonly Token[];
    readonly predicted: readonly Token[];
  }

  const read = async (out: string, suffix = '') => {
    const arrays = readNpz(await readFile(join(out, `maps${suffix}.npz`)));
    const text = await readFile(join(out, `tokens${suffix}.json`), 'utf8');
    return { arrays, tokens: JSON.parse(text) as Tokens };
  };

  const shapeOf = (array: NumpyArray | undefined) => {
    ok(array);
    equal(array.descr, '<f4');
    equal(array.fortranOrder, false);
    equal(
      array.data.length,
      array.shape.reduce((a, b) => a * b, 1),
    );
    return array.shape;
  };

  it('writes maps whose rows are distributions, and tokens with their places', async () => {
    const out = join(folder.path, 'out');
    const text = '  Call `run()` before you open the file.';
    const result = await runCli(['inspect', '--out', out, text]);
    equal(result.code, 0, result.stderr);
    const { arrays, tokens } = await read(out);
    const [source, target] = [tokens.source.length, tokens.target.length];
    deepEqual(shapeOf(arrays.get('enc')), [6, 8, source, source]);
    deepEqual(shapeOf(arrays.get('dec')), [2, 8, target, target]);
    deepEqual(shapeOf(arrays.get('cross')), [2, 8, target, source]);
    deepEqual(shapeOf(arrays.get('enc_norm')), [6, 8, source]);
    deepEqual(shapeOf(arrays.get('dec_norm')), [2, 8, target]);
    deepEqual(shapeOf(arrays.get('cross_norm')), [2, 8, source]);
    for (const [name, { data, shape }] of arrays) {
      const width = shape[3];
      if (width === undefined) continue;
      for (let row = 0; row < data.length; row += width) {
        const sum = data.subarray(row, row + width).reduce((a, b) => a + b, 0);
        ok(Math.abs(sum - 1) < 1e-4, `${name}: a row sums to ${sum}`);
      }
    }
    const dec = arrays.get('dec')?.data;
    // The first query reads the start token and nothing after it.
    deepEqual([...(dec?.subarray(0, target) ?? [])], [1, ...Array<number>(target - 1).fill(0)]);
    const place = (token: string) => tokens.source.find((entry) => entry.token === token);
    const span = place('<c0>');
    equal(text.slice(span?.start, span?.end), '`run()`');
    equal(text.slice(place('▁file')?.start, place('▁file')?.end).trim(), 'file');
    deepEqual([tokens.source[0]?.token, tokens.source[0]?.start], ['<2ko>', -1]);
    equal(tokens.target[0]?.token, '<pad>');
    const written = tokens.target.map(({ start, end }) =>
      start < 0 ? '' : tokens.output.slice(start, end),
    );
    equal(written.join(''), tokens.output);
  });

  it('writes the measures of every head as a table', async () => {
    const out = join(folder.path, 'out');
    await runCli(['inspect', '--beam', '1', '--out', out, 'Open the file.']);
    const { arrays } = await read(out);
    const csv = await readFile(join(out, 'metrics.csv'), 'utf8');
    const [header, ...rows] = csv
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    deepEqual(header?.slice(0, 4), ['kind', 'layer', 'head', 'entropy']);
    equal(rows.length, (6 + 2 + 2) * 8);
    ok(rows.every((row) => row.length === header?.length));
    const cross = arrays.get('cross');
    const [, heads = 0, queries = 0, keys = 0] = cross?.shape ?? [];
    const start = (1 * heads + 5) * queries * keys;
    const weights = cross?.data.subarray(start, start + queries * keys) ?? [];
    const entropy = [...weights].reduce((sum, a) => sum - (a > 0 ? a * Math.log(a) : 0), 0);
    const row = rows.find(([kind, layer, head]) => `${kind} ${layer} ${head}` === 'cross 1 5');
    ok(Math.abs(Number(row?.[3]) - entropy / queries) < 1e-5, `${row?.[3]} ${entropy / queries}`);
    equal(row?.[header?.indexOf('next') ?? 0], '', 'cross attention has no next token');
  });

  it('writes sentences together, or each for itself where they do not fit', async () => {
    const out = join(folder.path, 'out');
    await runCli(['inspect', '--beam', '1', '--out', out, 'Open it. Then close it.']);
    const { tokens } = await read(out);
    equal(tokens.source.filter(({ token }) => token === '.').length, 2);
    const long = Array.from(
      { length: 3 },
      (_, i) => `Open file ${i}${' and close it'.repeat(64)}.`,
    );
    const apart = join(folder.path, 'apart');
    const args = ['inspect', '--beam', '1', '--max-tokens', '40', '--head', 'encoder.0.1'];
    const result = await runCli([...args, '--out', apart, long.join(' ')]);
    equal(result.code, 0, result.stderr);
    const third = await read(apart, '-3');
    ok(third.tokens.source.every(({ start }) => start < 0 || start > 1600));
    // Too many cells for one element each: a picture of one pixel a cell.
    const svg = await readFile(join(apart, 'encoder.0.1-3.svg'), 'utf8');
    const image = Buffer.from(/data:image\/png;base64,([^"]+)/.exec(svg)?.[1] ?? '', 'base64');
    const size = third.tokens.source.length;
    deepEqual([image.readUInt32BE(16), image.readUInt32BE(20)], [size, size]);
    ok(!svg.includes('<rect x="0"') && svg.length < 1e6);
  });

  it('draws the heads asked for and aligns the words', async () => {
    const out = join(folder.path, 'out');
    const text = 'Call `<b>()` before you open the file.';
    const heads = ['--head', 'cross.1.3', '--head', 'decoder.0.7'];
    const result = await runCli(['inspect', ...heads, '--out', out, text]);
    equal(result.code, 0, result.stderr);
    const { tokens, arrays } = await read(out);
    const [s, t] = [tokens.source.length, tokens.target.length];
    const cross = await readFile(join(out, 'cross.1.3.svg'), 'utf8');
    equal(cross.match(/<rect [^>]*fill="rgb/g)?.length, s * t);
    ok(cross.includes('>&lt;2ko&gt;<') && cross.includes('>&lt;c0&gt;<'));
    const decoder = await readFile(join(out, 'decoder.0.7.svg'), 'utf8');
    equal(decoder.match(/<rect [^>]*fill="rgb/g)?.length, (t * (t + 1)) / 2);
    const line = (await readFile(join(out, 'alignment.txt'), 'utf8')).trim();
    const pairs = line.split(' ').map((pair) => pair.split('-').map(Number));
    const words = (list: readonly Token[]) => new Set(list.map(({ word }) => word));
    ok(pairs.length > 0);
    for (const [source = -1, target = -1] of pairs) {
      ok(words(tokens.source).has(source) && words(tokens.predicted).has(target), line);
      ok(source >= 0 && target >= 0);
    }
    // The protected span is copied: its placeholders look at each other.
    const place = (list: readonly Token[]) => list.findIndex(({ token }) => token === '<c0>');
    const code = `${tokens.source[place(tokens.source)]?.word}-${tokens.predicted[place(tokens.predicted)]?.word}`;
    ok(line.split(' ').includes(code), `${code} in ${line}`);
    equal(arrays.get('cross')?.shape[3], s);
    const none = await runCli(['inspect', '--head', 'cross.2.0', '--out', join(out, 'x'), text]);
    equal(none.code, 1);
    match(none.stderr, /no head cross\.2\.0/);
    equal((await runCli(['inspect', '--head', 'cross', '--out', out, text])).code, 2);
  });

  it('writes nothing for a text without a sentence', async () => {
    const none = await runCli(['inspect', '--out', join(folder.path, 'none'), '12345']);
    equal(none.code, 1);
    match(none.stderr, /no sentence to translate/);
  });

  it('inspects any Marian model, raw', async () => {
    const model = join(folder.path, 'uneven');
    const golden = await modelFixture('uneven-stacks', model);
    const out = join(folder.path, 'out');
    const ids = golden.sources[0] ?? [];
    const text = textOf(ids.slice(0, -1));
    const args = ['inspect', '--raw', '--beam', '1', '--max-tokens', '9', '--model', model];
    const result = await runCli([...args, '--out', out, text]);
    equal(result.code, 0, result.stderr);
    const { arrays, tokens } = await read(out);
    equal(arrays.get('enc')?.shape[3], ids.length);
    equal(arrays.get('cross')?.shape[2], tokens.target.length);
    deepEqual(
      tokens.source.map(({ start, end }) => (start < 0 ? '' : text.slice(start, end))),
      [...text, ''],
    );
  });
});
