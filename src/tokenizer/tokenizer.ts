import { toAppError } from '../common/errors';
import { AddedTokens } from './addedTokens';
import type { Span } from './alignedText';
import { AlignedText } from './alignedText';
import { Bpe } from './bpe';
import { DecoderRun, readDecoder } from './decoders';
import { asObject, typeOf, unsupported } from './json';
import type { TokenModel } from './model';
import { TokenList } from './model';
import { readNormalizer } from './normalizers';
import type { PostProcessor } from './postProcessors';
import { readPostProcessor } from './postProcessors';
import type { PreTokenizer } from './preTokenizers';
import { readPreTokenizer } from './preTokenizers';
import { Unigram } from './unigram';
import { wellFormed } from './unicode';

export interface EncodeOptions {
  /** Whether the post-processor adds its tokens (`</s>`). Default true. */
  readonly addSpecialTokens?: boolean;
}

export interface Encoding {
  readonly ids: number[];
  /**
   * One per id, UTF-16 units of the text given. A token of several source characters (composed ones, a run of blanks)
   * spans them all; byte pieces of one character each span the character; -1/-1 where a token has no source.
   */
  readonly spans: Span[];
}

export interface DecodeOptions {
  /** Whether special added tokens (`<pad>`, `</s>`) are left out. Default true. */
  readonly skipSpecialTokens?: boolean;
}

export interface StreamDecoder {
  /** Text that has become certain with this id; never half a character. */
  push(id: number): string;
  /** What was still held back. */
  end(): string;
}

/**
 * A tokenizer as a Hugging Face tokenizer.json describes it. Stateless after loading: calls do not influence each other.
 * Truncation and padding of the file are not applied; lengths are the caller's business.
 */
export class Tokenizer {
  private constructor(
    private readonly added: AddedTokens,
    private readonly preTokenize: PreTokenizer,
    private readonly model: TokenModel,
    private readonly postProcess: PostProcessor,
    private readonly decoder: ReturnType<typeof readDecoder>,
  ) {}

  /** @throws AppError `tokenizerInvalid` naming the field, for broken files and for types not supported. */
  static fromJson(json: unknown): Tokenizer {
    try {
      return Tokenizer.read(json);
    } catch (error) {
      // Whatever else goes wrong while reading (steps nested so deep that the stack ends) is the file's fault, too.
      throw toAppError(error, 'tokenizerInvalid');
    }
  }

  private static read(json: unknown): Tokenizer {
    const root = asObject(json, 'root');
    const model = readModel(root['model']);
    return new Tokenizer(
      new AddedTokens(root['added_tokens'], model, readNormalizer(root['normalizer'])),
      readPreTokenizer(root['pre_tokenizer']),
      model,
      readPostProcessor(root['post_processor']),
      readDecoder(root['decoder']),
    );
  }

  /** Number of different tokens, added ones included. */
  get vocabularySize(): number {
    return this.model.size + this.added.countBeyond(this.model);
  }

  tokenToId(token: string): number | undefined {
    return this.added.tokenToId(token) ?? this.model.tokenToId(token);
  }

  idToToken(id: number): string | undefined {
    return this.added.idToToken(id) ?? this.model.idToToken(id);
  }

  /** A lone surrogate is read as U+FFFD; its span is the one unit. */
  encode(text: string, options: EncodeOptions = {}): Encoding {
    const tokens = new TokenList();
    for (const section of this.added.sections(AlignedText.of(wellFormed(text)))) {
      if (section.id !== undefined) {
        tokens.push(section.id, section.text.span(0, section.text.length));
        continue;
      }
      for (const piece of this.preTokenize(section.text)) this.model.tokenize(piece, tokens);
    }
    const { ids, spans } = this.postProcess(tokens, text, options.addSpecialTokens ?? true);
    return { ids, spans };
  }

  /** Ids that stand for no token are left out, as in the reference. */
  decode(ids: readonly number[], options: DecodeOptions = {}): string {
    const stream = this.streamDecoder(options);
    return ids.map((id) => stream.push(id)).join('') + stream.end();
  }

  streamDecoder(options: DecodeOptions = {}): StreamDecoder {
    const skip = options.skipSpecialTokens ?? true;
    const run = new DecoderRun(this.decoder);
    return {
      push: (id) => {
        const token = this.idToToken(id);
        if (token === undefined || (skip && this.added.isSpecial(token))) return '';
        return run.push(token);
      },
      end: () => run.end(),
    };
  }
}

function readModel(value: unknown): TokenModel {
  const json = asObject(value, 'model');
  // Files from before 0.10 leave the type out; only BPE has merges.
  const type = json['type'] === undefined && 'merges' in json ? 'BPE' : typeOf(json, 'model');
  switch (type) {
    case 'Unigram':
      return new Unigram(json);
    case 'BPE':
      return new Bpe(json);
    default:
      throw unsupported('model', type);
  }
}
