import { deepEqual, equal } from 'node:assert/strict';
import { toPharaoh } from '../../../src/attention/alignment';
import type { AttentionMap } from '../../../src/attention/attentionMap';
import type { PanelToken } from '../../../src/protocol/attentionRun';
import { alignedWords, partnersOf } from '../../../src/webview/alignment/words';

let place = 0;
const token = (text: string, word: number): PanelToken => {
  const start = place;
  place += text.length;
  return { id: 0, text, start, end: place, special: false, word };
};
const special = (text: string): PanelToken => ({
  id: 0,
  text,
  start: -1,
  end: -1,
  special: true,
  word: -1,
});

/** Source words: house(2 tokens), is, big. Output words: 집은(2 tokens), 크다. Row t has output token t - 1 as its input. */
const run = {
  source: [
    special('<2ko>'),
    token('ho', 0),
    token('use', 0),
    token(' is', 1),
    token(' big', 2),
    special('</s>'),
  ],
  predicted: [token('집', 0), token('은', 0), token(' 크다', 1), special('</s>')],
};
const cross: AttentionMap = {
  queries: 4,
  keys: 6,
  causal: false,
  // The first key is a sink; the strongest of the others is meant.
  weights: Float32Array.from(
    [
      [0.5, 0.0, 0.0, 0.0, 0.5, 0.0],
      [0.5, 0.25, 0.125, 0.0, 0.0, 0.125],
      [0.5, 0.125, 0.25, 0.0, 0.0, 0.125],
      [0.25, 0.0, 0.0, 0.125, 0.5, 0.125],
    ].flat(),
  ),
};

describe('word alignment', () => {
  it('reads the row that has the word as its input', () => {
    const { source, target, links } = alignedWords(run, cross, 'input');
    deepEqual(
      source.map(({ text }) => text),
      ['house', 'is', 'big'],
    );
    deepEqual(
      target.map(({ text }) => text),
      ['집은', '크다'],
    );
    equal(toPharaoh(links), '0-0 2-1');
  });

  it('reads the row that predicts the word, which is one before', () => {
    // Row 0 (predicts 집) is at `big`, row 1 (은) at `house`, row 2 (크다) at `house`.
    equal(toPharaoh(alignedWords(run, cross, 'output').links), '0-0 0-1 2-0');
  });

  it('marks words without a partner', () => {
    const { lonelySource, lonelyTarget } = alignedWords(run, cross, 'input');
    deepEqual([...lonelySource], [1]);
    deepEqual([...lonelyTarget], []);
  });

  it('adds up what each source word received from output words, special ones left out', () => {
    const { coverage } = alignedWords(run, cross, 'input');
    deepEqual([...coverage], [0.75, 0.125, 0.5]);
  });

  it('gives a pair of words the greatest weight of their tokens', () => {
    const { grid } = alignedWords(run, cross, 'input');
    deepEqual([...grid], [0.25, 0, 0, 0, 0.125, 0.5]);
  });

  it('leaves the last word alone if the output was cut off before a step that has it as input', () => {
    const cut = { ...run, predicted: run.predicted.slice(0, 3) };
    const rows = { ...cross, queries: 3, weights: cross.weights.slice(0, 18) };
    const { links, lonelyTarget } = alignedWords(cut, rows, 'input');
    equal(toPharaoh(links), '0-0');
    deepEqual([...lonelyTarget], [1]);
  });

  it('does not take blanks and tokens without characters for words', () => {
    const blank = { ...token(' ', -1) };
    const nothing = { ...token('?', -1), start: -1, end: -1 };
    const { source } = alignedWords(
      { ...run, source: [...run.source, blank, nothing] },
      { ...cross, queries: 0, keys: 8, weights: new Float32Array() },
      'input',
    );
    equal(source.length, 3);
  });

  it('finds the partners of a word on either side', () => {
    const { links } = alignedWords(run, cross, 'output');
    deepEqual(partnersOf(links, 'source', 0), [0, 1]);
    deepEqual(partnersOf(links, 'target', 0), [0, 2]);
    deepEqual(partnersOf(links, 'source', 1), []);
  });
});
