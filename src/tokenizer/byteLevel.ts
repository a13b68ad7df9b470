import type { AlignedText } from './alignedText';
import { AlignedBuilder } from './alignedText';
import { trusted } from './pattern/patterns';
import { WHITE_SPACE, unitsAt, utf8 } from './unicode';

/**
 * The alphabet of byte-level BPE (Radford et al. 2019): printable Latin-1 bytes are themselves, the other 68 bytes are
 * U+0100, U+0101, ... in their order, so that every byte is one visible character.
 */
export const BYTE_CHARACTERS: readonly string[] = (() => {
  let others = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCharCode(printable ? byte : 0x100 + others++);
  });
})();

export const CHARACTER_BYTES: ReadonlyMap<string, number> = new Map(
  BYTE_CHARACTERS.map((character, byte) => [character, byte]),
);

/** GPT-2's words: English clitics, letters, numbers, the rest; a blank goes with what follows it. */
export const GPT2_WORDS = trusted(
  new RegExp(
    `'(?:[stdm]|re|ve|ll)| ?\\p{L}+| ?\\p{N}+| ?[^${WHITE_SPACE}\\p{L}\\p{N}]+|` +
      `${WHITE_SPACE}+(?!${WHITE_SPACE.replace('p', 'P')})|${WHITE_SPACE}+`,
    'gu',
  ),
);

const UNCHANGED = /^[!-~]*$/;

/** Every byte of a character stands for the whole character. */
export function toByteCharacters(source: AlignedText): AlignedText {
  if (UNCHANGED.test(source.text)) return source;
  const builder = new AlignedBuilder(source);
  for (let at = 0; at < source.length;) {
    const to = at + unitsAt(source.text, at);
    const bytes = utf8(source.text.slice(at, to));
    builder.replace(at, to, bytes.map((byte) => BYTE_CHARACTERS[byte] ?? '').join(''));
    at = to;
  }
  return builder.finish();
}
