import { deepEqual, equal, match } from 'node:assert/strict';
import { requireCli, runCli } from './support/cli';

const prepare = async (...pairs: readonly object[]): Promise<unknown[]> => {
  const result = await runCli(
    ['prepare'],
    pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''),
  );
  equal(result.code, 0, result.stderr);
  return result.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
};

describe('cli prepare', function () {
  this.timeout(60_000);
  before(requireCli);

  it('puts the same placeholders on both sides, whatever order they stand in', async () => {
    const pair = {
      text: 'Call `run()` and `run()` before src/a.ts.',
      target: 'src/a.ts보다 `run()`와 `run()`을 먼저 부르세요.',
    };
    deepEqual(await prepare(pair), [
      {
        source: '<2ko> Call <c0> and <c0> before <c1>.',
        target: '<c1>보다 <c0>와 <c0>을 먼저 부르세요.',
        to: 'ko',
        spans: ['`run()`', 'src/a.ts'],
        ok: true,
      },
    ]);
  });

  it('does not cut a longer string by a shorter one that it contains', async () => {
    const [result] = await prepare({
      text: 'Use fooBar and fooBarBaz.',
      target: 'fooBarBaz와 fooBar를 쓰세요.',
    });
    deepEqual((result as { target: string }).target, '<c1>와 <c0>를 쓰세요.');
  });

  it('marks pairs from which a model would learn to lose or double a span', async () => {
    const results = (await prepare(
      { text: 'See `a`.', target: '보세요.' },
      { text: 'See `a`.', target: '`a`와 `a`를 보세요.' },
      { text: Array.from({ length: 17 }, (_, i) => `\`x${i}\``).join(' and '), target: '' },
    )) as { ok: boolean; reason: string }[];
    deepEqual(
      results.map(({ ok, reason }) => [ok, reason]),
      [
        [false, 'missing'],
        [false, 'doubled'],
        [false, 'tooMany'],
      ],
    );
  });

  it('chooses the direction by the text unless it is told, and needs no target', async () => {
    deepEqual(await prepare({ text: '줄\n바꿈' }, { text: 'A line.', to: 'en' }), [
      { source: '<2en> 줄 <nl> 바꿈', to: 'en', spans: [], ok: true },
      { source: '<2en> A line.', to: 'en', spans: [], ok: true },
    ]);
  });

  it('gives the ids that the model reads', async () => {
    const line = `${JSON.stringify({ text: 'A line.', target: '줄.' })}\n`;
    const { stdout } = await runCli(['prepare', '--ids'], line);
    const { sourceIds, targetIds } = JSON.parse(stdout) as Record<string, number[]>;
    equal(sourceIds?.at(-1), 1);
    equal(targetIds?.at(-1), 1);
  });

  it('names the line that is wrong, and writes nothing', async () => {
    const result = await runCli(['prepare'], '{"text": "A."}\n{"target": "B."}\n');
    equal(result.code, 1);
    equal(result.stdout, '');
    match(result.stderr, /Line 2 of the input: text is not a string/);
  });
});
