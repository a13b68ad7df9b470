import { unitsAt } from '../unicode';
import type { Edge } from './syntaxTree';
import type { Instruction, Program } from './program';
import { CharSet } from './charSet';

const word = new CharSet('\\p{Alphabetic}\\p{M}\\p{N}\\p{Pc}', false);

/**
 * A backtracking matcher that remembers. Whether the program can go on to a match from (split, position) depends on nothing
 * else, so a pair that was tried without success is never tried again, not even from a later start: a whole scan takes at
 * most (splits x length of the text) steps. Plain backtracking, the platform's own too, can take exponentially many, and the
 * pattern comes from a file that is not trusted. The order of trying, so the match found, is that of plain backtracking.
 */
export class Matcher {
  private readonly tried: Uint8Array;
  private readonly stack: number[] = [];

  /** Positions tried are within [base, base + window]. */
  private constructor(
    private readonly program: Program,
    private readonly text: string,
    private readonly base: number,
    window: number,
  ) {
    this.tried = new Uint8Array(Math.ceil(((window + 1) * program.splits) / 8));
  }

  static scan(program: Program, text: string, found: (start: number, end: number) => void): void {
    const matcher = new Matcher(program, text, 0, text.length);
    let previousEnd = -1;
    for (let at = 0; at <= text.length;) {
      const end = matcher.matchAt(at);
      // An empty match right behind a match is none, or "a*" would match twice at the end of "aa".
      if (end >= 0 && !(end === at && at === previousEnd)) {
        found(at, end);
        previousEnd = end;
        matcher.forget(end);
      }
      if (end > at) at = end;
      else at += at < text.length ? unitsAt(text, at) : 1;
    }
  }

  /** End of the match that begins at `start`, or -1. */
  private matchAt(start: number): number {
    const { program, text, stack, tried } = this;
    stack.length = 0;
    stack.push(0, start);
    while (stack.length > 0) {
      let position = stack.pop() ?? 0;
      let pc = stack.pop() ?? 0;
      while (pc >= 0) {
        const instruction: Instruction | undefined = program.instructions[pc];
        if (!instruction) break;
        switch (instruction.op) {
          case 'set': {
            const codePoint = text.codePointAt(position);
            if (codePoint !== undefined && instruction.set.has(codePoint)) {
              position += codePoint > 0xffff ? 2 : 1;
              pc++;
            } else pc = -1;
            break;
          }
          case 'split': {
            const bit = (position - this.base) * program.splits + instruction.index;
            const mask = 1 << (bit & 7);
            if (((tried[bit >> 3] ?? 0) & mask) !== 0) {
              pc = -1;
              break;
            }
            tried[bit >> 3] = (tried[bit >> 3] ?? 0) | mask;
            stack.push(instruction.second, position);
            pc = instruction.first;
            break;
          }
          case 'jump':
            pc = instruction.to;
            break;
          case 'ahead': {
            const window = Math.min(instruction.program.reach, text.length - position);
            const inner = new Matcher(instruction.program, text, position, window);
            pc = inner.matchAt(position) >= 0 !== instruction.negative ? pc + 1 : -1;
            break;
          }
          case 'behind': {
            const before = codePointBefore(text, position);
            const inside = before !== undefined && instruction.set.has(before);
            pc = inside !== instruction.negative ? pc + 1 : -1;
            break;
          }
          case 'edge':
            pc = isEdge(instruction.edge, text, position) ? pc + 1 : -1;
            break;
          case 'match':
            return position;
        }
      }
    }
    return -1;
  }

  /** What was tried at the end of a match may have been part of it; the next match may begin right there. */
  private forget(position: number): void {
    const from = position * this.program.splits;
    for (let bit = from; bit < from + this.program.splits; bit++) {
      this.tried[bit >> 3] = (this.tried[bit >> 3] ?? 0) & ~(1 << (bit & 7));
    }
  }
}

function codePointBefore(text: string, position: number): number | undefined {
  if (position === 0) return undefined;
  const unit = text.charCodeAt(position - 1);
  return unit >= 0xdc00 && unit < 0xe000 ? text.codePointAt(position - 2) : unit;
}

function isEdge(edge: Edge, text: string, position: number): boolean {
  switch (edge) {
    case 'textStart':
      return position === 0;
    case 'textEnd':
      return position === text.length;
    case 'lineStart':
      return position === 0 || text.charCodeAt(position - 1) === 0x0a;
    case 'lineEnd':
      return position === text.length || text.charCodeAt(position) === 0x0a;
    case 'word':
      return isWordEdge(text, position);
    case 'notWord':
      return !isWordEdge(text, position);
  }
}

function isWordEdge(text: string, position: number): boolean {
  const before = codePointBefore(text, position);
  const after = text.codePointAt(position);
  const wordBefore = before !== undefined && word.has(before);
  const wordAfter = after !== undefined && word.has(after);
  return wordBefore !== wordAfter;
}
