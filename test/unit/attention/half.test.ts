import assert from 'node:assert/strict';
import { decodeHalf, encodeHalf, entropyTerms, toHalf } from '../../../src/attention/half';
import { headMetrics } from '../../../src/attention/headMetrics';
import { halfThumbnail, thumbnail } from '../../../src/attention/thumbnail';
import { near, randomMap } from './maps';

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

describe('maps in half precision', () => {
  it('are described as their weights are: tables instead of logarithms, bits instead of numbers', () => {
    for (const [queries, keys] of [
      [1, 1],
      [9, 9],
      [70, 70],
      [40, 130],
    ] as const) {
      const halves = encodeHalf(randomMap(queries, keys, queries * keys).weights);
      const kind = queries === keys ? 'encoder' : 'cross';
      const map = { weights: decodeHalf(halves), queries, keys, causal: false };
      const special = { all: new Set([0, keys - 1]), end: new Set([keys - 1]) };
      const slow = headMetrics(map, kind, special);
      const fast = headMetrics(map, kind, special, entropyTerms(halves));
      for (const name of Object.keys(slow) as (keyof typeof slow)[])
        if (Number.isNaN(slow[name])) assert.ok(Number.isNaN(fast[name]), name);
        else near(fast[name], slow[name], 1e-5 * Math.max(1, slow[name]), name);
      assert.deepEqual(halfThumbnail({ weights: halves, queries, keys }), thumbnail(map));
    }
  });

  it('decode into an array that is used again', () => {
    const into = new Float32Array(3);
    assert.equal(decodeHalf(encodeHalf(Float32Array.of(1, 0.5, 0.25)), into), into);
    assert.deepEqual([...into], [1, 0.5, 0.25]);
    entropyTerms(encodeHalf(Float32Array.of(0, 1, 0.5)), into);
    assert.deepEqual([...into], [0, 0, Math.fround(0.5 * Math.log(0.5))]);
  });
});
