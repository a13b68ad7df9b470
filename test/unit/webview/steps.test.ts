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
    deepEqual([...coverageUntil(cross, 0)], [0.75, 0.25]);
    deepEqual([...coverageUntil(cross, 2)], [1.375, 1.625]);
    deepEqual([...coverageUntil(cross, 9)], [1.375, 1.625]);
  });

  it('show the inputs and the last prediction as one text: piece t + 1 is what step t predicts', () => {
    deepEqual(outputTokens(['<s>', 'a', 'b'], ['a', 'b', '</s>']), ['<s>', 'a', 'b', '</s>']);
    deepEqual(outputTokens([], []), []);
  });
});
