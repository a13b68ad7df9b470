import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppError } from '../../src/common/errors';
import { readTokenizer } from '../../src/engine/folder';
import { TranslationCache } from '../../src/engine/translationCache';
import { Translator } from '../../src/engine/translator';
import { Turns } from '../../src/engine/turns';
import type { SegmentResult, TranslateParams, TranslateResult } from '../../src/protocol/engine';
import { Tokenizer } from '../../src/tokenizer/tokenizer';
import { DEFAULT_MODEL, translateParams } from './support/engine';
import { FakeModel, type Writer } from './support/fakeModel';

/** A translation that is recognizable and has everything a guard looks for. */
const echo: Writer = (source) => [{ text: `번역 ${source}` }];

describe('Translator', () => {
  let tokenizer: Tokenizer;

  before(async () => {
    tokenizer = await readTokenizer(DEFAULT_MODEL);
  });

  async function translate(
    write: Writer,
    texts: readonly string[],
    changes: Partial<TranslateParams> = {},
  ): Promise<{ result: TranslateResult; model: FakeModel }> {
    const model = new FakeModel(tokenizer, write);
    const translator = new Translator({ model, tokenizer });
    const result = await translator.translate(translateParams(texts, changes));
    return { result, model };
  }

  function segmentsOf(result: TranslateResult): readonly SegmentResult[] {
    return result.results.flatMap(({ segments }) => segments);
  }

  it('gives the results in the order of the texts, whatever the order of the batches', async () => {
    const texts = ['The long sentence about a file that was not saved.', 'Short one.', 'A file.'];
    const { result, model } = await translate(echo, texts);
    assert.deepEqual(
      result.results.map(({ text }) => text),
      texts.map((text) => `번역 ${text}`),
    );
    const lengths = model.calls[0]?.sources.map((source) => source.length) ?? [];
    assert.deepEqual(
      lengths,
      lengths.toSorted((a, b) => a - b),
      'shortest first',
    );
  });

  it('keeps everything between sentences, and the offsets say where they stand', async () => {
    const text = '  - Open the file.\r\n\r\n\t// Save the file. Close it.\n';
    const { result } = await translate(echo, [text]);
    const [first] = result.results;
    assert.equal(
      first?.text,
      '  - 번역 Open the file.\r\n\r\n\t// 번역 Save the file. 번역 Close it.\n',
    );
    for (const segment of first.segments) {
      const source = text.slice(segment.sourceStart, segment.sourceEnd);
      const target: string = first.text.slice(segment.targetStart, segment.targetEnd);
      assert.equal(target, `번역 ${source}`);
    }
  });

  it('tags the direction, by the scripts or as asked', async () => {
    const { result, model } = await translate(
      (source) => [{ text: `A translation of ${source.length} signs` }],
      ['파일을 저장합니다.'],
    );
    assert.match(model.calls[0]?.sources[0] ?? '', /^<2en>/u);
    assert.deepEqual([result.results[0]?.source, result.results[0]?.target], ['ko', 'en']);
    const kept = await translate(echo, ['파일을 저장합니다.'], { target: 'ko' });
    assert.equal(kept.model.calls.length, 0);
    assert.equal(segmentsOf(kept.result)[0]?.reason, 'alreadyTarget');
  });

  it('restores protected spans and makes the particle agree with them', async () => {
    const write: Writer = () => [{ text: '<c0>를 호출하고 <c1>을 씁니다.' }];
    const { result } = await translate(write, ['Call `map` and write `data`.']);
    assert.equal(result.results[0]?.text, '`map`을 호출하고 `data`를 씁니다.');
  });

  it('tries once more by beam when a span is lost, and takes the first that is whole', async () => {
    const write: Writer = (_source, { beam }) =>
      beam === 1
        ? [{ text: '호출합니다.' }]
        : [{ text: '<c0> <c0> 호출' }, { text: '<c0>을 호출합니다.' }, { text: '<c0> 호출' }];
    const { result, model } = await translate(write, ['Call `map` now.']);
    assert.equal(result.results[0]?.text, '`map`을 호출합니다.');
    assert.deepEqual(
      model.calls.map(({ options }) => [options.beam, options.nBest]),
      [
        [1, 1],
        [4, 4],
      ],
    );
  });

  for (const [what, written, reason] of [
    ['a span is lost', { text: '호출합니다.' }, 'spanLost'],
    ['a span is doubled', { text: '<c0> 그리고 <c0>' }, 'spanLost'],
    ['a span is made up', { text: '<c0> 그리고 <c1>' }, 'spanLost'],
    ['it repeats itself', { text: `<c0> ${'파일을 저장 '.repeat(4)}` }, 'repeated'],
    ['it does not end', { text: '<c0> 파일', ended: false }, 'runaway'],
    [
      'it is far too long',
      { text: `<c0> ${Array.from({ length: 60 }, (_, i) => `낱말${i}`).join(' ')}` },
      'runaway',
    ],
    ['it is empty', { text: '' }, 'noOutput'],
    ['it is no text', { text: '<c0> \uFFFD\uFFFD' }, 'noOutput'],
  ] as const) {
    it(`keeps the sentence when ${what}, twice, and says why`, async () => {
      const source = 'Call `map` now.';
      const { result, model } = await translate(() => [written], [source]);
      assert.equal(model.calls.length, 2);
      assert.equal(result.results[0]?.text, source);
      const [segment] = segmentsOf(result);
      assert.equal(segment?.status, 'kept');
      assert.equal(segment.reason, reason);
      assert.equal(segment.logProbability, undefined);
    });
  }

  it('takes the first hypothesis with the numbers of the source, or keeps the sentence', async () => {
    const write: Writer = (_source, { beam }) =>
      beam === 1
        ? [{ text: '포트 80을 엽니다.' }]
        : [{ text: '포트 81을 엽니다.' }, { text: '포트 8080을 엽니다.' }];
    const source = 'Open the port 8080.';
    const { result } = await translate(write, [source]);
    assert.equal(result.results[0]?.text, '포트 8080을 엽니다.');
    const never = await translate(() => [{ text: '포트 80을 엽니다.' }], [source]);
    assert.equal(never.result.results[0]?.text, source);
    assert.equal(segmentsOf(never.result)[0]?.reason, 'numberChanged');
  });

  it('cuts a sentence that is too long at clauses, each with placeholders of its own', async () => {
    const clause = (i: number) =>
      `the server reads the file of the first user again and writes \`name${i}\` to the log of the day`;
    const text = `${Array.from({ length: 14 }, (_, i) => clause(i)).join(', then ')}.`;
    assert.ok(tokenizer.encode(text).ids.length > 256);
    const { result, model } = await translate(echo, [text]);
    const sources = model.calls.flatMap((call) => call.sources);
    assert.ok(sources.length > 1);
    for (const source of sources) {
      assert.ok(tokenizer.encode(source).ids.length <= 256);
      assert.match(source.replace(/^<2ko>/u, ''), /<c0>/u);
    }
    const [only] = result.results;
    for (let i = 0; i < 14; i++) assert.ok(only?.text.includes(`\`name${i}\``));
    assert.equal(segmentsOf(result)[0]?.status, 'translated');
  });

  it('keeps what is too long and has no place to cut', async () => {
    const { result, model } = await translate(echo, ['Überraschung'.repeat(300)]);
    assert.equal(model.calls.length, 0);
    assert.equal(segmentsOf(result)[0]?.reason, 'tooLong');
  });

  it('computes a sentence once however often it stands there', async () => {
    const { result, model } = await translate(echo, [
      'Save the file. Save the file.',
      'Save the file.',
    ]);
    assert.deepEqual(
      model.calls.map(({ sources }) => sources.length),
      [1],
    );
    assert.equal(result.sentences, 3);
    assert.equal(result.results[1]?.text, '번역 Save the file.');
  });

  it('answers from the cache for the same model, direction and options only', async () => {
    const model = new FakeModel(tokenizer, echo);
    const cache = new TranslationCache(100_000);
    const translator = new Translator({ model, tokenizer, cache, identity: 'a' });
    const ask = (changes: Partial<TranslateParams> = {}, from = translator) =>
      from.translate(translateParams(['Call `map` now.'], changes));
    await ask();
    const again = await ask();
    assert.equal(again.fromCache, 1);
    assert.equal(again.sourceTokens, 0);
    assert.equal(again.results[0]?.text, '번역 Call `map` now.');
    assert.equal(model.calls.length, 1);
    await ask({ decoding: { beam: 4, lengthPenalty: 1, maxTokens: 256 } });
    assert.equal(model.calls.length, 2);
    await ask({}, new Translator({ model, tokenizer, cache, identity: 'b' }));
    assert.equal(model.calls.length, 3);
    // The span is no part of what the model reads.
    const other = await translator.translate(translateParams(['Call `data` now.']));
    assert.equal(other.fromCache, 1);
    assert.equal(other.results[0]?.text, '번역 Call `data` now.');
  });

  it('reports progress by sentences up to the last', async () => {
    const model = new FakeModel(tokenizer, echo);
    const seen: [number, number][] = [];
    const text = Array.from({ length: 100 }, (_, i) => `Save the file ${i}.`).join('\n');
    await new Translator({ model, tokenizer }).translate(translateParams([`${text}\n---`]), {
      onProgress: (done, total) => seen.push([done, total]),
    });
    const done = seen.map(([value]) => value);
    assert.deepEqual(
      done,
      done.toSorted((a, b) => a - b),
    );
    assert.ok(model.calls.length > 1);
    assert.ok(seen.length > model.calls.length);
    assert.deepEqual(seen.at(-1), [seen[0]?.[1], seen[0]?.[1]]);
  });

  it('translates a megabyte as one text, every sentence of it, in batches as small as ever', async () => {
    const paragraph = (number: number): string =>
      `Entry ${number} holds the name of a file that was saved. The program reads file ${number} once.`;
    const paragraphs: string[] = [];
    for (let length = 0; length < 1_000_000; length += (paragraphs.at(-1)?.length ?? 0) + 2)
      paragraphs.push(paragraph(paragraphs.length));
    const { result, model } = await translate(echo, [paragraphs.join('\n\n')], { target: 'ko' });
    assert.equal(result.sentences, 2 * paragraphs.length);
    assert.ok(segmentsOf(result).every(({ status }) => status === 'translated'));
    const [text] = result.results;
    assert.equal(
      text?.text,
      paragraphs.map((source) => `번역 ${source.replace('. ', '. 번역 ')}`).join('\n\n'),
    );
    assert.ok(model.calls.every(({ sources }) => sources.length <= 32));
  }).timeout(120_000);

  it('streams partial text that grows into the result', async () => {
    const model = new FakeModel(tokenizer, echo);
    const partial: string[] = [];
    const { results } = await new Translator({ model, tokenizer }).translate(
      translateParams(['  Call `map` now.'], { stream: true }),
      {
        onPartial: (index, text) => {
          assert.equal(index, 0);
          partial.push(text);
        },
      },
    );
    assert.ok(partial.length >= 2);
    assert.equal(partial.at(-1), results[0]?.text);
    for (const text of partial)
      assert.ok(text.startsWith('  '), 'the layout is there from the start');
    assert.ok((partial[0]?.length ?? 0) < (results[0]?.text.length ?? 0));
  });

  it('stops within a step when it is cancelled, and forgets nothing it finished', async () => {
    const model = new FakeModel(tokenizer, echo);
    const cache = new TranslationCache(100_000);
    const abort = new AbortController();
    let steps = 0;
    model.beforeStep = () => {
      steps++;
      if (model.calls.length === 2) abort.abort();
      return Promise.resolve();
    };
    const text = Array.from({ length: 100 }, (_, i) => `Save the file ${i}.`).join('\n');
    const call = new Translator({ model, tokenizer, cache }).translate(translateParams([text]), {
      signal: abort.signal,
    });
    await assert.rejects(call, (error: AppError) => error.code === 'cancelled');
    const stepsOfFirst = steps - 1;
    assert.ok(stepsOfFirst > 0);
    assert.equal(model.calls.length, 2);
    assert.equal(cache.size, model.calls[0]?.sources.length);
  });

  it('lets a hover go between the batches of a document', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const model = new FakeModel(tokenizer, (source) => {
      order.push(source.includes('hover') ? 'hover' : 'document');
      return [{ text: `번역 ${source}` }];
    });
    const translator = new Translator({ model, tokenizer, turns });
    const text = Array.from({ length: 200 }, (_, i) => `Save the file ${i} again.`).join('\n');
    let hover: Promise<TranslateResult> | undefined;
    model.beforeStep = () => {
      hover ??= translator.translate(translateParams(['Read the hover.']));
      return Promise.resolve();
    };
    await translator.translate(translateParams([text]));
    assert.equal((await hover)?.results[0]?.text, '번역 Read the hover.');
    const place = order.indexOf('hover');
    const firstBatch = model.calls[0]?.sources.length ?? 0;
    assert.equal(place, firstBatch, 'directly after the batch that was under way');
    assert.ok(order.length > place + 1);
  });

  it('refuses a vocabulary without the tag', async () => {
    const json = await readFile(join(DEFAULT_MODEL, 'tokenizer.json'), 'utf8');
    const tagless = Tokenizer.fromJson(JSON.parse(json.replaceAll('<2ko>', '<2xx>')));
    const model = new FakeModel(tagless, echo);
    await assert.rejects(
      new Translator({ model, tokenizer: tagless }).translate(translateParams(['Save it.'])),
      (error: AppError) => error.code === 'tokenizerInvalid' && error.data['token'] === '<2ko>',
    );
  });

  it('refuses a bad pattern', async () => {
    await assert.rejects(
      translate(echo, ['Save it.'], { protectPatterns: ['('] }),
      (error: AppError) => error.code === 'invalidArgument',
    );
  });
});
