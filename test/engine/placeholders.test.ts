/** Protected spans through a whole translation. In the last of these sentences the model, left to itself, loses some. */
import assert from 'node:assert/strict';
import { readTokenizer } from '../../src/engine/folder';
import type { Handlers } from '../../src/engine/handlers';
import { PlaceholderRule, placeholderIds } from '../../src/engine/placeholderRule';
import { DEFAULT_MODEL, translateParams } from './support/engine';
import { loadedHandlers } from './support/handlers';

const SENTENCES = [
  'If you want to give a prop a default value, you can do it by putting `=` right after `props`, before `value`.',
  'Once the compiler knows the file is part of the project because of where you have put the `mod` statement, other files should refer to it with `use`.',
  'For example, if you roll back from `v2` to `v1`, the revision with `.revision: 1` becomes `.revision: 3`, and `v2` stays.',
  '프로세스 ID(`PID`)로 지정된 프로세스에 대한 데이터 수집을 시작(`/processon`) 또는 중지(`/processoff`)합니다.',
];

describe('placeholders', function () {
  this.timeout(120_000);
  let engine: Handlers;
  const { signal } = new AbortController();

  before(async () => {
    engine = await loadedHandlers();
  });
  after(() => engine.unload({}, signal));

  for (const beam of [1, 4])
    it(`all come back from a beam of ${beam}, by the wider search that follows if need be`, async () => {
      const decoding = { beam, lengthPenalty: 1, maxTokens: 256 };
      const { results } = await engine.translate(translateParams(SENTENCES, { decoding }), signal);
      for (const [index, { text, segments }] of results.entries()) {
        assert.deepEqual(
          segments.map(({ status }) => status),
          ['translated'],
          text,
        );
        assert.deepEqual(spansOf(text), spansOf(SENTENCES[index] ?? ''));
      }
    });

  it('may be written as often as the source has them, and the end only behind the last', async () => {
    const tokenizer = await readTokenizer(DEFAULT_MODEL);
    const ids = placeholderIds(tokenizer);
    assert.equal(ids.size, 16);
    const id = (token: string) => tokenizer.tokenToId(token) ?? -1;
    const [zero, one, two, word, end] = ['<c0>', '<c1>', '<c2>', '▁the', '</s>'].map(id) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const rule = new PlaceholderRule(ids, [word, zero, one, zero, end], end);
    const may = (written: number[], next: number) => rule.allows(written, next);
    assert.deepEqual(
      [may([], word), may([], zero), may([zero], zero), may([one], zero)],
      [true, true, true, true],
    );
    assert.deepEqual(
      [may([], two), may([zero, word, zero], zero), may([one], one)],
      [false, false, false],
    );
    assert.deepEqual(
      [may([zero, one], end), may([zero, one, word, zero], end), may([zero, one, zero], word)],
      [false, true, true],
    );
  });
});

function spansOf(text: string): string[] {
  return (text.match(/`[^`]+`/gu) ?? []).sort();
}
