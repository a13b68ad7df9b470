/** A shared library of Linux x64 that holds nothing but what it asks the loader for. */
export function elfFile(needed: readonly string[], runPath?: string): Buffer {
  const names = ['', ...needed, ...(runPath === undefined ? [] : [runPath])];
  const strings = Buffer.from(names.map((name) => `${name}\0`).join(''));
  const offsetOf = (index: number) => Buffer.byteLength(names.slice(0, index).join('\0')) + 1;
  const [header, segments, dynamic] = [64, 2 * 56, 16 * (needed.length + 3)];
  const start = header + segments;
  /** Addresses in memory differ from places in the file, as they do in real libraries. */
  const base = 0x10000;
  const entries: [number, number][] = [
    ...needed.map((_, index): [number, number] => [1, offsetOf(index + 1)]),
    ...(runPath === undefined ? [] : [[29, offsetOf(needed.length + 1)] as [number, number]]),
    [5, base + start + dynamic],
    [0, 0],
  ];
  const bytes = Buffer.alloc(start + dynamic + strings.length);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeUInt16LE(3, 16);
  bytes.writeUInt16LE(62, 18);
  bytes.writeUInt32LE(1, 20);
  bytes.writeBigUInt64LE(BigInt(header), 32);
  bytes.writeUInt16LE(header, 52);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(2, 56);
  const segment = (index: number, type: number, offset: number, length: number) => {
    const at = header + index * 56;
    bytes.writeUInt32LE(type, at);
    bytes.writeUInt32LE(5, at + 4);
    for (const [field, value] of [
      [8, offset],
      [16, base + offset],
      [24, base + offset],
      [32, length],
      [40, length],
      [48, 0x1000],
    ] as const)
      bytes.writeBigUInt64LE(BigInt(value), at + field);
  };
  segment(0, 1, 0, bytes.length);
  segment(1, 2, start, dynamic);
  entries.forEach(([tag, value], index) => {
    bytes.writeBigUInt64LE(BigInt(tag), start + index * 16);
    bytes.writeBigUInt64LE(BigInt(value), start + index * 16 + 8);
  });
  bytes.set(strings, start + dynamic);
  return bytes;
}
