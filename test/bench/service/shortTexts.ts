import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_MODEL } from '../../engine/support/engine';

/** One of so many is Korean. */
const KOREAN_EVERY = 5;
/** Pairs of so many words are 102,400 and 25,600 texts. */
const WORDS = { english: 320, korean: 160 };

/**
 * Texts of two words that all differ, so that no cache answers them: 4 source tokens with the tag and the end, about 4 of the
 * translation. The words are the most frequent whole ones of the model's own vocabulary.
 */
export function shortTexts(): (index: number) => string {
  const file = readFileSync(join(DEFAULT_MODEL, 'tokenizer.json'), 'utf8');
  const { model } = JSON.parse(file) as { model: { vocab: [string, number][] } };
  const words = (letters: RegExp, count: number): string[] =>
    model.vocab.flatMap(([piece]) => letters.exec(piece)?.[1] ?? []).slice(0, count);
  const english = words(/^▁([a-z]{4,})$/u, WORDS.english);
  const korean = words(/^▁([가-힣]{2,})$/u, WORDS.korean);
  return (index) => {
    const koreans = Math.floor((index + 1) / KOREAN_EVERY);
    return (index + 1) % KOREAN_EVERY === 0
      ? pair(korean, koreans - 1)
      : pair(english, index - koreans);
  };
}

function pair(words: readonly string[], number: number): string {
  const second = words[Math.floor(number / words.length)];
  if (second === undefined) throw new RangeError('There are no more texts that differ.');
  return `${words[number % words.length]} ${second}`;
}
