import type { Range } from '../characters';

export interface RegexLiteral extends Range {
  readonly pattern: string;
  readonly flags: string;
}

/** What may stand before a slash that begins a regular expression; behind a value it divides. */
const BEFORE =
  /(?:^|[=(,:;!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|when|and|or|not|if|unless|match))\s*$/;
/** Longer lines are minified: looking for literals in them would cost more than it tells. */
const MOST_COLUMNS = 2000;

/** The regular expression literal of JavaScript, Ruby and the like that the column stands in. */
export function regexLiteralAt(line: string, column: number): RegexLiteral | undefined {
  if (line.length > MOST_COLUMNS) return undefined;
  let at = 0;
  while (at < line.length && at <= column) {
    const mark = line[at]!;
    if (mark === '"' || mark === "'" || mark === '`') {
      at = skipQuoted(line, at);
      continue;
    }
    if (mark !== '/') {
      at++;
      continue;
    }
    if (line[at + 1] === '/' || line[at + 1] === '*') return undefined;
    const found = BEFORE.test(line.slice(0, at)) ? readLiteral(line, at) : undefined;
    if (!found) at++;
    else if (found.end > column) return found;
    else at = found.end;
  }
  return undefined;
}

/** A call whose first argument is a regular expression in a string: the string that the column stands in. */
const CALL =
  /(?:\bRegExp|\bre\.(?:compile|match|search|sub|subn|split|findall|finditer|fullmatch)|\bregexp?\.(?:MustCompile|Compile|MatchString|new)|\bRegex(?:\.(?:IsMatch|Match|Matches|Replace|Split)|::new)?|\bPattern\.(?:compile|matches)|\bpreg_\w+)\s*\(\s*(?:[^"'`()]*,\s*)?(?:[rR]#{0,3}|@|[bBrR]{2})?(["'`])/g;

/** Of `re.compile(r"…")` and its like in other languages. */
export function regexStringAt(line: string, column: number): RegexLiteral | undefined {
  if (line.length > MOST_COLUMNS) return undefined;
  for (const call of line.matchAll(CALL)) {
    const open = call.index + call[0].length - 1;
    const end = skipQuoted(line, open);
    if (column <= open || column >= end || line[end - 1] !== call[1]) continue;
    const written = line.slice(open + 1, end - 1);
    const raw = /[rR@]#{0,3}["'`]$/.test(call[0]) || call[1] === '`';
    // In a plain string every backslash of the expression is written twice.
    const pattern = raw ? written : written.replaceAll('\\\\', '\\');
    return { start: open, end, ...withoutDelimiters(pattern, /preg_/.test(call[0])) };
  }
  return undefined;
}

/** PHP writes `/pattern/flags` into the string. */
function withoutDelimiters(
  pattern: string,
  delimited: boolean,
): { pattern: string; flags: string } {
  const match = delimited ? /^([/#~])(.*)\1([a-zA-Z]*)$/s.exec(pattern) : null;
  return match ? { pattern: match[2]!, flags: match[3]! } : { pattern, flags: '' };
}

function skipQuoted(line: string, start: number): number {
  const mark = line[start];
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === mark) return at + 1;
  }
  return line.length;
}

function readLiteral(line: string, start: number): RegexLiteral | undefined {
  let inClass = false;
  for (let at = start + 1; at < line.length; at++) {
    const mark = line[at];
    if (mark === '\\') at++;
    else if (mark === '[') inClass = true;
    else if (mark === ']') inClass = false;
    else if (mark === '/' && !inClass) {
      const flags = /^[a-z]*/.exec(line.slice(at + 1))![0];
      const end = at + 1 + flags.length;
      const pattern = line.slice(start + 1, at);
      return pattern === '' ? undefined : { start, end, pattern, flags };
    }
  }
  return undefined;
}
