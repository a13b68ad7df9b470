import assert from 'node:assert/strict';
import { paramsReaders, resultReaders } from '../../../src/protocol/engineGuards';
import type { GenerateParams, SummarizeParams } from '../../../src/protocol/tasks';

const generate: GenerateParams = {
  task: 'title',
  language: 'en',
  text: 'a',
  decoding: { beam: 4, lengthPenalty: 1, maxTokens: 10 },
  nBest: 2,
  protectPatterns: [],
  priority: 'hover',
};
const summarize: SummarizeParams = { text: 'a', sentences: 3, language: 'auto' };

describe('readers of generate and summarize', () => {
  it('take what the contract allows', () => {
    assert.deepEqual(paramsReaders.generate(generate, 'p'), generate);
    assert.deepEqual(paramsReaders.summarize(summarize, 'p'), summarize);
    const refused = { candidates: [], refused: 'repeated', cut: false };
    assert.deepEqual(resultReaders.generate(refused, 'r'), refused);
    const sentences = [{ start: 0, end: 1, text: 'a', score: 0.5 }];
    const result = { language: 'ko', sentences, total: 1 };
    assert.deepEqual(resultReaders.summarize(result, 'r'), result);
  });

  it('refuse everything else', () => {
    for (const wrong of [
      { ...generate, task: 'poem' },
      { ...generate, language: 'auto' },
      { ...generate, nBest: 0 },
      { ...generate, priority: 'first' },
    ]) {
      assert.throws(() => paramsReaders.generate(wrong, 'p'));
    }
    for (const sentences of [0, 6, 1.5]) {
      assert.throws(() => paramsReaders.summarize({ ...summarize, sentences }, 'p'));
    }
    assert.throws(() => resultReaders.generate({ candidates: [{ text: 'a' }], cut: false }, 'r'));
  });
});
