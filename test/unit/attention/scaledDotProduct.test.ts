import assert from 'node:assert/strict';
import { openQuery } from '../../../src/attention/scaledDotProduct';

describe('one query of a head', () => {
  const query = Float32Array.of(1, 2, 0, -1);
  const keys = Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 2, 2, 5, 2);
  const values = Float32Array.of(1, 0, 0, 1, 10, 10);

  it('is worked out step by step', () => {
    const opened = openQuery({ query, keys, values, mask: Uint8Array.of(1, 1, 1) });
    assert.deepEqual([...opened.scores], [1, 2, 4]);
    assert.deepEqual([...opened.scaled], [0.5, 1, 2], 'divided by sqrt(4)');
    const sum = Math.exp(0.5) + Math.exp(1) + Math.exp(2);
    const expected = [0.5, 1, 2].map((x) => Math.exp(x) / sum);
    opened.weights.forEach((weight, key) => assert.equal(weight, Math.fround(expected[key] ?? 0)));
    const [a = 0, b = 0, c = 0] = expected;
    [a + 10 * c, b + 10 * c].forEach((value, channel) =>
      assert.ok(Math.abs((opened.output[channel] ?? 0) - value) < 1e-6),
    );
  });

  it('gives hidden keys nothing, however large their scores', () => {
    const opened = openQuery({ query, keys, values, mask: Uint8Array.of(1, 1, 0) });
    assert.equal(opened.weights[2], 0);
    assert.equal(opened.scores[2], 4);
    assert.ok(Math.abs((opened.weights[0] ?? 0) - 1 / (1 + Math.exp(0.5))) < 1e-7);
  });

  it('does not overflow', () => {
    const large = query.map((x) => x * 1e4);
    const opened = openQuery({ query: large, keys, values, mask: Uint8Array.of(1, 1, 1) });
    assert.deepEqual([...opened.weights], [0, 0, 1]);
    assert.deepEqual([...opened.output], [10, 10]);
  });
});
