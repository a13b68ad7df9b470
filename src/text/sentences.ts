import { BEFORE_NUMBER, MAY_END, NEVER_LAST, STARTERS } from './abbreviations';
import { isHangul, LINE_END, type Range } from './characters';
import { findSpans } from './spans';

/** Longest bracket that is kept in one piece whatever stands in it, in characters. */
const MAX_BRACKET = 400;

const STOPS = /[.!?。！？…‥．｡]+/gu;
const CLOSERS = /["'”’»)\]}」』】〉》）］*_~]/u;
const FULL_WIDTH = /[。！？．｡]/u;

/**
 * The sentences of a text, English or Korean: ordered, not overlapping, without the blanks around them; between two of
 * them stands nothing but white space. A line end is always a boundary.
 *
 * No boundary is made inside a protected span or a bracket. `opaque` are the spans, if they are known already.
 */
export function splitSentences(text: string, opaque?: readonly Range[]): Range[] {
  const sentences: Range[] = [];
  let start = 0;
  let span = 0;
  const splitLine = (end: number): void => {
    const line = text.slice(start, end);
    const spans: Range[] = opaque ? [] : findSpans(line);
    for (; opaque && span < opaque.length && opaque[span]!.start < end; span++) {
      spans.push({ start: opaque[span]!.start - start, end: opaque[span]!.end - start });
    }
    let from = 0;
    for (const to of boundaries(line, spans)) {
      pushTrimmed(line, from, to, start, sentences);
      from = to;
    }
    pushTrimmed(line, from, line.length, start, sentences);
  };
  for (const match of text.matchAll(new RegExp(LINE_END, 'gu'))) {
    splitLine(match.index);
    start = match.index + match[0].length;
  }
  splitLine(text.length);
  return sentences;
}

function pushTrimmed(line: string, from: number, to: number, base: number, out: Range[]): void {
  const piece = line.slice(from, to);
  const start = from + (piece.length - piece.trimStart().length);
  const end = from + piece.trimEnd().length;
  if (end > start) out.push({ start: base + start, end: base + end });
}

/** Ends of the sentences of one line, closing marks included. */
function* boundaries(line: string, spans: readonly Range[]): Generator<number> {
  const bracketed = brackets(line, spans);
  const inside = [...spans, ...bracketed].sort((a, b) => a.start - b.start);
  const closing = new Map(bracketed.map((range) => [range.start, range.end]));
  let next = 0; // first range that may still hold the match
  let covered = 0; // end of the furthest range that began before the match
  let start = line.length - line.trimStart().length;
  for (const match of line.matchAll(STOPS)) {
    const at = match.index;
    while (next < inside.length && inside[next]!.start <= at) {
      covered = Math.max(covered, inside[next]!.end);
      next++;
    }
    let end = at + match[0].length;
    while (end < line.length && CLOSERS.test(line.charAt(end))) end++;
    // "(A whole sentence in brackets.) Next": the bracket began the sentence and ends with it.
    const whole = covered < end && covered === closing.get(start);
    if (at < covered && !whole) continue;
    // A closing mark may be the beginning of a span: `end.](url)`.
    let cut = false;
    for (let i = next; i < inside.length && inside[i]!.start < end; i++) {
      cut ||= inside[i]!.end > end;
    }
    if (cut || end >= line.length || !isBoundary(line, start, at, match[0], end)) continue;
    yield end;
    start = end;
    while (/\s/u.test(line.charAt(start))) start++;
  }
}

/** Brackets that close again and are not too long: no sentence ends inside. */
function brackets(line: string, spans: readonly Range[]): Range[] {
  const open: number[] = [];
  const found: Range[] = [];
  let span = 0;
  for (let i = 0; i < line.length; i++) {
    while (span < spans.length && spans[span]!.end <= i) span++;
    if (span < spans.length && spans[span]!.start <= i) {
      i = spans[span]!.end - 1;
      continue;
    }
    const character = line.charAt(i);
    if ('([（［「『'.includes(character)) open.push(i);
    else if (')]）］」』'.includes(character) && open.length > 0) {
      const from = open.pop()!;
      if (i - from <= MAX_BRACKET) found.push({ start: from, end: i });
    }
  }
  return found;
}

/**
 * Does a sentence that began at `start` end with the stops at `at`? `end` is behind the closing marks; something stands
 * there.
 */
function isBoundary(line: string, start: number, at: number, stops: string, end: number): boolean {
  const before = line.charAt(at - 1);
  const after = line.charAt(end);
  if (FULL_WIDTH.test(stops)) return true;
  if (!/\s/u.test(after)) return isUnspacedBoundary(line, at, stops, end);
  const rest = line.slice(end, end + 80).trimStart();
  const closed = end > at + stops.length;
  if (rest === '') return false;
  // A quotation whose sentence goes on: "…?" 라고 물었다, “Really?” he asked.
  if (/^(?:라고|라는|라며|라면서|하고|이라고|이라는|고 |는 )/u.test(rest)) return false;
  const small = /^\p{Ll}/u.test(rest);
  // A dash or a comma goes on; a bullet or a bracket may begin something new.
  if (/^[,;:)\]–—]/u.test(rest) || /^-\s/u.test(rest)) return false;
  if (/[!?]/u.test(stops)) return !small;
  if (/[….‥]{2}|…/u.test(stops)) return isEllipsisBoundary(before, rest);
  if (at - start <= 12 && isListMarker(line.slice(start, at))) return false;
  if (isHangul(before)) return true;
  if (small && closed) return false;
  return !isAbbreviation(line.slice(Math.max(start, at - 40), at), rest);
}

/** Korean writers leave out the blank: `됩니다.그리고`. Only after endings, so that `제1조.가` stays whole. */
function isUnspacedBoundary(line: string, at: number, stops: string, end: number): boolean {
  const after = line.charAt(end);
  const before = line.charAt(at - 1);
  if (!isHangul(before)) return false;
  if (/[!?]/u.test(stops)) {
    return end === at + stops.length && /[가-힣A-Z0-9"“‘']/u.test(after);
  }
  if (!/[다요죠음함됨임까오네]/u.test(before)) return false;
  // `"…입니다."라고` goes on.
  if (end > at + stops.length && /[가-힣]/u.test(after)) return false;
  return /[가-힣A-Z"“‘'`<([]/u.test(after);
}

/** `Wait... What?` but `음... 그렇다` and `and so on... until`. */
function isEllipsisBoundary(before: string, rest: string): boolean {
  if (isHangul(before)) return /[다요죠까]/u.test(before);
  return /^["'“‘([]?\p{Lu}/u.test(rest) || isHangul(rest.charAt(0));
}

/** The start of a numbered line: `1.`, `12.`, `a.`, `iv.`, `가.`, `ㄱ.` */
function isListMarker(beforeStop: string): boolean {
  return /^\s*(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivx]{1,5}|[가-하ㄱ-ㅎ])$/u.test(beforeStop);
}

function isAbbreviation(before: string, rest: string): boolean {
  const word = /[\p{L}\p{N}.'’&-]*$/u.exec(before)![0].replace(/^['’.-]+/u, '');
  const key = word.toLowerCase();
  const small = /^\p{Ll}/u.test(rest);
  if (NEVER_LAST.has(key)) return key !== 'ex' || small;
  if (BEFORE_NUMBER.has(key) && /^[#(]?(?:\d|[IVX]+\b|<c\d)/u.test(rest)) return true;
  // `U.S. Senate`, `5 p.m. Eastern time`: a capital alone does not begin a sentence behind these.
  if (MAY_END.has(key) && key.includes('.')) return !beginsSentence(rest);
  if (MAY_END.has(key)) return !/^["'“‘([]?(?:\p{Lu}|[가-힣]|[`<])/u.test(rest);
  if (/^(?:\p{Lu}\.)*\p{Lu}$/u.test(word)) return isInitial(before, word, rest);
  if (!small) return false;
  // A small letter follows: a sentence of a code comment, unless the word may be an abbreviation nobody listed.
  return !/[\p{L}\p{N})]{4}$|^\d/u.test(word) && word !== '';
}

/** A word that often begins a sentence, or a mark that cannot go on with one. */
function beginsSentence(rest: string): boolean {
  const word = /^["'“‘([]?(\p{Lu}[\p{L}'’]*)/u.exec(rest)?.[1];
  if (word === undefined) return /^["“‘`<]/u.test(rest);
  return STARTERS.has(word.toLowerCase());
}

/** `J. Smith`, `John F. Kennedy`; but `Plan B. Then` and `in C. The`. */
function isInitial(before: string, word: string, rest: string): boolean {
  if (/^\p{Lu}\./u.test(rest)) return true;
  const following = /^\p{Lu}[\p{L}'’-]*/u.exec(rest)?.[0];
  // Korean writes initials as they are, and does not end sentences in a letter: `A. 린드`.
  if (following === undefined) return /^(?:\p{Ll}|[가-힣])/u.test(rest);
  if (following.length > 1 && STARTERS.has(following.toLowerCase())) return false;
  if (word.includes('.')) return true;
  const previous = /([\p{L}.]+)\s+\p{L}$/u.exec(before)?.[1];
  return previous === undefined || /^\p{Lu}/u.test(previous);
}
