import { throwIfAborted } from '../common/async';
import { AppError } from '../common/errors';
import type { Language, Priority } from '../protocol/engine';
import type { SummarizeParams, SummarizeResult } from '../protocol/tasks';
import { chooseDirection } from '../text/direction';
import { protect } from '../text/protect';
import { proseSentences } from '../text/prose';
import { chooseSentences, PLAIN_SENTENCES, withoutCommon } from '../text/summary';
import { translationTag } from '../text/tags';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { makeBatches } from './batches';
import type { Turns } from './turns';
import type { Model } from './types';

/** Of one sentence; what a longer one says further on does not change its place among the others. */
const MOST_SOURCE_TOKENS = 128;
/** The graph of n sentences has n^2 edges; documents with more are summarized by their first ones. */
const MOST_SENTENCES = 1500;

export interface SummarizerParts {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly turns: Turns;
}

/** Extractive summaries: which sentences of a text say what the others say. */
export class Summarizer {
  /** Of this model's plain sentences; the same for every text. */
  private readonly plain = new Map<Language, Float32Array[]>();

  constructor(private readonly parts: SummarizerParts) {}

  /** Throws cancelled, inferenceFailed, tokenizerInvalid. */
  async summarize(params: SummarizeParams, signal?: AbortSignal): Promise<SummarizeResult> {
    throwIfAborted(signal);
    const { text } = params;
    const language =
      params.language === 'auto' ? chooseDirection(text, 'auto').source : params.language;
    const all = proseSentences(text);
    const sentences = all.slice(0, MOST_SENTENCES);
    const vectors = await this.vectors(
      sentences.map((sentence) => sentence.text),
      language,
      params.priority,
      signal,
    );
    let plain = this.plain.get(language);
    if (!plain) {
      plain = await this.vectors(PLAIN_SENTENCES[language], language, params.priority, signal);
      this.plain.set(language, plain);
    }
    const chosen = chooseSentences(sentences, withoutCommon(vectors, plain), params.sentences);
    return {
      language,
      sentences: chosen.map(({ index, score }) => {
        const { start, end, text: line } = sentences[index]!;
        return { start, end, text: line, score };
      }),
      total: all.length,
    };
  }

  /** The mean encoder state of each sentence, with code and the like as placeholders, as the model knows them. */
  async vectors(
    sentences: readonly string[],
    language: Language,
    priority?: Priority,
    signal?: AbortSignal,
  ): Promise<Float32Array[]> {
    const { model, tokenizer, turns } = this.parts;
    // It tells the model what language it reads: translating, it was trained with most text.
    const tag = translationTag(language === 'ko' ? 'en' : 'ko');
    if (tokenizer.tokenToId(tag) === undefined) {
      throw new AppError('tokenizerInvalid', `The vocabulary has no ${tag}.`, { token: tag });
    }
    const limit = Math.min(model.encodeLimit, MOST_SOURCE_TOKENS);
    const sources = sentences.map((sentence) => {
      const { ids } = tokenizer.encode(`${tag} ${protect(sentence).text}`);
      return ids.length <= limit ? ids : [...ids.slice(0, limit - 1), ids.at(-1) ?? 0];
    });
    const vectors = new Array<Float32Array>(sources.length);
    let left = sources.reduce((sum, ids) => sum + ids.length, 0);
    for (const batch of makeBatches([...sources.keys()], (row) => sources[row]?.length ?? 0, 1)) {
      const release = await turns.take(left, signal, priority);
      try {
        const ids = batch.map((row) => sources[row] ?? []);
        const found = await model.encode(ids, signal);
        batch.forEach((row, index) => (vectors[row] = found[index]!));
        left -= ids.reduce((sum, { length }) => sum + length, 0);
      } finally {
        release();
      }
      throwIfAborted(signal);
    }
    return vectors;
  }
}
