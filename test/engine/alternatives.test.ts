import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Handlers } from '../../src/engine/handlers';
import { readTokenizer } from '../../src/engine/folder';
import { Translator } from '../../src/engine/translator';
import { alternatives } from '../../src/engine/alternatives';
import { Turns } from '../../src/engine/turns';
import { wrappedLike } from '../../src/text/wrapped';
import { DEFAULT_MODEL, translateParams } from './support/engine';
import { FakeModel } from './support/fakeModel';
import { loadedHandlers } from './support/handlers';

const DECODING = { beam: 4, lengthPenalty: 1, maxTokens: 256 };
const PLAIN = { target: 'auto', decoding: DECODING, protectPatterns: [] } as const;

describe('the words of a translation', function () {
  this.timeout(120_000);
  let engine: Handlers;
  const { signal } = new AbortController();

  before(async () => {
    engine = await loadedHandlers({ cacheBytes: 2 ** 20 });
  });
  after(() => engine.unload({}, signal));

  it('are linked with those of the text they come from', async () => {
    const text = 'The build fails when `tsconfig.json` cannot be found in the project folder.';
    const { targetText, links } = await engine.align({ ...PLAIN, text }, signal);
    const { results } = await engine.translate(translateParams([text], PLAIN), signal);
    equal(targetText, results[0]?.text);
    const pairs = links.map(
      ({ sourceStart, sourceEnd, targetStart, targetEnd }) =>
        `${text.slice(sourceStart, sourceEnd)}=${targetText.slice(targetStart, targetEnd)}`,
    );
    for (const pair of ['`tsconfig.json`=`tsconfig.json`', 'project=프로젝트', 'build=빌드가'])
      ok(pairs.includes(pair), `${pair} is not among ${pairs.join(', ')}`);
    ok(
      pairs.every((pair) => !/^\s|=\s/u.test(pair)),
      'no word begins with a blank',
    );
  });

  it('are linked over the line ends of a wrapped sentence, without the marks of its lines', async () => {
    const text =
      '// The build fails when `tsconfig.json` cannot be found\n  // in the project folder.';
    const { targetText, links } = await engine.align({ ...PLAIN, text }, signal);
    const { results } = await engine.translate(translateParams([text], PLAIN), signal);
    equal(results[0]?.segments.length, 1);
    equal(results[0]?.text, `// ${wrappedLike(text.slice(3), targetText)}`);
    ok(results[0]?.text.includes('\n  // '));
    const words = links.map((link) => text.slice(link.sourceStart, link.sourceEnd));
    for (const word of ['found', 'project', 'folder']) ok(words.includes(word), word);
    ok(!words.some((word) => /[\n/]/u.test(word)), words.join(' | '));
  });

  it('may be others: the best of a wide search, all different, each with every span', async () => {
    const text = 'The build fails when `tsconfig.json` cannot be found in the project folder.';
    const given = (await engine.alternatives({ ...PLAIN, text, count: 5 }, signal)).alternatives;
    equal(given.length, 5);
    equal(new Set(given.map((one) => one.text)).size, 5);
    ok(given.every((one) => one.text.includes('`tsconfig.json`')));
    const scores = given.map((one) => one.logProbability);
    ok(scores[0] !== undefined && scores[0] > -1, `the best has ${scores[0]}`);
  });

  it('have no others where the model is not asked', async () => {
    for (const text of ['`code()`', '2 + 2']) {
      deepEqual(await engine.alternatives({ ...PLAIN, text, count: 3 }, signal), {
        alternatives: [],
      });
    }
  });

  it('leaves out alternatives that may not stand, and those that come twice', async () => {
    const tokenizer = await readTokenizer(DEFAULT_MODEL);
    const model = new FakeModel(tokenizer, () => [
      { text: '파일을 엽니다.' },
      { text: '<c0> 파일을 <c0> 엽니다.' },
      { text: '<c0> 파일을 엽니다.' },
      { text: '<c0>  파일을 엽니다.', ended: false },
      { text: '<c0> 파일을 엽니다.' },
      { text: '<c0> 파일을 여세요.' },
    ]);
    const params = { ...PLAIN, text: 'Open the file `a`.', count: 8 };
    const found = await alternatives({ model, tokenizer, turns: new Turns() }, params, signal);
    deepEqual(
      found.alternatives.map(({ text }) => text),
      ['`a` 파일을 엽니다.', '`a` 파일을 여세요.'],
    );
  });
});

describe('a glossary in the translator', () => {
  const glossary = [{ term: 'endpoint', translation: '엔드포인트' }];

  async function translate(written: (source: string) => string) {
    const tokenizer = await readTokenizer(DEFAULT_MODEL);
    const model = new FakeModel(tokenizer, (source) => [{ text: written(source) }]);
    const params = translateParams(['Open the endpoint. Close it.'], { glossary });
    const { results } = await new Translator({ model, tokenizer }).translate(params);
    return { result: results[0], sources: model.calls.flatMap((call) => call.sources) };
  }

  it('has its words in the result, with their particles, and says so', async () => {
    const { result } = await translate((source) =>
      source.includes('<c0>') ? '<c0>을 엽니다.' : '닫습니다.',
    );
    equal(result?.text, '엔드포인트를 엽니다. 닫습니다.');
    deepEqual(
      result.segments.map(({ terms }) => terms),
      [[{ term: 'endpoint', translation: '엔드포인트' }], undefined],
    );
  });

  it('gives way where the model loses its placeholder: the sentence is translated without it', async () => {
    const { result, sources } = await translate((source) =>
      source.includes('<c0>')
        ? '엽니다.'
        : source.includes('endpoint')
          ? '끝점을 엽니다.'
          : '닫습니다.',
    );
    equal(result?.text, '끝점을 엽니다. 닫습니다.');
    deepEqual(
      result.segments.map(({ status, terms }) => [status, terms]),
      [
        ['translated', undefined],
        ['translated', undefined],
      ],
    );
    ok(sources.some((source) => source.includes('Open the endpoint.')));
  });
});
