import { InferenceSession, Tensor } from './onnxruntime';
import { AppError } from '../common/errors';
import { requireCuda } from './cuda';
import type { DeviceName } from '../protocol/engine';
import { alone, DeviceSession, type Session, type Tensors } from './deviceSession';

export type { Session, Tensors };

export interface SessionOptions {
  readonly device: DeviceName;
  /** 0: onnxruntime's own choice, one per physical core. */
  readonly threads: number;
  /** Folder of the file that the graph's weights lie in. */
  readonly weightsFolder: string;
  /** Whether memory of a run is kept for the next one, which is faster where one follows the other. */
  readonly arena?: boolean;
  /** Outputs that stay in the memory of a device, for the next run to read them there. WebGPU alone can do that. */
  readonly keptOutputs?: readonly string[];
}

/** Throws deviceUnavailable where the device cannot be had; `data.detail` has the runtime's own words. */
export async function createSession(graph: Uint8Array, options: SessionOptions): Promise<Session> {
  const { device, keptOutputs = [] } = options;
  const create = () =>
    InferenceSession.create(graph, {
      executionProviders: [device],
      ...(options.threads > 0 ? { intraOpNumThreads: options.threads } : {}),
      // Errors come as exceptions; the rest would be noise on the engine's stderr.
      logSeverityLevel: 3,
      enableCpuMemArena: options.arena ?? true,
      extra: {
        // A thread that waits longer than from one operator to the next takes time from others, and one that sleeps at once
        // is woken late: a sentence takes 20 to 25 % less than without spinning, and about as long beside a busy process.
        'session.intra_op.spin_duration_us': '20',
        'session.model_external_initializers_file_folder_path': options.weightsFolder,
      },
      ...(keptOutputs.length > 0
        ? {
            preferredOutputLocation: Object.fromEntries(
              keptOutputs.map((name) => [name, 'gpu-buffer' as const]),
            ),
          }
        : {}),
    });
  try {
    if (device === 'cpu') return await create();
    if (device === 'cuda') await requireCuda();
    return new DeviceSession(await alone(create), keptOutputs.length > 0);
  } catch (error) {
    throw new AppError(
      device === 'cpu' ? 'inferenceFailed' : 'deviceUnavailable',
      `No session on ${device}: ${words(error)}`,
      { device, detail: words(error) },
      { cause: error },
    );
  }
}

/**
 * `fetches` names the outputs wanted, the others are not copied out; or it has the tensors to write them into.
 * Throws inferenceFailed.
 */
export async function run(
  session: Session,
  feeds: Tensors,
  fetches: readonly string[] | Tensors = session.outputNames,
): Promise<Tensors> {
  try {
    return await session.run(feeds, fetches);
  } catch (error) {
    throw new AppError('inferenceFailed', words(error), { detail: words(error) }, { cause: error });
  }
}

/** As `run`, with the outputs written into arrays of the caller's. Throws inferenceFailed. */
export async function runInto(
  session: Session,
  feeds: Tensors,
  outputs: ReadonlyMap<string, { data: Float32Array | Uint16Array; dims: readonly number[] }>,
): Promise<void> {
  const fetches: Record<string, Tensor> = {};
  for (const [name, { data, dims }] of outputs)
    fetches[name] = floats(data instanceof Uint16Array ? 'float16' : 'float32', data, dims);
  await run(session, feeds, fetches);
}

/** Whole numbers below 2^31 in size: written as two halves, since a BigInt of each would be an object of its own. */
export function int64(values: ArrayLike<number>, dims: readonly number[]): Tensor {
  const halves = new Int32Array(2 * values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    halves[2 * index] = value;
    halves[2 * index + 1] = value < 0 ? -1 : 0;
  }
  return new Tensor('int64', new BigInt64Array(halves.buffer), dims);
}

export function float32Data(tensors: Tensors, name: string): Float32Array {
  return named(tensors, name).data as Float32Array;
}

/** A graph of ours always has the outputs it was emitted with. */
export function named(tensors: Tensors, name: string): Tensor {
  const tensor = tensors[name];
  if (!tensor) throw new AppError('internal', `The graph has no output ${name}`);
  return tensor;
}

/** A tensor without elements, such as the keys of no positions. */
export function empty(type: 'float32' | 'float16', dims: readonly number[]): Tensor {
  return floats(type, type === 'float32' ? new Float32Array(0) : new Uint16Array(0), dims);
}

/** The given indices of the first axis, in that order. */
export function takeRows(tensor: Tensor, indices: readonly number[]): Tensor {
  const [, ...rest] = tensor.dims;
  const stride = rest.reduce((product, size) => product * size, 1);
  const source = tensor.data as Float32Array | Uint16Array;
  const target = source.slice(0, 0).constructor as new (length: number) => typeof source;
  const data = new target(indices.length * stride);
  indices.forEach((index, row) => {
    data.set(source.subarray(index * stride, (index + 1) * stride), row * stride);
  });
  return floats(tensor.type === 'float16' ? 'float16' : 'float32', data, [indices.length, ...rest]);
}

/** Halves come as their bits. */
function floats(
  type: 'float32' | 'float16',
  data: Float32Array | Uint16Array,
  dims: readonly number[],
): Tensor {
  return type === 'float16'
    ? new Tensor(type, data as Uint16Array, dims)
    : new Tensor(type, data as Float32Array, dims);
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
