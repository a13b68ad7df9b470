import type { Region } from './types';

/** Finds regions line by line; `S` is what a line hands to the next. */
export interface LineTokenizer<S> {
  readonly initial: S;
  tokenize(text: string, begin: S): { readonly regions: readonly Region[]; readonly end: S };
  same(a: S, b: S): boolean;
}

export interface LineSource {
  readonly lineCount: number;
  lineText(line: number): string;
}

/** Lines of an edit: those from `start` to `end`, both included, gave way to `count` lines. */
export interface LineChange {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

/** Longer lines are of a machine's making. They are passed over, as the editor's own highlighting does. */
const MOST_CHARACTERS = 10_000;

const NONE: readonly Region[] = [];

interface StoredLine<S> {
  readonly regions: readonly Region[];
  readonly end: S;
}

/**
 * The regions of a document's lines with the state behind each. After an edit only the changed lines are tokenized anew,
 * and those below them until a line ends in the state in which it ended before.
 */
export class LineStore<S> {
  private lines: (StoredLine<S> | undefined)[] = [];
  /** First lines that are to be looked at again, ascending; everything from `frontier` on is new. */
  private stale: number[] = [];
  private frontier = 0;
  private count = 0;

  constructor(
    private readonly tokenizer: LineTokenizer<S>,
    private readonly source: LineSource,
  ) {}

  /** How many lines were tokenized since the store was made. */
  get tokenized(): number {
    return this.count;
  }

  /** Are all lines before `end` known? */
  isReady(end: number): boolean {
    return Math.min(this.frontier, this.stale[0] ?? Infinity) >= end;
  }

  /** How far the lines before `end` are known. */
  progress(end: number): number {
    return Math.min(end, this.frontier, this.stale[0] ?? Infinity);
  }

  regions(line: number): readonly Region[] {
    return this.lines[line]?.regions ?? NONE;
  }

  /** Tokenizes one line that lines before `end` wait for; false if there is none. */
  step(end: number): boolean {
    const line = this.stale[0] ?? this.frontier;
    const next = Math.min(line, this.frontier);
    if (next >= Math.min(end, this.source.lineCount)) return false;
    const begin = next === 0 ? this.tokenizer.initial : this.lines[next - 1]!.end;
    const before = this.lines[next];
    const after = this.read(this.source.lineText(next), begin);
    this.lines[next] = after;
    this.count++;
    if (next === this.frontier) this.frontier++;
    else {
      this.stale.shift();
      const settled = before !== undefined && this.tokenizer.same(before.end, after.end);
      if (!settled && next + 1 < this.frontier && this.stale[0] !== next + 1) {
        this.stale.unshift(next + 1);
      }
    }
    return true;
  }

  /** Follows an edit; `changes` as VS Code lists them, or in any order of the text before the edit. */
  change(changes: readonly LineChange[]): void {
    for (const { start, end, count } of [...changes].sort((a, b) => b.start - a.start)) {
      if (start >= this.frontier) continue;
      const last = Math.min(end, this.frontier - 1);
      const removed = last - start + 1;
      const isOpen = end >= this.frontier;
      const added = isOpen ? 0 : count;
      // The last line's state stays to compare with: whatever stands below was tokenized from it.
      const kept = this.lines[last];
      const fresh = new Array<StoredLine<S> | undefined>(added).fill(undefined);
      if (added > 0) fresh[added - 1] = kept;
      splice(this.lines, start, removed, fresh);
      const shift = added - removed;
      this.frontier += shift;
      const below = this.stale.filter((line) => line > last).map((line) => line + shift);
      const inside = Array.from({ length: added }, (_, index) => start + index);
      const above = this.stale.filter((line) => line < start);
      this.stale = [...above, ...inside, ...below].filter((line) => line < this.frontier);
    }
  }

  private read(text: string, begin: S): StoredLine<S> {
    return text.length > MOST_CHARACTERS
      ? { regions: NONE, end: begin }
      : this.tokenizer.tokenize(text, begin);
  }
}

/** `Array.splice` takes what is added as arguments, of which there may be too many. */
function splice<T>(array: T[], start: number, removed: number, added: readonly T[]): void {
  if (added.length < 1000) {
    array.splice(start, removed, ...added);
    return;
  }
  const tail = array.splice(start).slice(removed);
  for (const item of added) array.push(item);
  for (const item of tail) array.push(item);
}
