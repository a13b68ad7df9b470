/** Columns that an editor with a fixed-width font gives a text; Hangul and other East Asian characters take two. */

const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u;
const ZERO = /[\p{Mn}\p{Me}\p{Cf}]/u;
const TAB = 4;

export function displayWidth(text: string, from = 0): number {
  let column = from;
  for (const character of text) {
    if (character === '\t') column += TAB - (column % TAB);
    else if (character < '\u0300') column++;
    else if (WIDE.test(character)) column += 2;
    else if (!ZERO.test(character)) column++;
  }
  return column - from;
}

/** A line that begins so would be a list, heading, tag or closing mark; a wrapped line must not. */
const NOT_FIRST =
  /^(?:[-*+#>|=~/]|\d{1,4}[.)]$|[A-Za-z][.)]$|@\w|\\[a-z]|:\w+|`{3}|<\/?[a-z]+>?$|"""|''')/u;

/** Greedy: as many words to a line as fit. Words longer than a line stand alone. `width(line)`: columns for its text. */
export function wrap(text: string, width: (line: number) => number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const size = displayWidth(word);
    if (line === '' && lines.length === 0 && used === 0) line = word;
    else if (used + 1 + size <= width(lines.length) || NOT_FIRST.test(word)) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
    used = displayWidth(line);
  }
  lines.push(line);
  return lines;
}

/** At most so many lines, about equally long, so that each stands next to what it translates. */
export function wrapInto(text: string, lines: number): string[] {
  for (let room = Math.ceil(displayWidth(text) / lines); ; room += 2) {
    const wrapped = wrap(text, () => room);
    if (wrapped.length <= lines) return wrapped;
  }
}
