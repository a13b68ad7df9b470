/**
 * Which libraries a shared library asks the loader for: the dynamic section of an ELF file (System V ABI, "Program Header" and
 * "Dynamic Section"). Only what Linux x64 loads is read: 64 bits, little endian, machine x86-64.
 */
export interface ElfLinks {
  /** File names as the loader looks for them, such as libcublas.so.12. */
  readonly needed: readonly string[];
  /** Folders the library asks to be searched first; `$ORIGIN` stands for its own. */
  readonly runPath: readonly string[];
}

/** Bytes from `offset`; fewer than `length` at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const DYNAMIC_ENTRY_BYTES = 16;
const MACHINE_X86_64 = 62;
const SEGMENT_LOAD = 1;
const SEGMENT_DYNAMIC = 2;
const TAG_NEEDED = 1n;
const TAG_STRING_TABLE = 5n;
const TAG_RUN_PATHS: readonly bigint[] = [15n, 29n];
/** A damaged file may state any size; real ones have some dozens of entries and names of some dozens of characters. */
const MOST_DYNAMIC_BYTES = 1 << 20;
const MOST_NAME_BYTES = 4096;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly bytes: number;
}

/** Undefined where the file is none that the loader of Linux x64 would take. */
export async function readElfLinks(read: ReadAt): Promise<ElfLinks | undefined> {
  const header = await exactly(read, 0, HEADER_BYTES);
  if (!header || !isLinuxX64(header)) return undefined;
  const count = header.getUint16(56, true);
  if (header.getUint16(54, true) !== PROGRAM_HEADER_BYTES) return undefined;
  const table = await exactly(read, u64(header, 32), count * PROGRAM_HEADER_BYTES);
  if (!table) return undefined;
  const segments = Array.from({ length: count }, (_, index) => segmentAt(table, index));
  const dynamic = segments.find(({ type }) => type === SEGMENT_DYNAMIC);
  if (!dynamic || dynamic.bytes > MOST_DYNAMIC_BYTES) return undefined;
  const entries = await exactly(read, dynamic.offset, dynamic.bytes);
  return entries && readEntries(read, entries, segments);
}

async function readEntries(
  read: ReadAt,
  entries: DataView,
  segments: readonly Segment[],
): Promise<ElfLinks | undefined> {
  const pairs = Array.from(
    { length: Math.floor(entries.byteLength / DYNAMIC_ENTRY_BYTES) },
    (_, index) => ({
      tag: entries.getBigUint64(index * DYNAMIC_ENTRY_BYTES, true),
      value: u64(entries, index * DYNAMIC_ENTRY_BYTES + 8),
    }),
  );
  const address = pairs.find(({ tag }) => tag === TAG_STRING_TABLE)?.value;
  // The table is named by where it will be in memory; the segments say where that is in the file.
  const home = segments.find(
    ({ type, address: start, bytes }) =>
      type === SEGMENT_LOAD && address !== undefined && address >= start && address < start + bytes,
  );
  if (!home || address === undefined) return undefined;
  const names = home.offset + (address - home.address);
  const needed: string[] = [];
  const runPath: string[] = [];
  for (const { tag, value } of pairs) {
    if (tag !== TAG_NEEDED && !TAG_RUN_PATHS.includes(tag)) continue;
    const text = await nameAt(read, names + value);
    if (tag === TAG_NEEDED) needed.push(text);
    else runPath.push(...text.split(':'));
  }
  return { needed, runPath };
}

function isLinuxX64(header: DataView): boolean {
  const magic = header.getUint32(0) === 0x7f454c46;
  const bits64 = header.getUint8(4) === 2;
  const littleEndian = header.getUint8(5) === 1;
  return magic && bits64 && littleEndian && header.getUint16(18, true) === MACHINE_X86_64;
}

function segmentAt(table: DataView, index: number): Segment {
  const start = index * PROGRAM_HEADER_BYTES;
  return {
    type: table.getUint32(start, true),
    offset: u64(table, start + 8),
    address: u64(table, start + 16),
    bytes: u64(table, start + 32),
  };
}

async function nameAt(read: ReadAt, offset: number): Promise<string> {
  const bytes = await read(offset, MOST_NAME_BYTES);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

async function exactly(
  read: ReadAt,
  offset: number,
  length: number,
): Promise<DataView | undefined> {
  const bytes = await read(offset, length);
  if (bytes.length < length) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

/** Offsets of real files are below 2^53; of a damaged one, some offset past its end. */
function u64(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true));
}
