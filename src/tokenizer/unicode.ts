// Character classes as the reference has them: Unicode properties, not JavaScript's own \s, \w and \d, which differ
// (U+0085 and U+FEFF for blanks; only ASCII for \w and \d).

/** Rust's `char::is_whitespace`. */
export const WHITE_SPACE = '\\p{White_Space}';
/** `\w` of Rust's regex crate (UTS 18, annex C). */
export const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';
/** ASCII punctuation has members that Unicode counts as symbols ($ + < = > ^ ` | ~). */
export const PUNCTUATION = '\\p{P}$+<=>^`|~';

const LONE_SURROGATES = /[\ud800-\udfff]/gu;

/**
 * A lone surrogate is read as U+FFFD. The reference never sees one (its strings are UTF-8), and U+FFFD is what every
 * encoder to UTF-8 writes for it; one unit stays one unit, so spans into the original hold as they are.
 */
export function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATES, '\ufffd');
}

/** Number of UTF-16 units of the code point at `at` of a well-formed text. */
export function unitsAt(text: string, at: number): 1 | 2 {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit < 0xdc00 ? 2 : 1;
}

/** Bytes of a well-formed text. By hand: for the single characters this is for, an encoder's call costs more. */
export function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else {
      if (code < 0x10000) bytes.push(0xe0 | (code >> 12));
      else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63));
      bytes.push(0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
  }
  return bytes;
}

/** The piece that stands for one byte in a vocabulary with byte fallback. */
export function bytePiece(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
}
