import type { AlignedText } from './alignedText';
import { GPT2_WORDS, toByteCharacters } from './byteLevel';
import type { JsonObject } from './json';
import { asArray, asBoolean, asObject, typeOf, unsupported } from './json';
import { readMetaspace } from './metaspace';
import { prepend } from './normalizers';
import type { FindMatches } from './pattern/patterns';
import { readPattern, trusted } from './pattern/patterns';
import type { SplitBehavior } from './splitting';
import { readBehavior, split } from './splitting';
import { PUNCTUATION, WHITE_SPACE, WORD } from './unicode';

/** Cuts a text into the pieces that the model sees one by one. */
export type PreTokenizer = (piece: AlignedText) => readonly AlignedText[];

const BLANK = trusted(new RegExp(WHITE_SPACE, 'gu'));
const WORDS_AND_SIGNS = trusted(new RegExp(`[${WORD}]+|[^${WORD}${WHITE_SPACE}]+`, 'gu'));
const NUMERAL = trusted(/\p{N}/gu);
const SIGN = trusted(new RegExp(`[${PUNCTUATION}]`, 'gu'));

export function readPreTokenizer(value: unknown, field = 'pre_tokenizer'): PreTokenizer {
  if (value === null || value === undefined) return (piece) => [piece];
  const json = asObject(value, field);
  const type = typeOf(json, field);
  switch (type) {
    case 'Sequence': {
      const list = asArray(json['pretokenizers'], `${field}.pretokenizers`);
      const steps = list.map((step, i) => readPreTokenizer(step, `${field}.pretokenizers[${i}]`));
      return (piece) =>
        steps.reduce<readonly AlignedText[]>((pieces, step) => pieces.flatMap(step), [piece]);
    }
    case 'Metaspace':
      return readMetaspace(json, field).preTokenize;
    case 'ByteLevel':
      return readByteLevel(json, field);
    case 'Whitespace':
      return by(WORDS_AND_SIGNS, 'Removed', true);
    case 'WhitespaceSplit':
      return by(BLANK, 'Removed');
    case 'Digits': {
      const single = asBoolean(json['individual_digits'], `${field}.individual_digits`, false);
      return by(NUMERAL, single ? 'Isolated' : 'Contiguous');
    }
    case 'Punctuation':
      return by(SIGN, readBehavior(json['behavior'] ?? 'Isolated', `${field}.behavior`));
    case 'BertPreTokenizer': {
      const atBlanks = by(BLANK, 'Removed');
      const atSigns = by(SIGN, 'Isolated');
      return (piece) => atBlanks(piece).flatMap(atSigns);
    }
    case 'Split': {
      const pattern = readPattern(json['pattern'], `${field}.pattern`);
      const behavior = readBehavior(json['behavior'], `${field}.behavior`);
      return by(pattern, behavior, asBoolean(json['invert'], `${field}.invert`, false));
    }
    default:
      throw unsupported(field, type);
  }
}

function by(pattern: FindMatches, behavior: SplitBehavior, invert = false): PreTokenizer {
  return (piece) => split(piece, pattern, behavior, invert);
}

function readByteLevel(json: JsonObject, field: string): PreTokenizer {
  const prefix = asBoolean(json['add_prefix_space'], `${field}.add_prefix_space`, true);
  const words = asBoolean(json['use_regex'], `${field}.use_regex`, true);
  return (piece) => {
    const whole = prefix && !piece.text.startsWith(' ') ? prepend(piece, ' ') : piece;
    const pieces = words ? split(whole, GPT2_WORDS, 'Isolated') : [whole];
    return pieces.map(toByteCharacters);
  };
}
