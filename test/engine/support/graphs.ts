import type { ModelSessions } from '../../../src/engine/decoderRun';
import { readModelFiles, WEIGHTS_FILE, type ModelFiles } from '../../../src/engine/modelFiles';
import { createSession, int64, run, type Session, type Tensors } from '../../../src/engine/runtime';
import { emitDecoder } from '../../../src/transformer/graphs/decoder';
import { emitEncoder } from '../../../src/transformer/graphs/encoder';
import { emitInspect } from '../../../src/transformer/graphs/inspect';
import type { AttentionKind, Precision } from '../../../src/transformer/layers/network';

type Emitter = typeof emitEncoder;

export interface GraphChoice {
  readonly precision: Precision;
  readonly attention: AttentionKind;
}

/** The graphs of one model folder on the CPU, in a precision and attention of the test's choice. */
export class Graphs {
  private readonly sessions: Session[] = [];

  private constructor(
    readonly folder: string,
    readonly files: ModelFiles,
    private readonly choice: GraphChoice,
  ) {}

  static async open(folder: string, choice: GraphChoice): Promise<Graphs> {
    return new Graphs(folder, await readModelFiles(folder), choice);
  }

  async generator(): Promise<ModelSessions> {
    return {
      config: this.files.config,
      floatType: this.choice.precision === 'fp16' ? 'float16' : 'float32',
      encoder: await this.create(emitEncoder),
      decoder: await this.create(emitDecoder),
    };
  }

  /** One pass over a batch padded at the end. `targets` are decoder inputs, the start token first. */
  async inspect(sources: readonly number[][], targets: readonly number[][]): Promise<Tensors> {
    const session = await this.create(emitInspect);
    const { padTokenId } = this.files.config;
    return run(session, {
      source_ids: padded(sources, padTokenId),
      source_mask: padded(
        sources.map((source) => source.map(() => 1)),
        0,
      ),
      target_ids: padded(targets, padTokenId),
    });
  }

  async release(): Promise<void> {
    for (const session of this.sessions.splice(0)) await session.release();
  }

  private async create(emit: Emitter): Promise<Session> {
    const { config, weights } = this.files;
    const graph = emit(config, weights, { ...this.choice, weightsLocation: WEIGHTS_FILE });
    const session = await createSession(graph, {
      device: 'cpu',
      threads: 1,
      weightsFolder: this.folder,
    });
    this.sessions.push(session);
    return session;
  }
}

function padded(rows: readonly number[][], value: number) {
  const length = Math.max(...rows.map((row) => row.length));
  const ids = rows.flatMap((row) => [...row, ...Array<number>(length - row.length).fill(value)]);
  return int64(ids, [rows.length, length]);
}
