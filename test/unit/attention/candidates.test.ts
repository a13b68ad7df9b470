import assert from 'node:assert/strict';
import { distribution } from '../../../src/attention/candidates';
import { near } from './maps';

describe('candidates of a step', () => {
  it('are the greatest logits, with softmax probabilities over all of them', () => {
    const logits = Float32Array.of(1, 3, 2, 3, -1);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const { ids, probabilities, probability, rank } = distribution(logits, 0, 3);
    assert.deepEqual(ids, [1, 3, 2]);
    probabilities.forEach((p, i) => near(p, Math.exp([3, 3, 2][i] ?? 0) / total, 1e-9, 'p'));
    near(probability, Math.exp(1) / total, 1e-9, 'chosen');
    assert.equal(rank, 4);
    assert.equal(distribution(logits, 3, 3).rank, 1, 'equal logits share a rank');
  });

  it('agree with sorting, for any row and any count', () => {
    let state = 7;
    const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    for (const size of [1, 5, 300]) {
      const logits = Float32Array.from({ length: size }, () => 20 * random() - 10);
      const order = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0));
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      for (const chosen of [0, size - 1]) {
        const found = distribution(logits, chosen, 10);
        assert.deepEqual(found.ids, order.slice(0, 10));
        assert.equal(found.rank, order.indexOf(chosen) + 1);
        near(found.probability, Math.exp(logits[chosen] ?? 0) / total, 1e-6, 'chosen');
      }
    }
  });

  it('survive logits that no exponential holds', () => {
    const { probabilities } = distribution(Float32Array.of(1000, 999, -1000), 2, 2);
    near(probabilities[0], 1 / (1 + Math.exp(-1)), 1e-6, 'first');
  });
});
