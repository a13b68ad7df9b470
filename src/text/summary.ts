import type { Language } from '../common/language';

/**
 * Extractive summaries: the sentences most like all the others, by the graph method of LexRank (Erkan and Radev 2004,
 * section 3.2) and TextRank (Mihalcea and Tarau 2004), with the model's own vectors in place of counted words.
 */

/** Share of a sentence's weight that it gives to those it resembles; the rest goes to the prior (PageRank's d). */
const DAMPING = 0.85;
const MOST_ROUNDS = 100;
const TOLERANCE = 1e-6;

/**
 * The centrality of every sentence, which sum to 1. `vectors`: one per sentence, of equal length. `prior`: where weight
 * comes from, none below and at least one above 0.
 */
export function centralities(
  vectors: readonly Float32Array[],
  prior: readonly number[],
): Float64Array {
  const count = vectors.length;
  const total = prior.reduce((sum, value) => sum + value, 0);
  const base = Float64Array.from(prior, (value) => value / total);
  if (count < 2) return base;
  const edges = similarities(vectors);
  let scores: Float64Array = base;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = step(edges, scores, base);
    const change = next.reduce((sum, value, i) => sum + Math.abs(value - (scores[i] ?? 0)), 0);
    scores = next;
    if (change < TOLERANCE) break;
  }
  return scores;
}

/** One round of the power method; a sentence like no other gives its weight to the prior. */
function step(edges: Float64Array, scores: Float64Array, base: Float64Array): Float64Array {
  const count = scores.length;
  const next = new Float64Array(count);
  let lost = 0;
  for (let from = 0; from < count; from++) {
    const score = scores[from] ?? 0;
    const row = edges.subarray(from * count, (from + 1) * count);
    let sum = 0;
    for (const weight of row) sum += weight;
    if (sum === 0) {
      lost += DAMPING * score;
      continue;
    }
    for (let to = 0; to < count; to++) {
      next[to] = (next[to] ?? 0) + (DAMPING * score * (row[to] ?? 0)) / sum;
    }
  }
  const rest = 1 - DAMPING + lost;
  for (let i = 0; i < count; i++) next[i] = (next[i] ?? 0) + rest * (base[i] ?? 0);
  return next;
}

/**
 * Squares of the vectors' cosines, [n, n], 0 on the diagonal and where sentences point away from each other. Squared, a
 * sentence that resembles every other one a little does not weigh as much as one that resembles some of them much.
 */
function similarities(vectors: readonly Float32Array[]): Float64Array {
  const count = vectors.length;
  const units = vectors.map(unitOf);
  const edges = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const weight = Math.max(0, dot(units[i]!, units[j]!)) ** 2;
      edges[i * count + j] = weight;
      edges[j * count + i] = weight;
    }
  }
  return edges;
}

/** Of length 1, or 0 where there is nothing. */
function unitOf(vector: Float32Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return Float64Array.from(vector, (value) => (length > 0 ? value / length : 0));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Sentences about nothing in common: what their vectors share is what the vectors of all sentences share. */
export const PLAIN_SENTENCES: Readonly<Record<Language, readonly string[]>> = {
  en: [
    'The file is ready.',
    'It takes a moment.',
    'See the next page.',
    'This is not always so.',
    'Do it once more.',
    'He came home late.',
    'We thank all who helped.',
    'The price went up again.',
  ],
  ko: [
    '파일이 준비되었습니다.',
    '잠시 시간이 걸립니다.',
    '다음 페이지를 참조하세요.',
    '항상 그런 것은 아닙니다.',
    '한 번 더 해 보세요.',
    '그는 집에 늦게 왔습니다.',
    '도와주신 분들께 감사합니다.',
    '가격이 다시 올랐습니다.',
  ],
};

/**
 * The vectors without their parts along the mean of `plain`, as Arora, Liang and Ma 2017 take the common component from
 * sentence vectors (algorithm 1). With it any two sentences have a cosine near 0.8, and a short one about something else
 * looks as central as the rest. All of one length.
 */
export function withoutCommon(
  vectors: readonly Float32Array[],
  plain: readonly Float32Array[],
): Float32Array[] {
  const mean = new Float32Array(plain[0]?.length ?? 0);
  for (const vector of plain) for (let i = 0; i < mean.length; i++) mean[i]! += vector[i] ?? 0;
  const common = unitOf(mean);
  return vectors.map((vector) => {
    const along = vector.reduce((sum, value, i) => sum + value * (common[i] ?? 0), 0);
    return vector.map((value, i) => value - along * (common[i] ?? 0));
  });
}

export interface ChosenSentence {
  readonly index: number;
  /** Its centrality: the share of all sentences' that it has. */
  readonly score: number;
}

interface Candidate {
  readonly text: string;
  /** No sentence of a running text: see ProseSentence. */
  readonly aside: boolean;
}

/** What a heading, an item of a list or a lone word starts with, beside a sentence at the same place. */
const ASIDE_WEIGHT = 0.3;
/** Two syllables of Hangul count as one. */
const FEWEST_WORDS = 3;
/** Below so many words a sentence gains nothing by being shorter: it would be chosen for that alone. */
const SHORT = 8;

/**
 * The `count` sentences that say most for their length, in the order of the text; headings, items of lists, badges and the like
 * only where there are not enough others. The first sentence of running text is always one of them: in documentation it alone is a strong summary. Weight comes from the beginning, 1/n for the n-th sentence.
 *
 * Centralities are divided by the root of the words: the more tokens a mean is taken of, the nearer it is to every other mean,
 * whatever they say (the deviation of a mean of n falls with the root of n), so that long sentences look central. Without this
 * the choice is no better than the first sentences. `vectors`: one per sentence.
 */
export function chooseSentences(
  sentences: readonly Candidate[],
  vectors: readonly Float32Array[],
  count: number,
): ChosenSentence[] {
  if (sentences.length === 0) return [];
  const running = sentences.map(isRunning);
  const prior = running.map((runs, index) => (runs ? 1 : ASIDE_WEIGHT) / (1 + index));
  const scores = centralities(vectors, prior);
  const worth = sentences.map(
    ({ text }, index) => (scores[index] ?? 0) / Math.sqrt(Math.max(SHORT, unitsOf(text))),
  );
  const lead = Math.max(0, running.indexOf(true));
  const others = [...sentences.keys()]
    .filter((index) => index !== lead)
    .sort((a, b) => Number(running[b]) - Number(running[a]) || (worth[b] ?? 0) - (worth[a] ?? 0));
  return [lead, ...others]
    .slice(0, count)
    .sort((a, b) => a - b)
    .map((index) => ({ index, score: scores[index] ?? 0 }));
}

/** Tags of HTML, pictures, where links lead: none of it is said. */
const MARKUP =
  /<[^<>]*>|!\[[^\]]*\](?:\([^()]*\)|\[[^\]]*\])?|\]\([^()]*\)|\]\[[^\]]*\]|https?:\/\/\S+/gu;

function isRunning({ text, aside }: Candidate): boolean {
  const said = text.slice(0, 2000).replace(MARKUP, ' ');
  const syllables = said.match(/[가-힣]/gu)?.length ?? 0;
  return !aside && unitsOf(said) - syllables / 2 >= FEWEST_WORDS;
}

/** Of comparable weight in both languages: a syllable of Hangul, a run of other letters and digits. */
function unitsOf(text: string): number {
  return text.match(/[가-힣]|(?:(?![가-힣])[\p{L}\p{N}])+/gu)?.length ?? 0;
}
