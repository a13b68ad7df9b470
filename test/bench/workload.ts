import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planText } from '../../src/text/plan';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';

export interface Workload {
  /** Sentences of about 20 source tokens, as a hover would translate them one at a time. */
  readonly sentences: readonly string[];
  /** All sentences of the document. */
  readonly document: readonly string[];
  readonly documentBytes: number;
  readonly documentTokens: number;
}

/** Source tokens of a hover-size sentence, the tag and `</s>` included. */
const SHORTEST = 16;
const LONGEST = 25;

/** Prepared as the model reads them, tag included, so that every engine gets the same strings. `most`: of the sentences alone. */
export function readWorkload(tokenizer: Tokenizer, most: number, limit: number): Workload {
  const text = readFileSync(join(__dirname, 'workload', 'document.md'), 'utf8');
  const all = text.split('\n\n').flatMap((paragraph) => {
    const plan = planText(paragraph, { protectPatterns: [], target: 'auto' });
    return plan.sentences
      .filter((sentence) => sentence.keep === undefined)
      .map((sentence) => `<2${plan.target}> ${sentence.text}`);
  });
  const document = all.slice(0, limit);
  const lengths = document.map((sentence) => tokenizer.encode(sentence).ids.length);
  const sentences = document.filter((_, index) => {
    const length = lengths[index] ?? 0;
    return length >= SHORTEST && length <= LONGEST;
  });
  return {
    sentences: spread(sentences, Math.min(most, limit)),
    document,
    documentBytes: Buffer.byteLength(text),
    documentTokens: lengths.reduce((sum, length) => sum + length, 0),
  };
}

/** Evenly over the document, so that a quick run sees both languages too. */
function spread<T>(items: readonly T[], most: number): T[] {
  const step = Math.max(1, items.length / most);
  const chosen: T[] = [];
  for (let at = 0; at < items.length && chosen.length < most; at += step) {
    const item = items[Math.floor(at)];
    if (item !== undefined) chosen.push(item);
  }
  return chosen;
}
