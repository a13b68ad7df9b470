import { zipSync } from 'fflate';
import type { Tensor } from '../engine/types';

/** Format of .npy: magic, version 1.0, length of the header, header, data; numpy.lib.format states it. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
/** The data starts at a multiple of this, so that it can be mapped. */
const ALIGNMENT = 64;

/** One array as .npy: little-endian float32, C order. Throws if shape and data disagree. */
export function npy(tensor: Tensor): Uint8Array {
  const size = tensor.dims.reduce((product, side) => product * side, 1);
  if (size !== tensor.data.length)
    throw new RangeError(`Shape [${tensor.dims.join(', ')}] does not hold ${tensor.data.length}.`);
  // A tuple of one needs its comma in Python.
  const shape = tensor.dims.length === 1 ? `${size},` : tensor.dims.join(', ');
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`;
  const before = MAGIC.length + 2;
  const length = Math.ceil((before + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT - before;
  const header = `${dictionary.padEnd(length - 1, ' ')}\n`;
  const bytes = new Uint8Array(before + length + 4 * size);
  bytes.set(MAGIC);
  const view = new DataView(bytes.buffer);
  view.setUint16(MAGIC.length, length, true);
  bytes.set(new TextEncoder().encode(header), before);
  const start = before + length;
  tensor.data.forEach((value, index) => view.setFloat32(start + 4 * index, value, true));
  return bytes;
}

/** Several named arrays as `numpy.savez_compressed` would write them. */
export function npz(tensors: Readonly<Record<string, Tensor>>): Uint8Array {
  const files: Record<string, Uint8Array> = {};
  for (const [name, tensor] of Object.entries(tensors)) files[`${name}.npy`] = npy(tensor);
  return zipSync(files, { level: 6 });
}
