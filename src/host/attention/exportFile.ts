import type { ExportChunk } from '../../protocol/panel';

/** What one export may come to: the map of a head of 512 tokens is far below, drawn at four times its size too. */
export const MOST_EXPORT_BYTES = 64 * 2 ** 20;

export interface ExportFile {
  readonly format: ExportChunk['format'];
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Puts the chunks of one file together. A chunk out of turn, or too much, drops the file. */
export class ExportAssembler {
  private first: ExportChunk | undefined;
  private parts: Uint8Array[] = [];
  private size = 0;

  /** The file, once its last chunk is there. */
  add(chunk: ExportChunk): ExportFile | undefined {
    if (chunk.chunk === 0) {
      this.reset();
      this.first = chunk;
    }
    const part = typeof chunk.data === 'string' ? new TextEncoder().encode(chunk.data) : chunk.data;
    this.size += part.byteLength;
    if (!this.follows(chunk) || this.size > MOST_EXPORT_BYTES) {
      this.reset();
      return undefined;
    }
    this.parts.push(part);
    if (this.parts.length < chunk.chunks) return undefined;
    const bytes = Buffer.concat(this.parts);
    this.reset();
    return { format: chunk.format, name: chunk.name, bytes };
  }

  private follows(chunk: ExportChunk): boolean {
    const { first } = this;
    return (
      first !== undefined &&
      chunk.chunk === this.parts.length &&
      chunk.chunks === first.chunks &&
      chunk.runId === first.runId &&
      chunk.format === first.format &&
      chunk.name === first.name &&
      typeof chunk.data === typeof first.data
    );
  }

  private reset(): void {
    this.first = undefined;
    this.parts = [];
    this.size = 0;
  }
}

const MOST_STEM = 80;

/** A name that every file system takes, from one that a page suggests. */
export function fileStem(name: string): string {
  const stem = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[-.]+|[-.]+$/g, '');
  return [...stem].slice(0, MOST_STEM).join('') || 'attention';
}
