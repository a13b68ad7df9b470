import { AppError } from '../common/errors';

const MAX_PATTERNS = 200;
const MAX_LENGTH = 1000;

/**
 * Compiles the user's protection patterns (regular expressions in JavaScript's syntax, Unicode mode first).
 * Throws invalidArgument whose data names the pattern, its place in the list and the compiler's own words.
 */
export function compilePatterns(sources: readonly string[]): RegExp[] {
  if (sources.length > MAX_PATTERNS) {
    throw new AppError('invalidArgument', `More than ${MAX_PATTERNS} protection patterns.`, {
      argument: 'protectPatterns',
    });
  }
  return sources.map((source, index) => compile(source, index));
}

function compile(source: string, index: number): RegExp {
  const fail = (detail: string): AppError =>
    new AppError('invalidArgument', `Protection pattern ${index + 1} "${source}": ${detail}`, {
      argument: 'protectPatterns',
      index,
      pattern: source,
      detail,
    });
  if (source.length > MAX_LENGTH) throw fail(`longer than ${MAX_LENGTH} characters`);
  if (hasNestedRepeat(source)) throw fail('a repeat inside a repeated group can take for ever');
  let compiled: RegExp;
  try {
    compiled = new RegExp(source, 'gu');
  } catch (unicodeError) {
    try {
      // Many patterns escape more than Unicode mode allows, `\-` for one.
      compiled = new RegExp(source, 'g');
    } catch {
      throw fail(unicodeError instanceof Error ? unicodeError.message : String(unicodeError));
    }
  }
  if (compiled.test('')) throw fail('it matches the empty text');
  return compiled;
}

/**
 * The classic of catastrophic backtracking, `(a+)+`: an unbounded repeat in a group that is itself repeated without
 * bound. A safe pattern may be refused too; the message says why. Alternations that overlap are not looked for: the
 * host runs translations in a process of its own, which can be stopped.
 */
export function hasNestedRepeat(source: string): boolean {
  const groups: boolean[] = []; // does the open group hold an unbounded repeat?
  let inClass = false;
  for (let i = 0; i < source.length; i++) {
    const character = source[i];
    if (character === '\\') {
      i++;
    } else if (inClass) {
      if (character === ']') inClass = false;
    } else if (character === '[') {
      inClass = true;
    } else if (character === '(') {
      groups.push(false);
    } else if (character === ')') {
      const inner = groups.pop() ?? false;
      const repeated = isUnbounded(source, i + 1);
      if (inner && repeated) return true;
      if ((inner || repeated) && groups.length > 0) groups[groups.length - 1] = true;
    } else if (isUnbounded(source, i) && groups.length > 0) {
      groups[groups.length - 1] = true;
    }
  }
  return false;
}

function isUnbounded(source: string, at: number): boolean {
  return source[at] === '*' || source[at] === '+' || /^\{\d+,\}/u.test(source.slice(at, at + 12));
}
