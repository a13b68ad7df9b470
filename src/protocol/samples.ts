/**
 * Texts that are often used to teach attention: one word with two meanings, an article and its noun, the shortest whole
 * sentence. `sentence` is the one to show first, an index into the sentences of `text`.
 */
export interface Sample {
  readonly text: string;
  readonly sentence: number;
}

/** Two sentences in one document: `bank` of one beside `bank` of the other. */
const BANKS = 'I went to the bank to deposit money\n\nI sat on the bank of the river\n';

export const SAMPLES: readonly Sample[] = [
  { text: '배를 먹었더니 배가 아프다\n', sentence: 0 },
  { text: BANKS, sentence: 0 },
  { text: BANKS, sentence: 1 },
  { text: 'The train left the station on time\n', sentence: 0 },
  { text: 'I am a boy\n', sentence: 0 },
];

/** The words of the sample's own sentence, for the button that opens it. */
export function sampleTitle(sample: Sample): string {
  return sample.text.split(/\n+/).filter((line) => line !== '')[sample.sentence] ?? '';
}
