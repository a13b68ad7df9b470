import type { Tensor } from 'onnxruntime-node';

export type Tensors = Readonly<Record<string, Tensor>>;

/** What the engine needs of the runtime's session. */
export interface Session {
  readonly outputNames: readonly string[];
  /** `fetches`: the outputs wanted, or tensors to write them into. */
  run(
    feeds: Tensors,
    fetches: readonly string[] | Readonly<Record<string, Tensor>>,
  ): Promise<Tensors>;
  release(): Promise<void>;
}

/**
 * The end of the queue of work on GPUs; never rejects. Of the process and not of a session or model: two sessions of WebGPU that
 * run at once in one process end it (onnxruntime's issue 32561), whichever models they belong to.
 */
let last: Promise<unknown> = Promise.resolve();

/** Begins `work` after everything that was begun before. */
export function alone<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => undefined);
  return result;
}

/** A session on a GPU, where nothing else runs in the meantime. */
export class DeviceSession implements Session {
  /** `keepsOutputs`: some of the outputs stay in the device's memory. */
  constructor(
    private readonly session: Session,
    private readonly keepsOutputs: boolean,
  ) {}

  get outputNames(): readonly string[] {
    return this.session.outputNames;
  }

  run(feeds: Tensors, fetches: Parameters<Session['run']>[1]): Promise<Tensors> {
    return alone(() =>
      this.keepsOutputs && isNames(fetches)
        ? this.runAll(feeds, fetches)
        : this.session.run(feeds, fetches),
    );
  }

  release(): Promise<void> {
    return alone(() => this.session.release());
  }

  /** Some of the outputs, of which some stay on the device, come back under each other's names: all are asked for. */
  private async runAll(feeds: Tensors, names: readonly string[]): Promise<Tensors> {
    const { outputNames } = this.session;
    const results = await this.session.run(feeds, outputNames);
    const entries = Object.entries(results);
    for (const [name, tensor] of entries) if (!names.includes(name)) tensor.dispose();
    return Object.fromEntries(entries.filter(([name]) => names.includes(name)));
  }
}

function isNames(fetches: Parameters<Session['run']>[1]): fetches is readonly string[] {
  return Array.isArray(fetches);
}
