import { deepEqual } from 'node:assert/strict';
import { coverageUntil, outputTokens, rowOf } from '../../../src/webview/steps/rows';

const cross = {
  weights: Float32Array.of(0.75, 0.25, 0.5, 0.5, 0.125, 0.875),
  queries: 3,
  keys: 2,
  causal: false,
};

describe('generation steps', () => {
  it('look at one row, and at none that is not there', () => {
    deepEqual([...rowOf(cross, 1)], [0.5, 0.5]);
    deepEqual([...rowOf(cross, 3)], [0, 0]);
    deepEqual([...rowOf(cross, -1)], [0, 0]);
  });

  it('add up the coverage of all steps so far, this one included', () => {
    const all = (row: Float32Array) => row;
    deepEqual([...coverageUntil(cross, 0, all)], [0.75, 0.25]);
    deepEqual([...coverageUntil(cross, 2, all)], [1.375, 1.625]);
    deepEqual([...coverageUntil(cross, 9, all)], [1.375, 1.625]);
  });

  it('count for coverage what a filter leaves of each row', () => {
    const first = (row: Float32Array) => row.map((weight, key) => (key === 0 ? weight : 0));
    deepEqual([...coverageUntil(cross, 2, first)], [1.375, 0]);
  });

  it('show the inputs and the last prediction as one text: piece t + 1 is what step t predicts', () => {
    deepEqual(outputTokens(['<s>', 'a', 'b'], ['a', 'b', '</s>']), ['<s>', 'a', 'b', '</s>']);
    deepEqual(outputTokens([], []), []);
  });
});
