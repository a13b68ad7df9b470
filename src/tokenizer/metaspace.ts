import type { AlignedText } from './alignedText';
import type { JsonObject } from './json';
import { asBoolean, asCharacter, asString, unsupported } from './json';
import { prepend, replaceAll } from './normalizers';
import type { FindMatches } from './pattern/patterns';
import { split } from './splitting';

/** SentencePiece's way with blanks: they become a visible character that belongs to the word behind it. */
export interface Metaspace {
  readonly replacement: string;
  /** Whether a blank is put before the first word at all, which decoding takes away again. */
  readonly prepends: boolean;
  readonly preTokenize: (piece: AlignedText) => readonly AlignedText[];
}

export function readMetaspace(json: JsonObject, field: string): Metaspace {
  const replacement = asCharacter(json['replacement'], `${field}.replacement`);
  const scheme = readScheme(json, field);
  const splits = asBoolean(json['split'], `${field}.split`, true);
  const blank = every(' ');
  const mark = every(replacement);
  return {
    replacement,
    prepends: scheme !== 'never',
    preTokenize: (piece) => {
      let text = replaceAll(piece, blank, replacement);
      // "first" means the beginning of the whole text: behind an added token there is no blank to make up for.
      const wanted = scheme === 'always' || (scheme === 'first' && piece.origin === 0);
      if (wanted && !text.text.startsWith(replacement)) text = prepend(text, replacement);
      return splits ? split(text, mark, 'MergedWithNext') : [text];
    },
  };
}

function readScheme(json: JsonObject, field: string): 'first' | 'always' | 'never' {
  const value = json['prepend_scheme'];
  if (value === undefined) {
    // Files from before the schemes say the same with a flag.
    return asBoolean(json['add_prefix_space'], `${field}.add_prefix_space`, true)
      ? 'always'
      : 'never';
  }
  const scheme = asString(value, `${field}.prepend_scheme`);
  if (scheme === 'first' || scheme === 'always' || scheme === 'never') return scheme;
  throw unsupported(`${field}.prepend_scheme`, scheme);
}

function every(character: string): FindMatches {
  return (text, found) => {
    for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) {
      found(at, at + character.length);
    }
  };
}
