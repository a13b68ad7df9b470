import { LRUCache } from 'lru-cache';
import type { AttentionMap } from '../attention/attentionMap';
import { encodeHalf } from '../attention/half';
import { headMetrics, type AttentionKind, type SpecialKeys } from '../attention/headMetrics';
import { THUMBNAIL_SIZE, thumbnail } from '../attention/thumbnail';
import { wordsOfTokens } from '../attention/words';
import { AppError } from '../common/errors';
import type { AttentionAnswer, AttentionQuery } from '../protocol/attentionQueries';
import type { InspectParams } from '../protocol/engine';
import {
  ATTENTION_KINDS,
  HEAD_METRICS,
  layersOf,
  mapIndex,
  mapShape,
  thumbnailShape,
  type AttentionRun,
  type PanelToken,
} from '../protocol/attentionRun';
import { planText } from '../text/plan';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { sentenceTokens, targetSpans, type TokenSpan } from './tokenSpans';
import { answerQuery, type KeptRun, type QueryContext } from './attentionQueries';
import { fileHash } from './folder';
import type { LoadedModel } from './modelKeeper';
import type { Turns } from './turns';
import type { InspectResult, Model } from './types';

/** A run of 144 maps of 512 x 512 weights takes 72 MiB. */
const MOST_RUNS = 3;

export interface InspectParts extends LoadedModel {
  readonly turns: Turns;
}

interface Kept extends KeptRun {
  readonly identity: string;
}

type Shape = Omit<AttentionRun, 'thumbnails' | 'metrics' | 'valueNorms'>;

/** What a sentence's attention is shown from: the last few runs, in half precision, one map given at a time. */
export class AttentionRuns {
  private readonly runs = new LRUCache<number, Kept>({ max: MOST_RUNS });
  /** Begins with the time: numbers of an engine process that died must not mean runs of the next one. */
  private nextRun = Date.now();

  /**
   * Translates the first sentence of the text, then takes every map from one teacher-forced pass over the whole output.
   * Throws invalidArgument if there is no sentence, textTooLong, cancelled, inferenceFailed.
   */
  async inspect(
    { model, info, tokenizer, turns, identity }: InspectParts,
    params: InspectParams,
    signal: AbortSignal,
  ): Promise<AttentionRun> {
    const { sentence, source, direction } = firstSentence(params, tokenizer, model.encodeLimit);
    const sourceIds = source.map(({ id }) => id);
    const release = await turns.take(sourceIds.length, signal);
    try {
      const options = { ...params.decoding, nBest: 1, signal };
      const [hypotheses] = await model.generate([sourceIds], options);
      const ids = hypotheses?.[0]?.ids ?? [];
      const result = await model.inspect(sourceIds, ids);
      const inputs = [model.config.startTokenId, ...ids].slice(0, result.dec.dims[2]);
      const special = specialIds(model, tokenizer);
      const targetText = tokenizer.decode(ids);
      const target = targetSpans(tokenizer, [...inputs, model.config.endTokenId]);
      const sourceWords = wordsOfTokens(params.text, source, direction.source);
      const targetWords = wordsOfTokens(targetText, target, direction.target);
      const toTokens = (spans: readonly TokenSpan[], words: Int32Array): PanelToken[] =>
        spans.map((span, index) => panelToken(span, special, words[index] ?? -1));
      const targetTokens = toTokens(target, targetWords);
      return this.keep(identity, result, {
        runId: this.nextRun++,
        modelName: info.name,
        modelHash: await fileHash(info.modelPath, 'model.safetensors'),
        tokenizerHash: await fileHash(info.modelPath, 'tokenizer.json'),
        direction,
        selectionLength: params.text.length,
        sentences: [{ start: sentence.start, end: sentence.end, tokens: source.length }],
        sentence: 0,
        thumbnailSide: THUMBNAIL_SIZE,
        alignment: { layer: model.config.decoder.layers - 1, mode: 'input' },
        encoderLayers: model.config.encoder.layers,
        decoderLayers: model.config.decoder.layers,
        heads: model.config.encoder.heads,
        targetText,
        source: toTokens(source, sourceWords),
        target: targetTokens.slice(0, -1),
        predicted: targetTokens.slice(1),
      });
    } finally {
      release();
    }
  }

  /** Throws invalidArgument if the run is gone or has nothing of the kind that is asked for. */
  async answer(
    query: AttentionQuery,
    signal: AbortSignal,
    turns: Turns,
    use: QueryContext['useModel'],
  ): Promise<AttentionAnswer> {
    const kept = this.runs.get(query.runId);
    if (!kept)
      throw new AppError('invalidArgument', `Run ${query.runId} is no longer kept.`, {
        what: 'run',
      });
    const useModel: QueryContext['useModel'] = (work) =>
      use((loaded) => {
        if (loaded.identity === kept.identity) return work(loaded);
        throw new AppError('invalidArgument', 'The model of the run is gone.', { what: 'run' });
      });
    return answerQuery({ kept, signal, turns, useModel }, query);
  }

  private keep(identity: string, result: InspectResult, shape: Shape): AttentionRun {
    const weights = {
      encoder: result.enc.data,
      decoder: result.dec.data,
      cross: result.cross.data,
    };
    const { thumbnails, metrics } = describe(shape, weights);
    const { enc, dec, cross } = result.valueNorms;
    const norms = [enc, dec, cross].flatMap(({ data }) => [...data]);
    const valueNorms = encodeHalf(Float32Array.from(norms));
    const run = { ...shape, thumbnails, metrics, valueNorms };
    const maps = {
      encoder: encodeHalf(weights.encoder),
      decoder: encodeHalf(weights.decoder),
      cross: encodeHalf(weights.cross),
    };
    this.runs.set(run.runId, { identity, run, maps });
    return run;
  }
}

function firstSentence(params: InspectParams, tokenizer: Tokenizer, limit: number) {
  const plan = planText(params.text, params);
  const sentence = plan.sentences.find(({ keep }) => keep === undefined);
  if (!sentence)
    throw new AppError('invalidArgument', 'There is no sentence to translate.', {
      what: 'sentence',
    });
  const tokens = sentenceTokens(tokenizer, `<2${plan.target}>`, sentence);
  if (tokens.length > limit)
    throw new AppError('textTooLong', 'The sentence has more tokens than the model reads.', {
      limit,
    });
  const direction = { source: plan.source, target: plan.target };
  return { sentence, source: tokens, direction };
}

function describe(
  shape: Shape,
  weights: Readonly<Record<AttentionKind, Float32Array>>,
): { thumbnails: Uint8Array<ArrayBuffer>; metrics: Float32Array<ArrayBuffer> } {
  const last = thumbnailShape(shape, 'cross');
  const crossMaps = shape.decoderLayers * shape.heads;
  const thumbnails = new Uint8Array(last.offset + crossMaps * last.rows * last.columns);
  const count = (shape.encoderLayers + 2 * shape.decoderLayers) * shape.heads;
  const metrics = new Float32Array(count * HEAD_METRICS.length);
  for (const kind of ATTENTION_KINDS) {
    const { queries, keys } = mapShape(shape, kind);
    const { rows, columns, offset } = thumbnailShape(shape, kind);
    const special = specialKeys(kind === 'decoder' ? shape.target : shape.source);
    for (let map = 0; map < layersOf(shape, kind) * shape.heads; map++) {
      const start = map * queries * keys;
      const attention: AttentionMap = {
        weights: weights[kind].subarray(start, start + queries * keys),
        queries,
        keys,
        causal: kind === 'decoder',
      };
      thumbnails.set(thumbnail(attention).values, offset + map * rows * columns);
      const values = headMetrics(attention, kind, special);
      const index = mapIndex(shape, kind, Math.floor(map / shape.heads), map % shape.heads);
      metrics.set(
        HEAD_METRICS.map((metric) => values[metric]),
        index * HEAD_METRICS.length,
      );
    }
  }
  return { thumbnails, metrics };
}

function specialKeys(tokens: readonly PanelToken[]): SpecialKeys {
  const all = [...tokens.keys()].filter((index) => tokens[index]?.special);
  return { all: new Set(all), end: new Set(all.filter((index) => tokens[index]?.text === '</s>')) };
}

/** The start and end tokens and the tag: not words of the text. Placeholders are: they stand for its code. */
function specialIds(model: Model, tokenizer: Tokenizer): ReadonlySet<number> {
  const tags = ['<2ko>', '<2en>'].map((tag) => tokenizer.tokenToId(tag));
  const { startTokenId, endTokenId, padTokenId } = model.config;
  return new Set([startTokenId, endTokenId, padTokenId, ...tags.filter((id) => id !== undefined)]);
}

function panelToken(
  { id, token, start, end }: TokenSpan,
  special: ReadonlySet<number>,
  word: number,
): PanelToken {
  return { id, text: token.replaceAll('▁', ' '), start, end, special: special.has(id), word };
}
