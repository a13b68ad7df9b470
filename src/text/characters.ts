/** Character classes that several parts of the text work share. */

/** Precomposed syllables and the jamo of both the modern keyboard and decomposed (NFD) text. */
const HANGUL = /[\uAC00-\uD7A3\u1100-\u11FF\u3131-\u318E\uA960-\uA97C\uD7B0-\uD7FB]/u;
const LETTER = /\p{L}/u;

export function isHangul(character: string | undefined): boolean {
  return character !== undefined && HANGUL.test(character);
}

export function isLetter(character: string | undefined): boolean {
  return character !== undefined && LETTER.test(character);
}

export function isSpace(character: string | undefined): boolean {
  return character !== undefined && /\s/u.test(character);
}

/** A precomposed Hangul syllable, whose final consonant can be computed. */
export function isSyllable(character: string | undefined): boolean {
  return character !== undefined && character >= '가' && character <= '힣';
}

/**
 * Everything that some reader counts as the end of a line: Unicode's mandatory breaks and the separators that Python's
 * `splitlines` adds. A translation never contains one, so that lines in and lines out agree however they are counted.
 */
export const LINE_END = /\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/u; // eslint-disable-line no-control-regex

/** Words at the start of a line that tools look for, as a part of a pattern: `TODO(name): …`. */
export const TASK_MARK = '(?:TODO|FIXME|HACK|XXX|BUG|WIP|MARK)';

/** Start and end in UTF-16 code units of the text at hand; end is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}
