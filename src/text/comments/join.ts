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
 * What stands between two lines when they are joined: a blank, or nothing where a word was cut. Korean that was wrapped
 * by characters has lines of one width; `ragged` says that this run has not.
 */
export function joint(line: string, next: string, ragged: boolean): '' | ' ' {
  // `well-` and `known` are one word; `-` alone is a dash.
  if (/\p{L}-$/u.test(line) && /^\p{Ll}/u.test(next)) return '';
  if (!isSyllable(line.at(-1)) || !isSyllable(next.at(0))) return ' ';
  return !ragged || WORD_END.test(next) ? '' : ' ';
}

/** Do the lines but the last end in different columns, as they do when words are kept whole? Two lines do not tell. */
export function isRagged(widths: readonly number[]): boolean {
  const full = widths.slice(0, -1);
  if (full.length < 2) return true;
  return Math.max(...full) - Math.min(...full) > 1;
}
