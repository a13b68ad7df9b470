import { encodeHalf } from '../../attention/half';
import type { Manifest } from './manifest';

/** Numbers of an array in a file: IEEE half precision, little-endian, base64; row by row. */
export interface EncodedArray {
  readonly dtype: 'float16';
  readonly shape: readonly number[];
  readonly base64: string;
}

export function encodeArray(values: Float32Array, shape: readonly number[]): EncodedArray {
  const halves = encodeHalf(values);
  const bytes = new Uint8Array(halves.length * 2);
  const view = new DataView(bytes.buffer);
  halves.forEach((half, index) => view.setUint16(index * 2, half, true));
  return { dtype: 'float16', shape, base64: toBase64(bytes) };
}

/** In pieces, for a call takes only so many arguments. */
export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x8000) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  }
  return btoa(pieces.join(''));
}

export function jsonText(manifest: Manifest, data: unknown): string {
  return `${JSON.stringify({ ...manifest, data })}\n`;
}
