import type { InferenceSession } from 'onnxruntime-node';
import type { TransformerConfig } from '../transformer/config';
import { empty, float32Data, int64, named, run, takeRows, type Tensors } from './runtime';

export interface ModelSessions {
  readonly config: TransformerConfig;
  readonly floatType: 'float32' | 'float16';
  readonly encoder: InferenceSession;
  readonly decoder: InferenceSession;
}

/** The best tokens of each row, best first: `top` per row, side by side. */
export interface TopTokens {
  readonly top: number;
  readonly ids: readonly number[];
  /** Nats. */
  readonly logProbabilities: Float32Array;
}

/** One batch of sources on its way through the decoder: owns the keys and values. See emitDecoder for the shapes. */
export class DecoderRun {
  private position = 0;
  private past: Record<string, ReturnType<typeof empty>> = {};

  private constructor(
    private readonly sessions: ModelSessions,
    private cross: Record<string, ReturnType<typeof empty>>,
    private readonly presentNames: readonly string[],
  ) {}

  /** Encodes the sources, padded to the longest. Throws inferenceFailed. */
  static async start(
    sessions: ModelSessions,
    sources: readonly (readonly number[])[],
  ): Promise<DecoderRun> {
    const { config, encoder, decoder, floatType } = sessions;
    const length = Math.max(...sources.map((source) => source.length));
    const ids = sources.flatMap((source) => pad(source, length, config.padTokenId));
    const mask = sources.flatMap((source) =>
      pad(
        source.map(() => 1),
        length,
        0,
      ),
    );
    const dims = [sources.length, length];
    const wanted = encoder.outputNames.filter((name) => name !== 'encoder_output');
    const feeds = { source_ids: int64(ids, dims), source_mask: int64(mask, dims) };
    const encoded = await run(encoder, feeds, wanted);
    const names = decoder.outputNames.filter((name) => name.startsWith('present_'));
    const result = new DecoderRun(sessions, { ...encoded }, names);
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
    const feeds: Tensors = {
      target_ids: int64(ids, [ids.length / group, group]),
      position: int64([this.position], [1]),
      row_index: int64(rowIndex, [rowIndex.length]),
      top: int64([top], [1]),
      ...this.cross,
      ...this.past,
    };
    const results = await run(this.sessions.decoder, feeds);
    for (const name of this.presentNames) this.past[pastName(name)] = named(results, name);
    this.position++;
    return {
      top,
      ids: Array.from(named(results, 'top_ids').data as BigInt64Array, Number),
      logProbabilities: float32Data(results, 'top_log_probabilities'),
    };
  }

  /** Lets go of all sources but these; their rows leave by the next step's `rowIndex`. */
  keepSources(indices: readonly number[]): void {
    for (const [name, tensor] of Object.entries(this.cross))
      this.cross[name] = takeRows(tensor, indices);
  }
}

function pastName(present: string): string {
  return present.replace('present_', 'past_');
}

function pad(values: readonly number[], length: number, value: number): number[] {
  return [...values, ...Array.from({ length: length - values.length }, () => value)];
}
