/** The header of a safetensors file: which tensor lies where. Nothing in it is trusted: the file may be cut off or hostile. */
import { AppError } from '../common/errors';

/** The dtypes that a model of ours may use, by safetensors' names, with the bytes of one element. */
const ELEMENT_BYTES = { F32: 4, F16: 2, I8: 1, U8: 1 } as const;

export type WeightType = keyof typeof ELEMENT_BYTES;

export interface WeightTensor {
  readonly dtype: WeightType;
  readonly shape: readonly number[];
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

export type Weights = ReadonlyMap<string, WeightTensor>;

/** Bytes before the header: its length as a little-endian unsigned 64-bit number. */
export const HEADER_START = 8;

/** The same bound as the reference implementation's. */
const MOST_HEADER_BYTES = 100_000_000;
const MOST_DIMENSIONS = 8;

export function weightsError(tensor: string, problem: string): AppError {
  return new AppError('modelWeightsInvalid', `model.safetensors: ${tensor} ${problem}`, { tensor });
}

/** The header's length from the first 8 bytes. Throws modelWeightsInvalid if the file cannot hold it. */
export function headerLength(start: Uint8Array, fileSize: number): number {
  if (start.length < HEADER_START || fileSize < HEADER_START)
    throw weightsError('header', 'is cut off');
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > MOST_HEADER_BYTES) throw weightsError('header', `claims ${length} bytes`);
  if (HEADER_START + length > fileSize)
    throw weightsError('header', `claims ${length} bytes of a file of ${fileSize}`);
  return length;
}

/**
 * `header`: the file's first bytes, at least the 8 of the length and the JSON behind them; `fileSize`: of the whole file.
 * Offsets in the result are absolute. Throws modelWeightsInvalid naming the tensor: range outside the file, ranges that
 * overlap, a length that does not follow from shape and dtype, an unknown dtype, a hole or rest at the end.
 */
export function parseSafetensors(header: Uint8Array, fileSize: number): Weights {
  const length = headerLength(header, fileSize);
  if (header.length < HEADER_START + length) throw weightsError('header', 'is cut off');
  const dataStart = HEADER_START + length;
  const weights = new Map<string, WeightTensor>();
  for (const [name, entry] of Object.entries(parseJson(header.subarray(HEADER_START, dataStart))))
    if (name !== '__metadata__') weights.set(name, parseEntry(name, entry, dataStart, fileSize));
  refuseOverlapsAndHoles(weights, dataStart, fileSize);
  return weights;
}

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw weightsError('header', 'is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw weightsError('header', 'is not an object');
  return value as Record<string, unknown>;
}

function parseEntry(name: string, entry: unknown, start: number, fileSize: number): WeightTensor {
  if (typeof entry !== 'object' || entry === null) throw weightsError(name, 'has no description');
  const { dtype, shape, data_offsets: range } = entry as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Object.hasOwn(ELEMENT_BYTES, dtype))
    throw weightsError(name, `has the dtype ${JSON.stringify(dtype) ?? 'missing'}`);
  if (!isCounts(shape) || shape.length > MOST_DIMENSIONS)
    throw weightsError(name, 'has a shape that is not a list of whole numbers');
  const [begin, end] = isCounts(range) && range.length === 2 ? range : [];
  if (begin === undefined || end === undefined || end < begin)
    throw weightsError(name, 'has offsets that are not a range');
  if (start + end > fileSize)
    throw weightsError(name, `ends at ${start + end}, the file at ${fileSize}`);
  const elementBytes = ELEMENT_BYTES[dtype as WeightType];
  const bytes = shape.reduce((product, size) => product * size, elementBytes);
  if (bytes !== end - begin)
    throw weightsError(name, `has ${end - begin} bytes, its shape needs ${bytes}`);
  return { dtype: dtype as WeightType, shape, offset: start + begin, length: end - begin };
}

function refuseOverlapsAndHoles(weights: Weights, dataStart: number, fileSize: number): void {
  const ordered = [...weights].sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length);
  let end = dataStart;
  for (const [name, tensor] of ordered) {
    if (tensor.offset < end) throw weightsError(name, 'overlaps another tensor');
    if (tensor.offset > end) throw weightsError(name, 'comes after a hole');
    end += tensor.length;
  }
  if (end !== fileSize)
    throw weightsError('file', `ends at ${fileSize}, the last tensor at ${end}`);
}

function isCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((item) => typeof item === 'number' && Number.isSafeInteger(item) && item >= 0)
  );
}
