import { AppError } from '../common/errors';

export const SHORTLIST_FILE = 'shortlist.bin';

const MAGIC = 0x4c534c48; // "HLSL", read as a little-endian number
const VERSION = 1;
const HEADER_WORDS = 4;
const WORD = 4;

/** Ids of one tag: those of row x lie between offsets x and x + 1; the row behind the last piece's is always in. */
interface Table {
  readonly offsets: Uint32Array;
  readonly ids: Uint16Array;
}

/**
 * Which pieces a translation may be made of, known from its source before any step: `models/recipe/shortlist.py` describes the
 * file and where it comes from.
 */
export class Shortlist {
  private constructor(
    private readonly size: number,
    private readonly tables: ReadonlyMap<number, Table>,
  ) {}

  /** Nothing in `bytes` is trusted. Throws modelWeightsInvalid. */
  static parse(bytes: Uint8Array, vocabularySize: number): Shortlist {
    // A copy begins at a multiple of 4, as every part of the file does; all platforms of the runtime are little-endian.
    const { buffer } = new Uint8Array(bytes);
    let at = 0;
    const part = (length: number): number => {
      if (at + length > buffer.byteLength) throw invalid('is cut off');
      at += Math.ceil(length / WORD) * WORD;
      return at - Math.ceil(length / WORD) * WORD;
    };
    const words = (count: number) => new Uint32Array(buffer, part(count * WORD), count);
    const [magic, version, size = 0, count = 0] = words(HEADER_WORDS);
    if (magic !== MAGIC || version !== VERSION) throw invalid('is of another format');
    if (size !== vocabularySize) throw invalid(`is for ${size} pieces, not ${vocabularySize}`);
    const tables = new Map<number, Table>();
    for (let table = 0; table < count; table++) {
      const [tag = 0] = words(1);
      const offsets = words(size + 2);
      const length = offsets[size + 1] ?? 0;
      const ids = new Uint16Array(buffer, part(2 * length), length);
      if (!isAscending(offsets)) throw invalid('has rows out of order');
      if (largest(ids) >= size) throw invalid('names pieces that there are not');
      tables.set(tag, { offsets, ids });
    }
    return new Shortlist(size, tables);
  }

  /**
   * The pieces that translations of these sources may be made of, their own ones among them, ascending; `also` are always in.
   * Undefined where a source does not begin with a tag that there is a table for.
   */
  candidates(
    sources: readonly (readonly number[])[],
    also: readonly number[],
  ): Int32Array | undefined {
    const marks = new Uint8Array(this.size);
    for (const id of also) marks[id] = 1;
    for (const source of sources) {
      const table = this.tables.get(source[0] ?? -1);
      if (!table) return undefined;
      const mark = (row: number): void => {
        const end = table.offsets[row + 1] ?? 0;
        for (let at = table.offsets[row] ?? 0; at < end; at++) marks[table.ids[at] ?? 0] = 1;
      };
      mark(this.size);
      for (const id of source) {
        marks[id] = 1;
        mark(id);
      }
    }
    const ids = new Int32Array(this.size);
    let filled = 0;
    for (let id = 0; id < this.size; id++) if (marks[id] === 1) ids[filled++] = id;
    return ids.subarray(0, filled);
  }
}

/** Loops: callbacks would take a tenth of a cold start for the file's 700,000 numbers. -1 where there are none. */
function largest(values: Uint16Array): number {
  let most = -1;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (value > most) most = value;
  }
  return most;
}

function isAscending(values: Uint32Array): boolean {
  for (let index = 1; index < values.length; index++)
    if ((values[index] as number) < (values[index - 1] as number)) return false;
  return true;
}

function invalid(problem: string): AppError {
  return new AppError('modelWeightsInvalid', `${SHORTLIST_FILE} ${problem}`, {
    tensor: SHORTLIST_FILE,
  });
}
