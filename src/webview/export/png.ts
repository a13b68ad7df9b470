/** Bytes of a PNG: signature of 8, then chunks of length, type, data and CRC (ISO/IEC 15948). IHDR is always the first. */
const AFTER_HEADER = 8 + 4 + 4 + 13 + 4;

/** Adds an iTXt chunk (uncompressed UTF-8) right after the header. */
export function withPngText(
  png: Uint8Array,
  keyword: string,
  text: string,
): Uint8Array<ArrayBuffer> {
  const encode = (part: string): Uint8Array => new TextEncoder().encode(part);
  // Keyword, NUL, not compressed, method 0, no language, NUL, no translated keyword, NUL, text.
  const body = [...encode('iTXt'), ...encode(keyword), 0, 0, 0, 0, 0, ...encode(text)];
  const chunk = new Uint8Array(4 + body.length + 4);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  view.setUint32(4 + body.length, crc32(chunk.subarray(4, 4 + body.length)));
  const result = new Uint8Array(png.length + chunk.length);
  result.set(png.subarray(0, AFTER_HEADER));
  result.set(chunk, AFTER_HEADER);
  result.set(png.subarray(AFTER_HEADER), AFTER_HEADER + chunk.length);
  return result;
}

/** The CRC of PNG and gzip: polynomial 0xedb88320, reflected. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
