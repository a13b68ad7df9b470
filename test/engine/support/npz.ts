import { unzipSync } from 'fflate';

export interface NumpyArray {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Reads .npz as NumPy's format description has it, by none of the code that wrote it. */
export function readNpz(bytes: Uint8Array): ReadonlyMap<string, NumpyArray> {
  const arrays = new Map<string, NumpyArray>();
  for (const [name, file] of Object.entries(unzipSync(bytes)))
    arrays.set(name.replace(/\.npy$/, ''), readNpy(file));
  return arrays;
}

const HEADER =
  /^\{'descr': '([^']+)', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\), \} *\n$/;

function readNpy(file: Uint8Array): NumpyArray {
  const bytes = Buffer.from(file);
  if (bytes.toString('latin1', 0, 6) !== '\x93NUMPY') throw new Error('No NumPy magic.');
  if (bytes[6] !== 1 || bytes[7] !== 0) throw new Error('Not version 1.0.');
  const start = 10 + bytes.readUInt16LE(8);
  if (start % 64 !== 0) throw new Error(`The data starts at ${start}, which is not aligned.`);
  const match = HEADER.exec(bytes.toString('latin1', 10, start));
  if (!match) throw new Error('The header is not as NumPy writes it.');
  const [, descr = '', order, shape = ''] = match;
  const rest = bytes.subarray(start);
  const data = Float32Array.from({ length: rest.length / 4 }, (_, i) => rest.readFloatLE(4 * i));
  return {
    descr,
    fortranOrder: order === 'True',
    shape: shape
      .split(',')
      .filter((side) => side.trim() !== '')
      .map(Number),
    data,
  };
}
