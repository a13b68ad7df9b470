/**
 * Sizes for devices that prepare their kernels for every shape anew (DirectML): a few that others are padded to. Padding changes
 * no result but by rounding: padded keys weigh exactly 0, and no row of a batch looks at another.
 */
import { Tensor } from './onnxruntime';
import type { Tensors } from './runtime';

const LEAST_POSITIONS = 16;
type FloatType = 'float32' | 'float16';

/** Places for so many positions of a source or target, at most the model's own. */
export function positionRoom(positions: number, most: number): number {
  return Math.min(most, Math.max(LEAST_POSITIONS, powerOfTwo(positions)));
}

/** Sources of a batch, with copies of the last one at the end. */
export function fullBatch<T>(sources: readonly T[]): T[] {
  return filled(sources, powerOfTwo(sources.length));
}

/** As many of them as `length`, the last one repeated. */
export function filled<T>(items: readonly T[], length: number): T[] {
  return Array.from({ length }, (_, index) => items[Math.min(index, items.length - 1)] as T);
}

/** The decoder's inputs that say which of `room` places is written at this position, and which are read: see emitDecoder. */
export function slotFeeds(floatType: FloatType, position: number, room: number): Tensors {
  const slot = Uint8Array.from({ length: room }, (_, place) => Number(place === position));
  const dims = [1, 1, 1, room];
  const lowest = (value: number) => (_: unknown, place: number) => (place > position ? value : 0);
  return {
    slot: new Tensor('bool', slot, [room, 1]),
    self_bias:
      floatType === 'float32'
        ? new Tensor('float32', Float32Array.from({ length: room }, lowest(LOWEST)), dims)
        : new Tensor('float16', Uint16Array.from({ length: room }, lowest(LOWEST_HALF)), dims),
  };
}

/** The lowest finite numbers, as in the graphs; -65504 in bits. */
const LOWEST = -3.4028234663852886e38;
const LOWEST_HALF = 0xfbff;

/** [R, h, t, n] -> [R, h, room, n], zeros behind what is there. */
export function withRoom(tensor: Tensor, room: number): Tensor {
  const [rows = 0, heads = 0, positions = 0, size = 0] = tensor.dims;
  const dims = [rows, heads, room, size];
  const length = rows * heads * room * size;
  const fill = <T extends Float32Array | Uint16Array>(source: T, target: T): T => {
    for (let row = 0; row < rows * heads; row++) {
      const begin = row * positions * size;
      target.set(source.subarray(begin, begin + positions * size), row * room * size);
    }
    return target;
  };
  return tensor.type === 'float16'
    ? new Tensor('float16', fill(tensor.data as Uint16Array, new Uint16Array(length)), dims)
    : new Tensor('float32', fill(tensor.data as Float32Array, new Float32Array(length)), dims);
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}
