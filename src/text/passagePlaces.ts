import type { ProseSentence } from './prose';

/**
 * Where each unit of sentences joined by blanks stands in the passage they are from, -1 for blanks that stand for a line end
 * or for nothing: a sentence is what its lines have, without the marks at their beginning.
 */
export function passagePlaces(
  passage: string,
  sentences: readonly Pick<ProseSentence, 'start' | 'end' | 'text'>[],
): number[] {
  return sentences.flatMap((sentence, index) => {
    const places = sentencePlaces(passage, sentence);
    return index === 0 ? places : [-1, ...places];
  });
}

function sentencePlaces(
  passage: string,
  { start, end, text }: Pick<ProseSentence, 'start' | 'end' | 'text'>,
): number[] {
  const places = new Array<number>(text.length).fill(-1);
  let at = start;
  let unit = 0;
  for (const line of passage.slice(start, end).split(/(?<=\n|\r(?!\n))/u)) {
    const [skipped, length] = longestMatch(line, text.slice(unit));
    for (let i = 0; i < length; i++) places[unit + i] = at + skipped + i;
    unit += length;
    // The line end.
    if (text[unit] === ' ') unit++;
    at += line.length;
  }
  return places;
}

/** How much of a line's beginning is left out for most of what follows to be the text's beginning. */
function longestMatch(line: string, text: string): [skipped: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let skipped = 0; skipped + best[1] < line.length; skipped++) {
    let length = 0;
    while (length < text.length && line[skipped + length] === text[length]) length++;
    if (length > best[1]) best = [skipped, length];
  }
  return best;
}
