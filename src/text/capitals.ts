import { PLACEHOLDER } from './protect';

/** Fewer words may well be names: `HTTP GET`, `READ ME`. */
const LEAST_WORDS = 4;

/**
 * A sentence in capitals as the model knows it, in small letters behind the first; any other text as it is. Offsets stay. A
 * model sees too little text in capitals to know that its pieces are words.
 */
export function withoutCapitals(text: string): string {
  const own = text.replace(PLACEHOLDER, ' ');
  const words = own.match(/[A-Z]{2,}/gu) ?? [];
  if (words.length < LEAST_WORDS || /[\p{Ll}\p{Lo}]/u.test(own)) return text;
  const first = text.search(/(?<!<)[A-Z]/u) + 1;
  return (
    text.slice(0, first) + text.slice(first).replace(/[A-Z]/gu, (letter) => letter.toLowerCase())
  );
}
