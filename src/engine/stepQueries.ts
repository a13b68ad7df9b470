import { distribution, type Distribution } from '../attention/candidates';
import type { GenerationSteps } from '../protocol/attentionQueries';
import type { Tokenizer } from '../tokenizer/tokenizer';
import type { QueryContext } from './attentionQueries';

const MOST_CANDIDATES = 10;

/**
 * What each row of the logits says of what the output has there, so that the logits need not be kept.
 * @param logits [rows, vocabulary] @param predicted [rows] ids
 */
export function reduceLogits(
  logits: Float32Array,
  predicted: readonly number[],
  vocabularySize: number,
): Distribution[] {
  return predicted.map((id, row) =>
    distribution(
      logits.subarray(row * vocabularySize, (row + 1) * vocabularySize),
      id,
      MOST_CANDIDATES,
    ),
  );
}

/** Every step with its candidates, and the ends of the search that wrote the output, which is done again for it. */
export async function generationSteps({
  kept,
  signal,
  turns,
  useModel,
}: QueryContext): Promise<GenerationSteps> {
  const { searched, decoding } = kept;
  return useModel(async ({ model, tokenizer }) => {
    const steps = kept.steps.map(({ ids, probabilities, probability, rank }, row) => ({
      candidates: ids.map((id, place) => ({
        text: pieceText(tokenizer, id),
        probability: probabilities[place] ?? 0,
      })),
      chosen: { text: kept.run.predicted[row]?.text ?? '', probability, rank },
    }));
    if (!searched) return { steps, hypotheses: [] };
    const release = await turns.take(searched.length, signal);
    try {
      const options = { ...decoding, nBest: decoding.beam, signal };
      const [found = []] = await model.generate([searched], options);
      const hypotheses = found.map(({ ids, logProbability, score }) => {
        return { text: tokenizer.decode(ids), logProbability, score };
      });
      return { steps, hypotheses };
    } finally {
      release();
    }
  });
}

/** A piece of the vocabulary as it is shown, its mark of a word's beginning as a blank. */
export function pieceText(tokenizer: Tokenizer, id: number): string {
  return (tokenizer.idToToken(id) ?? '').replaceAll('▁', ' ');
}
