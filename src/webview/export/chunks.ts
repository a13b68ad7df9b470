/** Well under a message of 1 MiB; a string's units count twice. */
const CHUNK_BYTES = 768 * 1024;
const CHUNK_UNITS = CHUNK_BYTES / 2;

/** Pieces of exactly sized buffers: the editor would send the whole buffer under a view. */
export function byteChunks(bytes: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < Math.max(1, bytes.length); at += CHUNK_BYTES) {
    chunks.push(bytes.slice(at, at + CHUNK_BYTES));
  }
  return chunks;
}

/** Pieces of a string, never cut inside a surrogate pair. */
export function textChunks(text: string): string[] {
  const chunks: string[] = [];
  let at = 0;
  do {
    let end = Math.min(text.length, at + CHUNK_UNITS);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last < 0xdc00) end--;
    chunks.push(text.slice(at, end));
    at = end;
  } while (at < text.length);
  return chunks;
}
