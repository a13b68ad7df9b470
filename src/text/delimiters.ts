import type { Range } from './characters';
import type { Span } from './span';

/** Inline code of Markdown (CommonMark 6.1): a run of n backticks up to the next run of exactly n. */
export function* findCode(text: string): Generator<Range> {
  const runs = [...text.matchAll(/`+/gu)].map((match) => ({
    start: match.index,
    length: match[0].length,
  }));
  // The next run of equal length, found from the right in one pass.
  const next = new Array<number>(runs.length).fill(-1);
  const seen = new Map<number, number>();
  for (let i = runs.length - 1; i >= 0; i--) {
    const { length } = runs[i]!;
    next[i] = seen.get(length) ?? -1;
    seen.set(length, i);
  }
  for (let i = 0; i < runs.length; i++) {
    const close = next[i]!;
    if (close < 0) continue;
    const start = runs[i]!.start;
    yield {
      start: start - roleLength(text, start),
      end: runs[close]!.start + runs[close]!.length,
    };
    i = close;
  }
}

/** reStructuredText puts a role before the backticks: :class:`Foo`. It goes with the code. */
function roleLength(text: string, start: number): number {
  if (text.charAt(start - 1) !== ':') return 0;
  const role = /(?<![\w:]):[a-z][a-z:+.-]{0,30}:$/u.exec(
    text.slice(Math.max(0, start - 34), start),
  );
  return role ? role[0].length : 0;
}

const MAX_BRACES = 300;

/** Balanced braces with what marks them: `{0}`, `{{ x }}`, `${x}`, `#{x}`, `%{x}`, `{n, plural, one {#}}`. */
export function* findBraces(text: string): Generator<Range> {
  const open: number[] = [];
  const groups: Range[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '{') open.push(i);
    else if (character === '}' && open.length > 0) {
      const start = open.pop()!;
      // Only the outermost group is kept: it replaces those inside it.
      while (groups.length > 0 && groups.at(-1)!.start > start) groups.pop();
      groups.push({ start, end: i + 1 });
    } else if (character === '\n') open.length = 0;
  }
  for (const group of groups) {
    const length = group.end - group.start;
    if (length > MAX_BRACES || isProse(text.slice(group.start + 1, group.end - 1))) continue;
    const marked = /[$#%@]/u.test(text.charAt(group.start - 1));
    yield { start: group.start - (marked ? 1 : 0), end: group.end };
  }
}

/** Words in braces that are a sentence, not a name, an expression or an ICU message. */
function isProse(content: string): boolean {
  if (/^\s*\w+\s*,\s*(?:plural|select|selectordinal|number|date|time)\b/u.test(content)) {
    return false;
  }
  if (/^@\w/u.test(content)) return false; // {@link Foo}, {@code x}
  return (content.match(/[\p{L}']+(?= )/gu)?.length ?? 0) >= 3 && !/[=:;(){}"]/u.test(content);
}

const MAX_EMPHASIS = 500;

/** The marks of `**bold**`, `***both***` and `~~struck~~`, in pairs. Single stars and underscores pass the model as text. */
export function* findEmphasis(text: string): Generator<Span> {
  const open = new Map<string, number>();
  for (const match of text.matchAll(/(?<!\*)\*{2,3}(?!\*)|(?<!~)~~(?!~)/gu)) {
    const mark = match[0];
    const at = match.index;
    const from = open.get(mark);
    const before = text.charAt(at - 1);
    const after = text.charAt(at + mark.length);
    const closes = from !== undefined && at - from <= MAX_EMPHASIS && /\S/u.test(before);
    if (closes && at > from + mark.length) {
      open.delete(mark);
      yield { start: from, end: from + mark.length, kind: 'emphasis', side: 'open' };
      yield { start: at, end: at + mark.length, kind: 'emphasis', side: 'close' };
      // 2**3 is arithmetic, ** with a blank behind opens nothing.
    } else if (/\S/u.test(after) && !/[A-Za-z0-9_)\]]/u.test(before)) open.set(mark, at);
  }
}
