/**
 * Extractive summaries: the sentences most like all the others, by the graph method of LexRank (Erkan and Radev 2004,
 * section 3.2) and TextRank (Mihalcea and Tarau 2004), with the model's own vectors in place of counted words.
 */

/** Share of a sentence's weight that it gives to those it resembles; the rest goes to the prior (PageRank's d). */
const DAMPING = 0.85;
const MOST_ROUNDS = 100;
const TOLERANCE = 1e-6;

/**
 * The centrality of every sentence, which sum to 1. `vectors`: one per sentence, of equal length; what all sentences
 * have in common (their mean) is taken off first, since it says nothing. `prior`: where weight comes from, at least one
 * above 0.
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

/** Cosines of the centred vectors, [n, n], 0 on the diagonal and where sentences point away from each other. */
function similarities(vectors: readonly Float32Array[]): Float64Array {
  const count = vectors.length;
  const unit = centred(vectors);
  const edges = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const cosine = Math.max(0, dot(unit[i]!, unit[j]!));
      edges[i * count + j] = cosine;
      edges[j * count + i] = cosine;
    }
  }
  return edges;
}

/** Less their mean, of length 1 (or 0 where nothing is left). */
function centred(vectors: readonly Float32Array[]): Float64Array[] {
  const size = vectors[0]?.length ?? 0;
  const mean = new Float64Array(size);
  for (const vector of vectors) {
    for (let i = 0; i < size; i++) mean[i] = (mean[i] ?? 0) + (vector[i] ?? 0) / vectors.length;
  }
  return vectors.map((vector) => {
    const rest = Float64Array.from(vector, (value, i) => value - (mean[i] ?? 0));
    const length = Math.sqrt(dot(rest, rest));
    return length > 1e-9 ? rest.map((value) => value / length) : rest.fill(0);
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

export interface ChosenSentence {
  readonly index: number;
  /** Its centrality: the share of all sentences' that it has. */
  readonly score: number;
}

/**
 * The `count` most central sentences, in the order of the text. The first sentence of running text is always one of them:
 * in documentation it alone is a strong summary.
 */
export function chooseSentences(
  sentences: readonly { readonly text: string; readonly aside: boolean }[],
  vectors: readonly Float32Array[],
  count: number,
): ChosenSentence[] {
  if (sentences.length === 0) return [];
  const prior = sentences.map((sentence, index) => weightOf(sentence, index));
  const scores = centralities(vectors, prior);
  const lead = Math.max(
    0,
    sentences.findIndex(({ aside }) => !aside),
  );
  const order = [...sentences.keys()]
    .filter((index) => index !== lead)
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  return [lead, ...order]
    .slice(0, count)
    .sort((a, b) => a - b)
    .map((index) => ({ index, score: scores[index] ?? 0 }));
}

function weightOf(sentence: { readonly text: string; readonly aside: boolean }, index: number) {
  return (sentence.aside ? 0.2 : 1) / (1 + index);
}
