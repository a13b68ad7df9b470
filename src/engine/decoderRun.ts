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
import type { ShortlistedDecoder } from './shortlistedDecoder';
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
}

/** The best tokens of each row, best first: `top` per row, side by side. */
export interface TopTokens {
  readonly top: number;
  readonly ids: readonly number[];
  /** Nats. */
  readonly logProbabilities: Float32Array;
}

interface Decoder {
  readonly session: Session;
  /** What the output layer reads and which piece each of its columns is, where these are not all. */
  readonly feeds: Tensors;
  readonly ids?: Int32Array;
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
    const chosen = shortlist ? sessions.shortlisted?.choose(sources, most) : undefined;
    const decoder = chosen ?? { session: sessions.decoder, feeds: {} };
    const wanted = encoder.outputNames.filter((name) => name !== 'encoder_output');
    const cross = await run(encoder, readSources(config, sources).feeds, wanted);
    const names = decoder.session.outputNames.filter((name) => name.startsWith('present_'));
    const result = new DecoderRun(sessions, decoder, cross, names);
    const { heads, keySize, valueSize } = config.decoder;
    for (const name of names) {
      const size = name.startsWith('present_key') ? keySize : valueSize;
      result.past[pastName(name)] = empty(floatType, [sources.length, heads, 0, size]);
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
    const { session, feeds: output, ids: pieces } = this.decoder;
    const feeds: Tensors = {
      target_ids: int64(ids, [ids.length / group, group]),
      position: int64([this.position], [1]),
      row_index: int64(rowIndex, [rowIndex.length]),
      top: int64([top], [1]),
      ...this.cross,
      ...this.past,
      ...output,
    };
    const results = await run(session, feeds);
    letGo(this.past);
    for (const name of this.presentNames) this.past[pastName(name)] = named(results, name);
    this.position++;
    const places = Array.from(named(results, 'top_ids').data as BigInt64Array, Number);
    return {
      top,
      ids: pieces ? places.map((place) => pieces[place] as number) : places,
      logProbabilities: float32Data(results, 'top_log_probabilities'),
    };
  }

  /** Lets go of all sources but these; their rows leave by the next step's `rowIndex`. Throws inferenceFailed. */
  async keepSources(indices: readonly number[]): Promise<void> {
    const { takeSources } = this.sessions;
    const { cross } = this;
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
