import { LRUCache } from 'lru-cache';
import type { TextResult } from '../protocol/engine';

/** Two bytes a UTF-16 unit; the rest is about what V8 takes for an entry, its segments and the list's links. */
const BYTES_PER_UNIT = 2;
const BYTES_PER_ENTRY = 300;
const BYTES_PER_SEGMENT = 120;

/**
 * Whole answers in the editor's own process, bounded by bytes: a hover that was translated before, or while the machine
 * was idle, needs no way to the engine. Keys hold everything the answer depends on: model, direction, options, text.
 */
export class AnswerCache {
  private entries: LRUCache<string, TextResult> | undefined;
  private limit = 0;

  /** 0 switches it off; another bound than before begins anew. */
  bound(bytes: number): void {
    if (bytes === this.limit) return;
    this.limit = bytes;
    this.entries =
      bytes < 1
        ? undefined
        : new LRUCache({
            maxSize: Math.floor(bytes),
            sizeCalculation: ({ text, segments }, key) =>
              BYTES_PER_ENTRY +
              BYTES_PER_SEGMENT * segments.length +
              BYTES_PER_UNIT * (key.length + text.length),
          });
  }

  get(key: string): TextResult | undefined {
    return this.entries?.get(key);
  }

  set(key: string, answer: TextResult): void {
    this.entries?.set(key, answer);
  }

  clear(): void {
    this.entries?.clear();
  }
}

/** The key of one text of a request. No part but the last can hold a line end: JSON escapes it. */
export function answerKey(
  model: string,
  request: {
    readonly target: string;
    readonly beam: number;
    readonly protectPatterns: readonly string[];
  },
  text: string,
): string {
  const { target, beam, protectPatterns } = request;
  return [model, JSON.stringify([target, beam, protectPatterns]), text].join('\n');
}
