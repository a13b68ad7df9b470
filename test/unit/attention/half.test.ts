import assert from 'node:assert/strict';
import { decodeHalf, encodeHalf, toHalf } from '../../../src/attention/half';

describe('half precision', () => {
  it('encodes the values that the standard lists', () => {
    const cases: [number, number][] = [
      [0, 0x0000],
      [1, 0x3c00],
      [-2, 0xc000],
      [65504, 0x7bff],
      [65520, 0x7c00],
      [2 ** -14, 0x0400],
      [2 ** -24, 0x0001],
      [2 ** -25, 0x0000],
      [1 / 3, 0x3555],
      [Infinity, 0x7c00],
      [0.00195, 0x17fd],
    ];
    for (const [value, bits] of cases) assert.equal(toHalf(value), bits, String(value));
    assert.equal(toHalf(NaN) & 0x7c00, 0x7c00);
  });

  it('gives back every half that is a number', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const again = encodeHalf(decodeHalf(all));
    for (let bits = 0; bits < 65536; bits++) {
      if ((bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0) continue;
      assert.equal(again[bits], bits);
    }
  });

  it('keeps weights within 2^-11 of their value', () => {
    const weights = Float32Array.from({ length: 5000 }, (_, i) => Math.exp(-i / 600));
    const back = decodeHalf(encodeHalf(weights));
    weights.forEach((weight, i) => {
      assert.ok(Math.abs((back[i] ?? 0) - weight) <= weight * 2 ** -11 + 2 ** -25, String(weight));
    });
  });
});
