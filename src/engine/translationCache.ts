import { LRUCache } from 'lru-cache';
import type { KeptReason } from '../protocol/engine';

/** What became of one piece of text, as the model reads and writes it: protected spans are still placeholders. */
export type Outcome =
  | {
      readonly kind: 'translated';
      readonly text: string;
      /** Mean per target token, nats. */
      readonly logProbability: number;
      /** What the model wrote, `</s>` included. */
      readonly ids: Int32Array;
    }
  | { readonly kind: 'kept'; readonly reason: KeptReason };

/** Two bytes a UTF-16 unit; the rest is about what V8 takes for the entry, its strings' headers and the list's links. */
const BYTES_PER_UNIT = 2;
const BYTES_PER_ID = 4;
const BYTES_PER_ENTRY = 300;

function bytesOf(outcome: Outcome): number {
  if (outcome.kind === 'kept') return 0;
  return BYTES_PER_UNIT * outcome.text.length + BYTES_PER_ID * outcome.ids.length;
}

/** The translations used last, bounded by bytes, not by count: a line and a page do not weigh the same. */
export class TranslationCache {
  private readonly entries: LRUCache<string, Outcome> | undefined;

  /** 0 bytes switch it off. */
  constructor(bytes: number) {
    this.entries =
      bytes < 1
        ? undefined
        : new LRUCache({
            maxSize: Math.floor(bytes),
            sizeCalculation: (outcome, key) =>
              BYTES_PER_ENTRY + BYTES_PER_UNIT * key.length + bytesOf(outcome),
          });
  }

  get bytes(): number {
    return this.entries?.calculatedSize ?? 0;
  }

  get size(): number {
    return this.entries?.size ?? 0;
  }

  get(key: string): Outcome | undefined {
    return this.entries?.get(key);
  }

  set(key: string, outcome: Outcome): void {
    this.entries?.set(key, outcome);
  }

  clear(): void {
    this.entries?.clear();
  }
}
