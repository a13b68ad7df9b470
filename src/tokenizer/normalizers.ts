import type { AlignedText } from './alignedText';
import { AlignedBuilder } from './alignedText';
import { toByteCharacters } from './byteLevel';
import { asArray, asBoolean, asObject, asString, typeOf, unsupported } from './json';
import type { FindMatches } from './pattern/patterns';
import { readPattern, trusted } from './pattern/patterns';
import { WHITE_SPACE, unitsAt } from './unicode';
import { normalizeForm } from './unicodeForms';

/** Pure: text in, edited text with its alignment out. */
export type Normalizer = (text: AlignedText) => AlignedText;

export function readNormalizer(value: unknown, field = 'normalizer'): Normalizer {
  if (value === null || value === undefined) return (text) => text;
  const json = asObject(value, field);
  const type = typeOf(json, field);
  switch (type) {
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return (text) => normalizeForm(text, type);
    case 'Sequence': {
      const list = asArray(json['normalizers'], `${field}.normalizers`);
      const steps = list.map((step, i) => readNormalizer(step, `${field}.normalizers[${i}]`));
      return (text) => steps.reduce((current, step) => step(current), text);
    }
    case 'Replace': {
      const pattern = readPattern(json['pattern'], `${field}.pattern`);
      const content = asString(json['content'], `${field}.content`);
      return (text) => replaceAll(text, pattern, content);
    }
    case 'Prepend': {
      const prefix = asString(json['prepend'], `${field}.prepend`);
      return (text) => prepend(text, prefix);
    }
    case 'Lowercase':
      return lowercase;
    case 'Strip': {
      const left = asBoolean(json['strip_left'], `${field}.strip_left`, true);
      const right = asBoolean(json['strip_right'], `${field}.strip_right`, true);
      return (text) => strip(text, left, right);
    }
    case 'StripAccents':
      return (text) => replaceAll(text, MARKS, '');
    case 'ByteLevel':
      return toByteCharacters;
    default:
      throw unsupported(field, type);
  }
}

const MARKS = trusted(/\p{M}/gu);

/** Each match becomes `content`, which stands for all that the match stood for. */
export function replaceAll(text: AlignedText, pattern: FindMatches, content: string): AlignedText {
  const builder = new AlignedBuilder(text);
  let done = -1;
  pattern(text.text, (start, end) => {
    builder.keep(Math.max(done, 0), start);
    builder.replace(start, end, content);
    done = end;
  });
  if (done < 0) return text;
  builder.keep(done, text.length);
  return builder.finish();
}

/** Nothing is put before nothing. */
export function prepend(text: AlignedText, prefix: string): AlignedText {
  if (text.length === 0) return text;
  const builder = new AlignedBuilder(text);
  builder.replace(0, 0, prefix);
  builder.keep(0, text.length);
  return builder.finish();
}

/** Character by character, as the reference does: no final sigma, no language's own rules. */
function lowercase(text: AlignedText): AlignedText {
  const builder = new AlignedBuilder(text);
  let done = 0;
  for (let at = 0; at < text.length;) {
    const to = at + unitsAt(text.text, at);
    const character = text.text.slice(at, to);
    const lower = character.toLowerCase();
    if (lower !== character) {
      builder.keep(done, at);
      builder.replace(at, to, lower);
      done = to;
    }
    at = to;
  }
  if (done === 0) return text;
  builder.keep(done, text.length);
  return builder.finish();
}

const NOT_BLANK = new RegExp(WHITE_SPACE.replace('p', 'P'), 'u');
const BLANK = new RegExp(WHITE_SPACE, 'u');

function strip(text: AlignedText, left: boolean, right: boolean): AlignedText {
  const first = text.text.search(NOT_BLANK);
  let from = left ? first : 0;
  let to = text.length;
  if (first < 0) from = to;
  else if (right) while (BLANK.test(text.text.charAt(to - 1))) to--;
  if (from === 0 && to === text.length) return text;
  const builder = new AlignedBuilder(text);
  builder.keep(from, to);
  return builder.finish();
}
