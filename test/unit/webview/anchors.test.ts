import { deepEqual, equal } from 'node:assert/strict';
import type { AttentionMap } from '../../../src/attention/attentionMap';
import {
  TEXT_LEVELS,
  anchorWeights,
  linesOf,
  meanWeights,
  strongest,
  textLevel,
  togglePins,
} from '../../../src/webview/text/anchors';

const map = (weights: number[], queries: number, keys: number): AttentionMap => ({
  weights: Float32Array.from(weights),
  queries,
  keys,
  causal: false,
});
const A = map([0.5, 0.25, 0.25, 0.125, 0.625, 0.25], 2, 3);

describe('anchor weights', () => {
  it('are the row of one query, and the mean of several rows', () => {
    deepEqual([...anchorWeights(A, 'to', [1])], [0.125, 0.625, 0.25]);
    deepEqual([...anchorWeights(A, 'to', [0, 1])], [0.3125, 0.4375, 0.25]);
  });

  it('are the column of one key, and what each query gives to several keys together', () => {
    deepEqual([...anchorWeights(A, 'by', [0])], [0.5, 0.125]);
    deepEqual([...anchorWeights(A, 'by', [0, 2])], [0.75, 0.375]);
  });

  it('leave masked rows out of the mean and pass over positions outside the map', () => {
    const masked = { ...A, queryMask: Uint8Array.of(1, 0) };
    deepEqual([...anchorWeights(masked, 'to', [0, 1])], [0.5, 0.25, 0.25]);
    deepEqual([...anchorWeights(masked, 'by', [1])], [0.25, 0]);
    deepEqual([...anchorWeights(A, 'to', [7])], [0, 0, 0]);
    deepEqual([...anchorWeights(A, 'by', [-1, 3])], [0, 0]);
  });

  it('are averaged over heads', () => {
    deepEqual([...meanWeights([Float32Array.of(1, 0), Float32Array.of(0.5, 0.25)])], [0.75, 0.125]);
    deepEqual([...meanWeights([])], []);
  });
});

describe('levels of shading', () => {
  it('go by the square root and reach both ends', () => {
    equal(textLevel(0), 0);
    equal(textLevel(NaN), 0);
    equal(textLevel(1), TEXT_LEVELS);
    equal(textLevel(9), TEXT_LEVELS);
    equal(textLevel(0.25), TEXT_LEVELS / 2);
    equal(textLevel(0.001), 0);
  });
});

describe('strongest positions', () => {
  it('come greatest first, equal ones in order, none without weight', () => {
    deepEqual(strongest([0.25, 0, 0.5, 0.25], 10), [2, 0, 3]);
    deepEqual(strongest([0.25, 0, 0.5, 0.25], 2), [2, 0]);
  });
});

describe('pins', () => {
  const labels = [[0], [1, 2], [3]].map((tokens) => ({ text: 'x', special: false, tokens }));

  it('are found on the line of their word', () => {
    deepEqual(linesOf(labels, [2, 3]), [1, 2]);
    deepEqual(linesOf(labels, []), []);
  });

  it('are set alone by a click, added and taken off with Shift', () => {
    deepEqual(togglePins([], [1, 2], false), [1, 2]);
    deepEqual(togglePins([4], [1, 2], false), [1, 2]);
    deepEqual(togglePins([4], [1, 2], true), [1, 2, 4]);
    deepEqual(togglePins([1, 2, 4], [1, 2], true), [4]);
  });

  it('are cleared by a click on the only one, but a click on one of many keeps it alone', () => {
    deepEqual(togglePins([1, 2], [1, 2], false), []);
    deepEqual(togglePins([1, 2, 4], [1, 2], false), [1, 2]);
  });
});
