import { LRUCache } from 'lru-cache';
import type { AttentionMap } from '../attention/attentionMap';
import { encodeHalf } from '../attention/half';
import { headMetrics, type AttentionKind, type SpecialKeys } from '../attention/headMetrics';
import { thumbnail } from '../attention/thumbnail';
import { AppError } from '../common/errors';
import type { InspectParams, ModelInfo } from '../protocol/engine';
import {
  ATTENTION_KINDS,
  HEAD_METRICS,
  layersOf,
  mapIndex,
  mapShape,
  thumbnailShape,
  type AttentionRun,
  type HeadMap,
  type HeadRequest,
  type PanelToken,
} from '../protocol/panel';
import { planText } from '../text/plan';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { sentenceTokens, targetSpans, type TokenSpan } from './tokenSpans';
import type { Turns } from './turns';
import type { InspectResult, Model } from './types';

/** A run of 144 maps of 512 x 512 weights takes 72 MiB. */
const MOST_RUNS = 3;

interface Kept {
  readonly run: AttentionRun;
  readonly maps: Readonly<Record<AttentionKind, Uint16Array>>;
}

export interface InspectParts {
  readonly model: Model;
  readonly info: ModelInfo;
  readonly tokenizer: Tokenizer;
  readonly turns: Turns;
}

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
    { model, info, tokenizer, turns }: InspectParts,
    params: InspectParams,
    signal: AbortSignal,
  ): Promise<AttentionRun> {
    const source = firstSentence(params, tokenizer, model.encodeLimit);
    const sourceIds = source.map(({ id }) => id);
    const release = await turns.take(sourceIds.length, signal);
    try {
      const options = { ...params.decoding, nBest: 1, signal };
      const [hypotheses] = await model.generate([sourceIds], options);
      const ids = hypotheses?.[0]?.ids ?? [];
      const result = await model.inspect(sourceIds, ids);
      const inputs = [model.config.startTokenId, ...ids].slice(0, result.dec.dims[2]);
      const special = specialIds(model, tokenizer);
      return this.keep(result, {
        runId: this.nextRun++,
        modelName: info.name,
        encoderLayers: model.config.encoder.layers,
        decoderLayers: model.config.decoder.layers,
        heads: model.config.encoder.heads,
        targetText: tokenizer.decode(ids),
        source: source.map((span) => panelToken(span, special)),
        target: targetSpans(tokenizer, inputs).map((span) => panelToken(span, special)),
      });
    } finally {
      release();
    }
  }

  /** Throws invalidArgument if the run is gone or has no such head. */
  head({ runId, kind, layer, head }: HeadRequest): HeadMap {
    const kept = this.runs.get(runId);
    if (!kept)
      throw new AppError('invalidArgument', `Run ${runId} is no longer kept.`, {
        what: 'run',
      });
    if (layer >= layersOf(kept.run, kind) || head >= kept.run.heads)
      throw new AppError('invalidArgument', `There is no ${kind} head ${layer}.${head}.`);
    const { queries, keys } = mapShape(kept.run, kind);
    const start = (layer * kept.run.heads + head) * queries * keys;
    // A copy of exactly this map: a view would take the whole run along over every boundary.
    const weights = kept.maps[kind].slice(start, start + queries * keys);
    return { runId, kind, layer, head, queries, keys, weights };
  }

  private keep(
    result: InspectResult,
    shape: Omit<AttentionRun, 'thumbnails' | 'metrics'>,
  ): AttentionRun {
    const weights = {
      encoder: result.enc.data,
      decoder: result.dec.data,
      cross: result.cross.data,
    };
    const { thumbnails, metrics } = describe(shape, weights);
    const run = { ...shape, thumbnails, metrics };
    const maps = {
      encoder: encodeHalf(weights.encoder),
      decoder: encodeHalf(weights.decoder),
      cross: encodeHalf(weights.cross),
    };
    this.runs.set(run.runId, { run, maps });
    return run;
  }
}

function firstSentence(params: InspectParams, tokenizer: Tokenizer, limit: number): TokenSpan[] {
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
  return tokens;
}

function describe(
  shape: Omit<AttentionRun, 'thumbnails' | 'metrics'>,
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
): PanelToken {
  return { text: token.replaceAll('▁', ' '), start, end, special: special.has(id) };
}
