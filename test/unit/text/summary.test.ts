import assert from 'node:assert/strict';
import { centralities, chooseSentences, withoutCommon } from '../../../src/text/summary';

const vector = (...values: readonly number[]): Float32Array => Float32Array.from(values);
const even = (count: number): number[] => new Array<number>(count).fill(1);

describe('centralities', () => {
  it('sums to one and is even where all sentences are alike', () => {
    const scores = centralities([vector(1, 2), vector(2, 4), vector(3, 6)], even(3));
    for (const score of scores) assert.ok(Math.abs(score - 1 / 3) < 1e-6);
  });

  it('is the stationary distribution of the walk, computed by hand for three sentences', () => {
    // Cosines 0.6, 0.8, 0, squared; the walk x = 0.15 / 3 + 0.85 T'x solved for the middle one, which both others lead to alone.
    const scores = centralities([vector(1, 0), vector(0.6, 0.8), vector(0, 1)], even(3));
    const middle = (0.05 + 0.85 * 0.1) / (1 - 0.85 ** 2);
    assert.ok(Math.abs((scores[1] ?? 0) - middle) < 1e-5);
    assert.ok(Math.abs((scores[0] ?? 0) - (0.05 + 0.85 * 0.36 * middle)) < 1e-5);
    assert.ok(Math.abs((scores[2] ?? 0) - (0.05 + 0.85 * 0.64 * middle)) < 1e-5);
  });

  it('follows the prior where no sentence is like another, or has no direction', () => {
    const apart = centralities([vector(1, 0), vector(0, 1)], [3, 1]);
    assert.ok(Math.abs((apart[0] ?? 0) - 0.75) < 1e-6);
    const empty = centralities([vector(0, 0), vector(0, 0)], [1, 1]);
    assert.deepEqual([...empty], [0.5, 0.5]);
    assert.deepEqual([...centralities([vector(1)], [5])], [1]);
  });
});

describe('withoutCommon', () => {
  it('takes away what lies along the mean of the plain ones, and nothing else', () => {
    const plain = [vector(2, 1, 0), vector(2, -1, 0)];
    const found = withoutCommon([vector(5, 1, -2), vector(0, 3, 4)], plain);
    assert.deepEqual(found, [vector(0, 1, -2), vector(0, 3, 4)]);
  });

  it('lets sentences be told apart that seem alike for what all sentences share', () => {
    const [topic, same, other] = withoutCommon(
      [vector(9, 1, 0), vector(9, 2, 0), vector(9, 0, 1)],
      [vector(7, 0, 0)],
    );
    const scores = centralities([topic!, same!, other!], even(3));
    assert.ok((scores[0] ?? 0) > 3 * (scores[2] ?? 0));
  });
});

describe('chooseSentences', () => {
  const sentence = (text: string, aside = false) => ({ text, aside });

  it('always has the first sentence of running text', () => {
    const sentences = [
      sentence('Heading of it', true),
      sentence('Yes.'),
      sentence('The first of the running text.'),
      sentence('Like all the others in this.'),
      sentence('Like all the others in that.'),
    ];
    const vectors = [vector(1, 0), vector(1, 0), vector(-1, 0.1), vector(0, 1), vector(0.1, 1)];
    assert.deepEqual(
      chooseSentences(sentences, vectors, 1).map(({ index }) => index),
      [2],
    );
  });

  it('has headings, badges, links and pictures only where there are not enough sentences', () => {
    const sentences = [
      sentence('Heading of it all', true),
      sentence('[![Build status of it][badge]][ci] [한국어](README.ko.md)'),
      sentence('<p align="center"> <img src="logo of the tool.svg"/> </p>'),
      sentence('The first of the running text.'),
      sentence('Something else that is said.'),
    ];
    const vectors = [vector(1, 0), vector(1, 0), vector(1, 0), vector(1, 0.1), vector(0, 1)];
    const chosen = (count: number): number[] =>
      chooseSentences(sentences, vectors, count).map(({ index }) => index);
    assert.deepEqual(chosen(2), [3, 4]);
    assert.equal(chosen(3).length, 3);
  });

  it('gives the most central others, in the order of the text', () => {
    const sentences = ['A b c.', 'D e f.', 'G h i.', 'J k l.'].map((text) => sentence(text));
    const vectors = [vector(1, 0, 0), vector(0, 0, 1), vector(0.9, 0.5, 0), vector(0.9, 0.6, 0.1)];
    const chosen = chooseSentences(sentences, vectors, 3).map(({ index }) => index);
    assert.deepEqual(chosen, [0, 2, 3]);
  });

  it('prefers the shorter of two sentences that are as central, in Korean too', () => {
    const vectors = [vector(1, 0), vector(0.9, 0.4), vector(0.9, 0.4)];
    for (const [long, short] of [
      ['It says the same as the other one, in many more words.', 'It says the same.'],
      ['다른 문장과 같은 뜻을 훨씬 더 많은 낱말로 나타냅니다.', '같은 뜻입니다.'],
    ] as const) {
      const sentences = ['The first of all sentences.', long, short].map((text) => sentence(text));
      const chosen = chooseSentences(sentences, vectors, 2).map(({ index }) => index);
      assert.deepEqual(chosen, [0, 2]);
    }
  });

  it('does not choose a sentence because it is very short', () => {
    const sentences = [
      'The first of all sentences.',
      'Nothing else.',
      'As the first, seven words or so.',
    ];
    const vectors = [vector(1, 0), vector(0.2, 1), vector(1, 0.1)];
    const chosen = chooseSentences(
      sentences.map((text) => sentence(text)),
      vectors,
      2,
    );
    assert.deepEqual(
      chosen.map(({ index }) => index),
      [0, 2],
    );
  });

  it('gives no more than there are, and nothing of nothing', () => {
    assert.equal(chooseSentences([sentence('Only one here.')], [vector(1)], 5).length, 1);
    assert.deepEqual(chooseSentences([], [], 3), []);
  });
});
