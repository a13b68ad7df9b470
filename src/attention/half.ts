/**
 * IEEE 754 half precision in integer arrays: 1 sign, 5 exponent, 10 fraction bits. Attention weights are kept and sent
 * so: half the bytes of float32 with a relative error of at most 2^-11, where linear 8-bit would lose 1/512 altogether.
 */

const floatView = new Float32Array(1);
const bitsView = new Uint32Array(floatView.buffer);

/** Nearest half to a float32, ties to even; overflow becomes infinity. */
export function toHalf(value: number): number {
  floatView[0] = value;
  const bits = bitsView[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  let fraction = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const half = exponent - 112;
  if (half >= 31) return sign | 0x7c00;
  if (half > 0) {
    const rounded = ((half << 10) | (fraction >>> 13)) + roundUp(fraction, 13);
    return sign | rounded; // a carry out of the fraction raises the exponent, as it should
  }
  if (half < -10) return sign;
  fraction |= 0x800000;
  const shift = 14 - half;
  return sign | ((fraction >>> shift) + roundUp(fraction, shift));
}

function roundUp(fraction: number, shift: number): number {
  const rest = fraction & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  const odd = (fraction >>> shift) & 1;
  return rest > middle || (rest === middle && odd === 1) ? 1 : 0;
}

export function encodeHalf(values: Float32Array): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = toHalf(values[i] ?? 0);
  return halves;
}

let table: Float32Array | undefined;

/** All 65,536 halves as floats: decoding by table takes a quarter of the time of decoding by arithmetic. */
function decodeTable(): Float32Array {
  if (table) return table;
  table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 31) table[bits] = fraction ? NaN : sign * Infinity;
    else if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return table;
}

/** @param into of the same length, to be used again and again instead of a new array each time */
export function decodeHalf(
  halves: Uint16Array,
  into?: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  return lookedUp(halves, decodeTable(), into);
}

let terms: Float32Array | undefined;

/** a ln a of every weight a of a map, 0 for 0: by table too, for there are only 15,361 halves from 0 to 1. */
export function entropyTerms(
  halves: Uint16Array,
  into?: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  terms ??= decodeTable().map((value) => (value > 0 ? value * Math.log(value) : 0));
  return lookedUp(halves, terms, into);
}

function lookedUp(
  halves: Uint16Array,
  values: Float32Array,
  found = new Float32Array(halves.length),
): Float32Array<ArrayBuffer> {
  for (let i = 0; i < halves.length; i++) found[i] = values[halves[i] ?? 0] ?? 0;
  return found;
}
