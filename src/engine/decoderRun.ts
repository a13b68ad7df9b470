import type { TransformerConfig } from '../transformer/config';
import {
  empty,
  float32Data,
  int64,
  named,
  run,
  takeRows,
  type Session,
  type Tensors,
} from './runtime';
import { filled, fullBatch, positionRoom, slotFeeds, withRoom } from './fixedShapes';
import type { Decoder, ShortlistedDecoder } from './shortlistedDecoder';
import { readSources } from './sources';

export interface ModelSessions {
  readonly config: TransformerConfig;
  readonly floatType: 'float32' | 'float16';
  readonly encoder: Session;
  /** Weighs every piece of the vocabulary. */
  readonly decoder: Session;
  /** Weighs some of them, where the model's folder says which. */
  readonly shortlisted?: ShortlistedDecoder | undefined;
  /** See emitTakeSources: present where keys and values stay in the device's memory. */
  readonly takeSources?: Session;
  /** Whether batches and lengths are padded to a few sizes, and the decoder has slots: see fixedShapes.ts. */
  readonly fixedShapes?: boolean;
}

/** The best tokens of each row, best first: `top` per row, side by side. */
export interface TopTokens {
  readonly top: number;
  readonly ids: readonly number[];
  /** Nats. */
  readonly logProbabilities: Float32Array;
}

interface Steps {
  readonly group: number;
  readonly rowIndex: readonly number[];
  readonly top: number;
  readonly most: number;
}

type MutableTensors = Record<string, Tensors[string]>;

/** One batch of sources on its way through the decoder: owns the keys and values. See emitDecoder for the shapes. */
export class DecoderRun {
  private position = 0;
  private past: MutableTensors = {};

  private constructor(
    private readonly sessions: ModelSessions,
    private readonly decoder: Decoder,
    private cross: Tensors,
    /** Sources in `cross`, copies that fill the batch included. */
    private batch: number,
    private readonly presentNames: readonly string[],
  ) {}

  /**
   * Encodes the sources, padded to the longest. `shortlist`: whether the model's may be used; `most`: pieces that a step
   * may ask for. Throws inferenceFailed.
   */
  static async start(
    sessions: ModelSessions,
    sources: readonly (readonly number[])[],
    { shortlist = false, most }: { shortlist?: boolean | undefined; most: number },
  ): Promise<DecoderRun> {
    const { config, encoder, floatType } = sessions;
    const chosen = shortlist ? await sessions.shortlisted?.choose(sources, most) : undefined;
    const decoder = chosen ?? { session: sessions.decoder, feeds: {}, mostSteps: 1 };
    const wanted = encoder.outputNames.filter((name) => name !== 'encoder_output');
    const { feeds, batch } = readSources(sessions, sources);
    const cross = await run(encoder, feeds, wanted);
    const names = decoder.session.outputNames.filter((name) => name.startsWith('present_'));
    const result = new DecoderRun(sessions, decoder, cross, batch, names);
    const { heads, keySize, valueSize } = config.decoder;
    for (const name of names) {
      const size = name.startsWith('present_key') ? keySize : valueSize;
      result.past[pastName(name)] = empty(floatType, [batch, heads, 0, size]);
    }
    return result;
  }

  /**
   * One more position for every row. `ids`: the last token of each row, `groups` rows per source; `rowIndex`: which row of the
   * step before each one continues. At the first step there is one row per source.
   */
  async step(
    ids: readonly number[],
    group: number,
    rowIndex: readonly number[],
    top: number,
  ): Promise<TopTokens> {
    const [only] = await this.steps(ids, { group, rowIndex, top, most: 1 });
    return only as TopTokens;
  }

  /**
   * At least one more position and at most `most`, each row going on with its best token. The last of them may hold ends and
   * banned tokens, those before it do not.
   */
  async steps(
    ids: readonly number[],
    { group, rowIndex, top, most }: Steps,
  ): Promise<readonly TopTokens[]> {
    const { session, feeds: output, mostSteps } = this.decoder;
    const rows = this.batch * group;
    const feeds: Tensors = {
      ...(mostSteps > 1 ? { steps: int64([Math.min(most, mostSteps)], []) } : {}),
      target_ids: int64(filled(ids, rows), [this.batch, group]),
      position: int64([this.position], [1]),
      row_index: int64(filled(rowIndex, rows), [rows]),
      top: int64([top], [1]),
      ...this.cross,
      ...this.roomForNext(),
      ...output,
    };
    const results = await run(session, feeds);
    letGo(this.past);
    for (const name of this.presentNames) this.past[pastName(name)] = named(results, name);
    const found = Array.from(named(results, 'top_ids').data as BigInt64Array, Number);
    const logProbabilities = float32Data(results, 'top_log_probabilities');
    const size = rows * top;
    const count = found.length / size;
    this.position += count;
    return Array.from({ length: count }, (_, step) => ({
      top,
      ids: found.slice(step * size, (step + 1) * size),
      logProbabilities: logProbabilities.subarray(step * size, (step + 1) * size),
    }));
  }

  /** The past, with a place for the next position where the shapes are fixed. */
  private roomForNext(): Tensors {
    const { config, fixedShapes, floatType } = this.sessions;
    if (!fixedShapes) return this.past;
    const room = positionRoom(this.position + 1, config.maxPositions);
    this.past = mapTensors(this.past, (name) => {
      const past = named(this.past, name);
      return past.dims[2] === room ? past : withRoom(past, room);
    });
    return { ...this.past, ...slotFeeds(floatType, this.position, room) };
  }

  /** Lets go of all sources but these; their rows leave by the next step's `rowIndex`. Throws inferenceFailed. */
  async keepSources(live: readonly number[]): Promise<void> {
    const { takeSources, fixedShapes } = this.sessions;
    const { cross } = this;
    const indices = fixedShapes ? fullBatch(live) : live;
    this.batch = indices.length;
    if (takeSources) {
      const index = int64(indices, [indices.length]);
      const kept = await run(takeSources, { ...cross, index });
      this.cross = mapTensors(cross, (name) => named(kept, `kept_${name}`));
      letGo(cross);
    } else {
      this.cross = mapTensors(cross, (name) => takeRows(named(cross, name), indices));
    }
  }

  /** To be called at the end, however it came: a device's memory is not the garbage collector's. */
  release(): void {
    letGo(this.cross);
    letGo(this.past);
  }
}

function mapTensors(tensors: Tensors, map: (name: string) => Tensors[string]): Tensors {
  return Object.fromEntries(Object.keys(tensors).map((name) => [name, map(name)]));
}

function letGo(tensors: Tensors): void {
  for (const tensor of Object.values(tensors))
    if (tensor.location === 'gpu-buffer') tensor.dispose();
}

function pastName(present: string): string {
  return present.replace('present_', 'past_');
}
