import { modelIdentity, readUncertainBelow } from '../engine/folder';
import { TranslationCache } from '../engine/translationCache';
import { Translator } from '../engine/translator';
import { Turns } from '../engine/turns';
import type { DecodingOptions, TextResult, TranslateParams } from '../protocol/engine';
import type { DecodingArguments, TextOptions } from './arguments';
import type { Session } from './session';

/** Commands are worth waiting for: beam 4, as the model's scores are stated. Hovers in the editor are greedy. */
const DEFAULT_DECODING = { beam: 4, lengthPenalty: 1, maxTokens: 256 } as const;

/** What the command line gives, and the commands' own default for the rest. */
export function decodingOf({
  beam = DEFAULT_DECODING.beam,
  lengthPenalty = DEFAULT_DECODING.lengthPenalty,
  maxTokens = DEFAULT_DECODING.maxTokens,
  wholeVocabulary = false,
}: DecodingArguments): DecodingOptions {
  return { beam, lengthPenalty, maxTokens, wholeVocabulary };
}

/** Equal sentences are translated once. */
const CACHE_BYTES = 64 * 2 ** 20;

/** Translates texts with the options of a command line, as the engine process does it for the editor. */
export class Texts {
  private constructor(
    private readonly translator: Translator,
    private readonly params: Omit<TranslateParams, 'texts'>,
  ) {}

  static async of(session: Session, options: TextOptions): Promise<Texts> {
    const translator = new Translator({
      model: session.model,
      tokenizer: session.tokenizer,
      identity: await modelIdentity(session.folder),
      uncertainBelow: await readUncertainBelow(session.folder),
      cache: new TranslationCache(CACHE_BYTES),
      turns: new Turns(),
    });
    const target = options.to ?? 'auto';
    const decoding = decodingOf(options);
    return new Texts(translator, { call: 0, target, decoding, protectPatterns: [], stream: false });
  }

  /** One result per text, in their order. Throws as Translator.translate. */
  async translate(
    texts: readonly string[],
    onProgress: (done: number, total: number) => void = () => undefined,
  ): Promise<readonly TextResult[]> {
    const { results } = await this.translator.translate({ ...this.params, texts }, { onProgress });
    return results;
  }
}
