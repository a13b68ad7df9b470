import type { Tokenizer } from '../../../src/tokenizer/tokenizer';
import type { Capture } from '../../../src/engine/capture';
import type {
  DecodeOptions,
  Hypothesis,
  InspectResult,
  Model,
  Projections,
} from '../../../src/engine/types';
import type { TransformerConfig } from '../../../src/transformer/config';
import { throwIfAborted } from '../../../src/common/async';

const config: TransformerConfig = {
  vocabularySize: 16000,
  modelSize: 8,
  encoder: { layers: 1, heads: 2, keySize: 4, valueSize: 4, feedForwardSize: 8 },
  decoder: { layers: 1, heads: 2, keySize: 4, valueSize: 4, feedForwardSize: 8 },
  activation: 'relu',
  norm: 'post',
  embeddingNorm: false,
  positions: 'sinusoidalConcatenated',
  maxPositions: 512,
  positionOffset: 0,
  scaleEmbedding: true,
  tiedSoftmax: true,
  padTokenId: 0,
  endTokenId: 1,
  startTokenId: 0,
  bannedTokenIds: [0],
  renormalize: false,
};

/** What the fake writes for a source (its text without the tag), best first. */
export type Writer = (source: string, options: DecodeOptions) => readonly Written[];

export interface Written {
  readonly text: string;
  readonly ended?: boolean;
}

/** A model that answers what the test says, token by token, and remembers what it was asked. */
export class FakeModel implements Model {
  readonly config = config;
  readonly precision = 'fp32';
  readonly device = 'cpu';
  readonly parameters = 1;
  readonly encodeLimit: number = config.maxPositions;
  /** One entry per call: the sources as text, tags included. */
  readonly calls: { readonly sources: string[]; readonly options: DecodeOptions }[] = [];
  /** Awaited before every greedy step, for tests that act in the middle of a run. */
  beforeStep: (step: number) => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly tokenizer: Tokenizer,
    private readonly write: Writer,
  ) {}

  async generate(
    sources: readonly (readonly number[])[],
    options: DecodeOptions,
  ): Promise<Hypothesis[][]> {
    const texts = sources.map((ids) => this.tokenizer.decode(ids));
    this.calls.push({ sources: texts, options });
    const rows = texts.map((text) =>
      this.write(text.replace(/^<2(?:ko|en)>\s*/u, ''), options).map((written) =>
        this.hypothesis(written, options),
      ),
    );
    const longest = Math.max(...rows.map((row) => row[0]?.ids.length ?? 0));
    for (let step = 1; step <= longest; step++) {
      await this.beforeStep(step);
      throwIfAborted(options.signal);
      options.onStep?.(
        rows.map((row, index) => ({ row: index, ids: row[0]?.ids.slice(0, step) ?? [] })),
      );
    }
    return rows.map((row) => row.slice(0, options.nBest));
  }

  inspect(): Promise<InspectResult> {
    throw new Error('The fake has no attention.');
  }

  capture(): Promise<Capture> {
    throw new Error('The fake has no attention.');
  }

  projections(): Promise<Projections> {
    throw new Error('The fake has no attention.');
  }

  /** By the tokens alone: sources with the same tokens point the same way. */
  encode(sources: readonly (readonly number[])[]): Promise<Float32Array[]> {
    return Promise.resolve(
      sources.map((ids) => {
        const counts = new Float32Array(256);
        for (const id of ids.slice(1, -1)) counts[id % 256] = (counts[id % 256] ?? 0) + 1;
        return counts;
      }),
    );
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  private hypothesis({ text, ended = true }: Written, options: DecodeOptions): Hypothesis {
    const written = this.tokenizer.encode(text, { addSpecialTokens: false }).ids;
    const ids = ended ? [...written, config.endTokenId] : written.slice(0, options.maxTokens);
    const tokenLogProbabilities = ids.map(() => -0.5);
    const logProbability = -0.5 * ids.length;
    return { ids, logProbability, score: -0.5, tokenLogProbabilities, ended };
  }
}
