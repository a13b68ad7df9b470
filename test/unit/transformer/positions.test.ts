import assert from 'node:assert/strict';
import { positionTable } from '../../../src/transformer/positionTable';

const row = (table: Float32Array, position: number, size: number) =>
  [...table.subarray(position * size, (position + 1) * size)].map((x) => Number(x.toFixed(6)));

describe('positional encoding', () => {
  it("interleaves sin and cos as the paper's formula does", () => {
    // 10000^(2/4) = 100
    const expected = [Math.sin(3), Math.cos(3), Math.sin(0.03), Math.cos(0.03)];
    assert.deepEqual(
      row(positionTable('sinusoidalInterleaved', 5, 4), 3, 4),
      expected.map((x) => Number(x.toFixed(6))),
    );
  });

  it('concatenates sines and cosines as Marian does, one sine more at an odd size', () => {
    const interleaved = row(positionTable('sinusoidalInterleaved', 5, 5), 4, 5);
    const order = [0, 2, 4, 1, 3];
    assert.deepEqual(
      row(positionTable('sinusoidalConcatenated', 5, 5), 4, 5),
      order.map((channel) => interleaved[channel]),
    );
  });

  it('writes the index, plain or scaled to 0..1, into every channel', () => {
    assert.deepEqual(row(positionTable('index', 5, 3), 4, 3), [4, 4, 4]);
    assert.deepEqual(row(positionTable('normalizedIndex', 5, 3), 2, 3), [0.5, 0.5, 0.5]);
    assert.deepEqual(row(positionTable('normalizedIndex', 1, 2), 0, 2), [0, 0]);
  });
});
