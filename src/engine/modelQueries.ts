/** What the panel's model view asks for: facts of the loaded model, one head opened up, what a text's length costs. */
import { throwIfAborted } from '../common/async';
import { openQuery } from '../attention/scaledDotProduct';
import type {
  AttentionQueryParams,
  AttentionQueryResult,
  CostPoint,
  HeadDetail,
  ModelFacts,
} from '../protocol/attentionQueries';
import { mapShape } from '../protocol/attentionRun';
import { modelBlocks } from '../transformer/blocks';
import { parameterSums } from '../transformer/parameterTerms';
import type { QueryContext } from './queryContext';
import { readModelFiles } from './modelFiles';
import { nearestPieces, readEmbeddings } from './neighbours';

export function modelFacts({ useModel }: QueryContext): Promise<ModelFacts> {
  return useModel(async ({ info }) => {
    const { config, weights } = await readModelFiles(info.modelPath);
    const blocks = modelBlocks(config, weights);
    const total = (field: 'parameters' | 'stored'): number =>
      blocks.reduce((sum, block) => sum + block[field], 0);
    const { encoder, modelSize, vocabularySize, maxPositions, norm, activation } = config;
    return {
      name: info.name,
      precision: info.precision,
      blocks,
      parameters: total('parameters'),
      stored: total('stored'),
      modelSize,
      feedForwardSize: encoder.feedForwardSize,
      heads: encoder.heads,
      keySize: encoder.keySize,
      encoderLayers: encoder.layers,
      decoderLayers: config.decoder.layers,
      vocabularySize,
      maxPositions,
      norm,
      activation,
      positions: config.positions,
      comparisons: parameterSums(config),
    };
  });
}

const MOST_NEIGHBOURS = 10;

export function neighbours(
  { kept, useModel }: QueryContext,
  { side, index }: AttentionQueryParams<'neighbours'>,
): Promise<AttentionQueryResult<'neighbours'>> {
  const id = kept.run[side][index]?.id ?? 0;
  return useModel(async ({ info, tokenizer }) => {
    const embeddings = await readEmbeddings(info.modelPath);
    const nearest = nearestPieces(embeddings, id, MOST_NEIGHBOURS);
    return {
      neighbours: nearest.map(({ id: other, cosine }) => ({
        text: (tokenizer.idToToken(other) ?? '').replaceAll('▁', ' '),
        cosine,
      })),
    };
  });
}

export function headDetail(
  { kept, signal, turns, useModel }: QueryContext,
  { kind, layer, head, query }: AttentionQueryParams<'headDetail'>,
): Promise<HeadDetail> {
  const { run } = kept;
  const { queries, keys } = mapShape(run, kind);
  return useModel(async ({ model }) => {
    const release = await turns.take(queries + keys, signal);
    try {
      const ids = (side: 'source' | 'target'): number[] => run[side].map(({ id }) => id);
      const all = await model.projections({ kind, layer }, ids('source'), ids('target'));
      const { keySize, valueSize } = model.config[kind === 'encoder' ? 'encoder' : 'decoder'];
      const queryStart = (head * queries + query) * keySize;
      // Copies: a view would take the whole layer along over every boundary.
      const vectors = (values: Float32Array, size: number): Float32Array =>
        values.slice(head * keys * size, (head + 1) * keys * size);
      const opened = {
        query: all.query.slice(queryStart, queryStart + keySize),
        keys: vectors(all.key, keySize),
        values: vectors(all.value, valueSize),
        mask: Uint8Array.from({ length: keys }, (_, key) =>
          kind === 'decoder' && key > query ? 0 : 1,
        ),
      };
      return {
        kind,
        layer,
        head,
        query,
        queryVector: opened.query,
        keyVectors: opened.keys,
        valueVectors: opened.values,
        mask: opened.mask,
        ...openQuery(opened),
      };
    } finally {
      release();
    }
  });
}

const COST_LENGTHS = [16, 32, 64, 128, 256, 512] as const;
const REPETITIONS = 3;

/** The encoder is timed alone: each pass has a turn, so that no translation runs beside it and none waits for all of them. */
export function cost({
  signal,
  turns,
  useModel,
}: QueryContext): Promise<AttentionQueryResult<'cost'>> {
  return useModel(async ({ model }) => {
    const { modelSize } = model.config;
    const points: CostPoint[] = [];
    for (const length of COST_LENGTHS.filter((tokens) => tokens <= model.encodeLimit)) {
      const ids = arbitraryIds(length, model.config.vocabularySize);
      const times: number[] = [];
      // One pass more, which is not counted: the first of a length allocates.
      for (let pass = 0; pass <= REPETITIONS; pass++) {
        const release = await turns.take(length, signal);
        try {
          throwIfAborted(signal);
          const start = performance.now();
          await model.encode([ids], signal);
          if (pass > 0) times.push(performance.now() - start);
        } finally {
          release();
        }
      }
      points.push({
        length,
        selfAttention: length ** 2 * modelSize,
        recurrent: length * modelSize ** 2,
        encoderMilliseconds: median(times),
      });
    }
    return { points };
  });
}

/** Which tokens they are makes no difference to the time; not all the same, so that no shortcut could help. */
function arbitraryIds(length: number, vocabularySize: number): number[] {
  return Array.from({ length }, (_, index) => (7919 * (index + 1)) % vocabularySize);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
