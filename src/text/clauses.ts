import type { Range } from './characters';
import { findSpans } from './spans';

/** How good a place is to cut a sentence, best first. Each matches just in front of the cut. */
const MARKS: readonly { pattern: RegExp; score: number }[] = [
  { pattern: /[;；]["'”’)\]]?$/u, score: 6 },
  { pattern: /[.!?…]["'”’)\]]?$/u, score: 6 },
  { pattern: /[:：]$|\s[–—-]$|—$/u, score: 5 },
  // Korean clauses end in a connective, with a comma or without.
  {
    pattern:
      /(?:하고|되고|이고|으며|하며|되며|이며|지만|는데|은데|인데|므로|니까|거나|면서|려면|으면|하면|되면),$/u,
    score: 5,
  },
  { pattern: /[,，、]["'”’)\]]?$/u, score: 4 },
  {
    pattern:
      /(?:하고|되고|이고|으며|하며|되며|이며|지만|는데|은데|인데|므로|니까|거나|면서|려면|으면|하면|되면)$/u,
    score: 3,
  },
];

/** English clauses begin with a conjunction: matched just behind the cut. */
const CONJUNCTION =
  /^(?:and|but|or|so|because|although|which|who|that|when|while|where|if|unless|until|then|whereas|since|after|before)\s/iu;

/**
 * Cuts a text that is too long for the model into pieces of at most `maxLength` UTF-16 units, at the best clause mark
 * in the second half of each piece, at a blank where there is none. Never inside a protected span or a placeholder;
 * a piece is longer than asked for only where there is no place to cut. Pieces are without the blanks between them.
 */
export function splitLong(text: string, maxLength: number, opaque?: readonly Range[]): Range[] {
  const limit = Math.max(1, Math.floor(maxLength));
  return cutAt(text, opaque ?? findSpans(text), (start, end) => end - start > limit);
}

/**
 * The general form: `tooLarge` says of a range whether it must be cut further, and is asked for growing ranges from one
 * start (so it must not become false again when a range grows).
 */
export function cutAt(
  text: string,
  opaque: readonly Range[],
  tooLarge: (start: number, end: number) => boolean,
): Range[] {
  const pieces: Range[] = [];
  const cuts = cutPlaces(text, opaque);
  let start = text.length - text.trimStart().length;
  const end = text.trimEnd().length;
  let first = 0;
  while (start < end) {
    while (first < cuts.length && cuts[first]!.at <= start) first++;
    let best: number | undefined;
    if (tooLarge(start, end)) {
      let last = first;
      while (last < cuts.length && !tooLarge(start, cuts[last]!.at)) last++;
      // Not even the first cut is small enough: take it anyway, nothing smaller can be had.
      best = last === first ? cuts[first]?.at : bestCut(cuts, first, last, start);
    }
    const stop = best ?? end;
    const piece = text.slice(start, stop);
    pieces.push({ start, end: start + piece.trimEnd().length });
    const rest = text.slice(stop, end);
    start = stop + (rest.length - rest.trimStart().length);
  }
  return pieces;
}

interface Cut {
  readonly at: number;
  readonly score: number;
}

/** Highest score in the second half; the later one of equals, so that pieces are few. */
function bestCut(cuts: readonly Cut[], first: number, last: number, start: number): number {
  const furthest = cuts[last - 1]!.at;
  const half = start + (furthest - start) / 2;
  let best = cuts[last - 1]!;
  for (let i = last - 1; i >= first && cuts[i]!.at >= half; i--) {
    if (cuts[i]!.score > best.score) best = cuts[i]!;
  }
  return best.at;
}

/** Every blank outside the opaque ranges and placeholders, and every full-width mark, with its score. */
function cutPlaces(text: string, opaque: readonly Range[]): Cut[] {
  const cuts: Cut[] = [];
  let span = 0;
  for (const match of text.matchAll(/\s+|[，、；：]/gu)) {
    const blank = /\s/u.test(match[0]);
    const at = blank ? match.index : match.index + match[0].length;
    while (span < opaque.length && opaque[span]!.end <= match.index) span++;
    if (span < opaque.length && opaque[span]!.start < match.index) continue;
    if (at === 0 || at >= text.length) continue;
    cuts.push({ at, score: score(text, at, match[0].length) });
  }
  return cuts;
}

function score(text: string, at: number, blanks: number): number {
  const before = text.slice(Math.max(0, at - 6), at);
  for (const { pattern, score } of MARKS) if (pattern.test(before)) return score;
  return CONJUNCTION.test(text.slice(at + blanks, at + blanks + 12)) ? 3 : 1;
}
