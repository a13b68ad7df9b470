import { isSyllable } from '../characters';
import { displayWidth } from './width';

/** Lines shorter than this are not taken for full. */
const LEAST_WIDTH = 60;
/** So much room left at the end of a line is a line that was ended on purpose. */
const SLACK = 10;

/** Particles and endings that no word begins with; with them a Korean line goes on in the middle of a word. */
const WORD_END =
  /^(?:을|를|은|는|의|에|와|과|로|으로|에서|에게|까지|부터|처럼|보다|니다|습니다|입니다|됩니다)(?=[\s.,!?)]|$)/u;
/** A Korean line that ends so is not done. */
const KOREAN_GOES_ON = /(?:[을를은는이가에의로와과고며면서도만]|지만|니까|[,(])$/u;
const SENTENCE_END = /(?:[.!?。！？:：;…]|[가-힣](?:다|요)\.)["'”’)\]*_`]*$/u;

/** The columns that the lines of a run have for their text. */
export function runWidth(widths: readonly number[]): number {
  return Math.max(LEAST_WIDTH, ...widths);
}

/** Was the sentence wrapped here, or does the next line begin something of its own? `width`: of the first line; `full`: of the run. */
export function isWrapped(line: string, next: string, width: number, full: number): boolean {
  const word = /^\S+/u.exec(next)?.[0] ?? '';
  const room = full - width - 1 - displayWidth(word);
  if (SENTENCE_END.test(line)) return room < 0;
  if (room < SLACK) return true;
  if (/^["'“‘(`*_]*\p{Lu}/u.test(next)) return false;
  if (/\p{Script=Hangul}\S*$/u.test(line) && /^\p{Script=Hangul}/u.test(next)) {
    return KOREAN_GOES_ON.test(line) || room < 2 * SLACK;
  }
  return true;
}

/**
 * What stands between two lines when they are joined: a blank, or nothing where a word was cut. `byCharacters`: this
 * paragraph was wrapped without regard to words.
 */
export function joint(line: string, next: string, byCharacters: boolean): '' | ' ' {
  // `well-` and `known` are one word; `-` alone is a dash.
  if (/\p{L}-$/u.test(line) && /^\p{Ll}/u.test(next)) return '';
  if (!isSyllable(line.at(-1)) || !isSyllable(next.at(0))) return ' ';
  if (WORD_END.test(next)) return '';
  // Wrapping by characters also cuts between words, one time in four.
  return byCharacters && !WHOLE_WORD.test(line) ? '' : ' ';
}

/** Short words that stand alone. */
const WHOLE_WORD =
  /(?:^|\s)(?:이|그|저|한|두|세|네|첫|새|각|및|등|수|것|때|빈|안|더|또|잘|못|모든|다른|같은|다시|바로|먼저)$/u;

/** What also stands at the end of words; alone it may be a word (`이`, `가`), so that it takes more to be sure. */
const MAYBE_WORD_END =
  /^(?:을|를|은|는|이|가|의|에|와|과|로|으로|도|만|고|며|면|서|지|지만|니다|습니다|다|요|게|던|한|할|인|된|될)(?=[\s.,!?)]|$)/u;
/** Where the last column would have taken half a Hangul syllable, or a blank that was cut off. */
const UNEVEN = 2;
const MANY = 4;

/**
 * Was Korean wrapped as soon as a line was full, in the middle of words? Then all lines but the last are equally wide;
 * so may be a few that were wrapped at blanks, unless a line begins with what ends a word.
 */
export function isWrappedByCharacters(
  bodies: readonly string[],
  widths: readonly number[],
): boolean {
  const full = widths.slice(0, -1);
  if (full.length < 2 || Math.max(...full) - Math.min(...full) > UNEVEN) return false;
  const hangul = bodies.slice(1).filter((body) => isSyllable(body.at(0)));
  if (hangul.length < bodies.length / 2) return false;
  return full.length >= MANY || hangul.some((body) => MAYBE_WORD_END.test(body));
}
