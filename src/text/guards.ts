/** Signs that a decoder went wrong. Cheap enough to run after every sentence. */

const WORD_LOOP = 4;
const MAX_LOOPS = 3;

/**
 * Has the text come to repeat itself? True for
 * - n words (1 to 4) three times in a row that stand less often in a row in the source,
 * - a string of up to 20 characters over and over for at least 24 characters.
 * `source` excuses what it repeats itself ("no, no, no", "-----").
 */
export function isRepeating(text: string, source = ''): boolean {
  return (
    longestWordLoop(text) > Math.max(MAX_LOOPS - 1, longestWordLoop(source)) ||
    (hasCharacterLoop(text) && !hasCharacterLoop(source))
  );
}

/** Most repeats in a row of any group of 1 to 4 words; words of one mark or digit do not count. */
function longestWordLoop(text: string): number {
  const words = text.toLowerCase().match(/\S+/gu) ?? [];
  let longest = 0;
  for (let size = 1; size <= WORD_LOOP; size++) {
    // Equal neighbours at distance `size`: a run of k of them is 1 + k / size repeats.
    let run = 0;
    for (let i = size; i < words.length; i++) {
      run = words[i] === words[i - size] ? run + 1 : 0;
      if (run > 0 && hasLetters(words, i - size + 1, size)) {
        longest = Math.max(longest, 1 + Math.floor(run / size));
      }
    }
  }
  return longest;
}

function hasLetters(words: readonly string[], start: number, size: number): boolean {
  return words.slice(start, start + size).some((word) => /\p{L}{2}|[가-힣]|<c\d/u.test(word));
}

const CHARACTER_LOOP = 24;

function hasCharacterLoop(text: string): boolean {
  for (let period = 1; period <= 20; period++) {
    const needed = Math.max(CHARACTER_LOOP, period * 3);
    let run = 0;
    for (let i = period; i < text.length; i++) {
      run = text[i] === text[i - period] && text[i] !== ' ' ? run + 1 : 0;
      if (run + period >= needed) return true;
    }
  }
  return false;
}

/** Tokens a translation may have whatever its source: short sources vary most. */
const SLACK_TOKENS = 12;
const MAX_RATIO = 2.5;

/** Far longer than any translation of a source of this length: it will not end by itself. */
export function isRunaway(sourceTokens: number, targetTokens: number): boolean {
  return targetTokens > MAX_RATIO * sourceTokens + SLACK_TOKENS;
}

/** Nothing left of a sentence that had something. */
export function isEmptyOutput(text: string): boolean {
  return !/[\p{L}\p{N}<]/u.test(text);
}
