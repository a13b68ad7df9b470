import { AppError } from '../common/errors';

/**
 * Longest text that may come out of a normalizer, in UTF-16 units. Each step of a file may make its text several times
 * longer, so a few dozen steps could otherwise ask for any amount of memory.
 */
const LONGEST_TEXT = 1 << 22;

/** UTF-16 units [start, end) of the text given to `encode`; -1/-1 where a token has no source. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export const NO_SPAN: Span = { start: -1, end: -1 };

/**
 * Text on its way through the normalizers, each UTF-16 unit of it knowing which units of the original it stands for.
 * `starts` and `ends` are [text.length]; a unit that was put in from nowhere has start = end.
 * Everything else (ids, spans of tokens) follows from this table, so no later step computes offsets of its own.
 */
export class AlignedText {
  private constructor(
    readonly text: string,
    private readonly starts: Int32Array,
    private readonly ends: Int32Array,
    /** Where this piece begins in the original; Metaspace asks whether it is the very beginning. */
    readonly origin: number,
  ) {}

  static of(text: string): AlignedText {
    const starts = new Int32Array(text.length);
    const ends = new Int32Array(text.length);
    for (let i = 0; i < text.length; i++) {
      starts[i] = i;
      ends[i] = i + 1;
    }
    return new AlignedText(text, starts, ends, 0);
  }

  static built(text: string, starts: Int32Array, ends: Int32Array, origin: number): AlignedText {
    return new AlignedText(text, starts, ends, origin);
  }

  get length(): number {
    return this.text.length;
  }

  slice(from: number, to: number): AlignedText {
    return new AlignedText(
      this.text.slice(from, to),
      this.starts.subarray(from, to),
      this.ends.subarray(from, to),
      this.startOf(from),
    );
  }

  /** First original unit that unit `at` stands for; at the end, where the original would go on. */
  startOf(at: number): number {
    return this.starts[at] ?? this.ends[this.length - 1] ?? this.origin;
  }

  /** The smallest original range that holds the sources of units [from, to). */
  span(from: number, to: number): Span {
    let start = -1;
    let end = -1;
    for (let i = from; i < to; i++) {
      const first = this.starts[i] ?? 0;
      const last = this.ends[i] ?? 0;
      if (last <= first) continue;
      if (start < 0 || first < start) start = first;
      if (last > end) end = last;
    }
    return start < 0 ? NO_SPAN : { start, end };
  }

  copyTable(from: number, to: number, starts: Int32Array, ends: Int32Array, at: number): void {
    starts.set(this.starts.subarray(from, to), at);
    ends.set(this.ends.subarray(from, to), at);
  }
}

/** Writes the edited form of an `AlignedText` from left to right: kept ranges and replacements. */
export class AlignedBuilder {
  private readonly parts: string[] = [];
  private starts: Int32Array;
  private ends: Int32Array;
  private length = 0;

  constructor(private readonly source: AlignedText) {
    this.starts = new Int32Array(source.length + 16);
    this.ends = new Int32Array(source.length + 16);
  }

  keep(from: number, to: number): void {
    if (from >= to) return;
    this.reserve(to - from);
    this.source.copyTable(from, to, this.starts, this.ends, this.length);
    this.parts.push(this.source.text.slice(from, to));
    this.length += to - from;
  }

  /** Every unit of `text` stands for the whole span. */
  put(text: string, span: Span): void {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) {
      this.starts[this.length] = span.start;
      this.ends[this.length++] = span.end;
    }
    this.parts.push(text);
  }

  /** Replaces the source's units [from, to); where they have no source, or are none, neither has `text`. */
  replace(from: number, to: number, text: string): void {
    const span = this.source.span(from, to);
    const at = this.source.startOf(from);
    this.put(text, span.start < 0 ? { start: at, end: at } : span);
  }

  finish(): AlignedText {
    return AlignedText.built(
      this.parts.join(''),
      this.starts.slice(0, this.length),
      this.ends.slice(0, this.length),
      this.source.origin,
    );
  }

  private reserve(more: number): void {
    if (this.length + more <= this.starts.length) return;
    if (this.length + more > LONGEST_TEXT) {
      throw new AppError('textTooLong', 'The normalized text is too long to be tokenized.');
    }
    const size = Math.max(this.starts.length * 2, this.length + more);
    const starts = new Int32Array(size);
    const ends = new Int32Array(size);
    starts.set(this.starts);
    ends.set(this.ends);
    this.starts = starts;
    this.ends = ends;
  }
}
