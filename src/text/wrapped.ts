import { LINE_END, type Range } from './characters';
import { findKeptLines, isProse, proseArea } from './codeLines';
import { displayWidth } from './comments/width';
import { type Line, splitLines } from './lines';
import { placeJoints } from './markdown/joints';
import type { Joint } from './markdown/runs';
import { beginsBlock, isHeading, isRule } from './prose';
import { splitSentences } from './sentences';
import { findSpans } from './spans';
import { isTableRow } from './tables';

/** Lines shorter than this are ended on purpose: items of a menu, rows of a list without marks. */
const LEAST_WIDTH = 32;
/** So much room left in front of the next word, and the line was not full; a small letter says more than the room. */
const SLACK = 10;
const MORE_SLACK = 24;
/** Lines looked at in each direction; more would cost their square. */
const NEAR = 20;

const ENDS = /(?:[.!?。！？…:：;]|[가-힣](?:다|요|까|죠|음|함))["'”’)\]*_`]*$/u;
/** What no English line ends with on purpose, though the next one begins with a capital. */
const GOES_ON =
  /(?:,|\b(?:a|an|and|are|as|at|be|by|for|from|if|in|into|is|it|its|of|on|or|our|than|that|the|their|this|to|was|were|when|which|with|your))$/iu;
const KOREAN_GOES_ON = /(?:[을를은는이가에의로와과고며면서도만할한된될]|지만|니까|[,(])$/u;

/**
 * Lines of running text, one after another, that are one text: wherever a line is full, does not end a sentence, and the next
 * one neither begins something of its own nor has other marks. A line that is not wrapped is a group by itself.
 */
export function wrappedGroups(lines: readonly Line[], kept: readonly boolean[]): Line[][] {
  const groups: Line[][] = [];
  lines.forEach((line, index) => {
    if (kept[index] || line.body === '') return;
    const open = groups.at(-1);
    const before = lines[index - 1];
    if (open && before && open.at(-1) === before && goesOn(lines, index)) open.push(line);
    else groups.push([line]);
  });
  return groups;
}

function goesOn(lines: readonly Line[], index: number): boolean {
  const [line, next] = [lines[index - 1]!, lines[index]!];
  if (isHeading(lines, index - 1) || isHeading(lines, index)) return false;
  if (!isText(line) || !isText(next) || proseArea(next.body)?.start !== 0) return false;
  // Two blanks, or a backslash, break a line of Markdown for good.
  if (line.suffix.length > 1 || !sameMarks(lines, index)) return false;
  if (beginsBlock(next, line) !== 'no' || ENDS.test(line.body)) return false;
  return !isList(line.body, next.body) && wasFull(line.body, next.body, fullWidth(lines, index));
}

/** Lines of data or code, quoted strings one below another, columns, tags of doc comments, and lines that begin alike: each is of its own. */
function isList(line: string, next: string): boolean {
  const [first] = line.split(' ', 1);
  return (
    !isProse(line, 3) ||
    / {3}/u.test(line) ||
    (/["'`][\s+\\,;)]*$/u.test(line) && /^[+.]?\s*\p{L}?["'`]/u.test(next)) ||
    /^(?:[@:\\]\w|[\])}]|[^\p{L}]*$)/u.test(next) ||
    next.startsWith(`${first} `)
  );
}

function isText({ body }: Line): boolean {
  return !isTableRow(body) && !isRule(body) && proseArea(body) !== undefined;
}

function sameMarks(lines: readonly Line[], index: number): boolean {
  const [line, next] = [lines[index - 1]!, lines[index]!];
  const mark = next.prefix.trim();
  if (mark === '') return displayWidth(next.prefix) <= displayWidth(line.prefix);
  // What is selected may begin behind the mark of its first line.
  const before = line.prefix.trim() || (index === 1 ? mark : '');
  if (mark === '*') return /^(?:\*|\/\*+!?)(?:\s|$)/u.test(before) && isStarOfComment(lines, index);
  return before.startsWith(mark) && depthOf(before) === depthOf(mark);
}

function depthOf(mark: string): number {
  return mark.match(/>/gu)?.length ?? 0;
}

/** Elsewhere a star begins an item of a list. A selection may begin inside a comment, whose stars stand behind one blank. */
function isStarOfComment(lines: readonly Line[], index: number): boolean {
  let first = index;
  while (first > Math.max(0, index - NEAR) && /^\s*\*/u.test(lines[first]!.prefix)) first--;
  return lines[first]!.prefix.includes('/*') || lines[index]!.prefix.startsWith(' *');
}

/** The widest of the lines that stand together with two. */
function fullWidth(lines: readonly Line[], index: number): number {
  const width = (at: number): number => widthOf(lines[at]?.body ?? '');
  let full = Math.max(width(index - 1), width(index));
  const [first, last] = [index - NEAR, index + NEAR];
  for (let at = index - 2; at > first && width(at) > 0; at--) full = Math.max(full, width(at));
  for (let at = index + 1; at < last && width(at) > 0; at++) full = Math.max(full, width(at));
  return full;
}

/** Nobody wraps so far to the right. */
function widthOf(body: string): number {
  return displayWidth(body.slice(0, 400));
}

function wasFull(line: string, next: string, full: number): boolean {
  const width = widthOf(line);
  if (width < LEAST_WIDTH) return false;
  const word = /^\S+/u.exec(next)![0];
  const slack = /^\p{Ll}/u.test(word) ? MORE_SLACK : SLACK;
  if (full - width - 1 - widthOf(word) >= slack) return false;
  // `well-` and `known` are one word: there is no blank to put there.
  if (/\p{L}-$/u.test(line)) return false;
  if (/^\p{Script=Hangul}/u.test(next) && /\p{Script=Hangul}$/u.test(line)) {
    return KOREAN_GOES_ON.test(line);
  }
  return !/^["'“‘(`*_]*\p{Lu}/u.test(next) || GOES_ON.test(line);
}

/** The sentence at an offset, if it stands in lines that were wrapped. */
export function wrappedSentenceAt(text: string, offset: number): Range | undefined {
  const lines = splitLines(text);
  const group = wrappedGroups(lines, findKeptLines(lines)).findLast(
    ([first]) => first!.start <= offset,
  );
  const last = group?.at(-1);
  if (!group || !last || group.length < 2 || offset > last.start + lengthOf(last)) return undefined;
  const start = group[0]!.start + group[0]!.prefix.length;
  const body = unwrapped(text.slice(start, last.start + last.prefix.length + last.body.length));
  const sentences = splitSentences(body, findSpans(body));
  const found = sentences.findLast((one) => start + one.start <= offset) ?? sentences[0];
  return found && { start: start + found.start, end: start + found.end };
}

function lengthOf({ prefix, body, suffix }: Line): number {
  return prefix.length + body.length + suffix.length;
}

/** What stands between the lines of a sentence that goes over line ends: line end, marks and blanks of the next line. */
export function jointsOf(sentence: string): Joint[] {
  if (!LINE_END.test(sentence)) return [];
  const lines = splitLines(sentence);
  return lines.slice(1).map((line, index) => {
    const before = lines[index]!;
    const at = before.start + before.prefix.length + before.body.length;
    return { at, source: sentence.slice(at, line.start + line.prefix.length) };
  });
}

/** The same text, as long, on one line: blanks in place of the joints. */
export function unwrapped(sentence: string, joints = jointsOf(sentence)): string {
  let text = sentence;
  for (const { at, source } of joints) {
    text = text.slice(0, at) + ' '.repeat(source.length) + text.slice(at + source.length);
  }
  return text;
}

/** A translation over as many lines as its sentence; what finds no blank in it comes at its end. */
export function wrappedLike(sentence: string, translation: string): string {
  const joints = jointsOf(sentence);
  if (joints.length === 0) return translation;
  const placed = placeJoints({ text: sentence, joints, solid: [] }, translation);
  return placed ?? translation + joints.map(({ source }) => source.trimEnd() || source).join('');
}

/** Where the joints of a sentence stand in its translation. */
function jointsIn(sentence: string, translation: string): Range[] {
  let from = 0;
  return jointsOf(sentence).flatMap(({ source }) => {
    const start = translation.indexOf(source, from);
    if (start < 0) return [];
    from = start + source.length;
    return [{ start, end: from }];
  });
}

/** The translation as it was before `wrappedLike`, and from its offsets to the ones there and back. */
export function unwrappedLike(sentence: string, translation: string) {
  const joints = jointsIn(sentence, translation);
  let text = translation;
  for (const { start, end } of joints.toReversed()) {
    text = `${text.slice(0, start)} ${text.slice(end)}`;
  }
  return {
    text,
    toOneLine: (offset: number): number =>
      joints.reduce(
        (at, { start, end }) => at - Math.max(0, Math.min(offset, end) - start - 1),
        offset,
      ),
    toLines: (offset: number): number =>
      joints.reduce((at, { start, end }) => (at > start ? at + end - start - 1 : at), offset),
  };
}
