import { setImmediate } from 'node:timers/promises';
import { distribution, type Distribution } from '../attention/candidates';
import type { GenerationSteps } from '../protocol/attentionQueries';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { translationText } from './inspectTarget';
import type { QueryContext } from './queryContext';
import { placeholderIds } from './placeholderRule';

const MOST_CANDIDATES = 10;
const ROWS_AT_ONCE = 16;

/**
 * What each row of the logits says of what the output has there, so that the logits need not be kept. Done in pieces, after the
 * panel is open: a long text's 512 x 16,000 logits take 0.3 s.
 * @param logits [rows, vocabulary] @param predicted [rows] ids
 */
export async function reduceLogits(
  logits: Float32Array,
  predicted: readonly number[],
  vocabularySize: number,
): Promise<Distribution[]> {
  const steps: Distribution[] = [];
  for (const [row, id] of predicted.entries()) {
    // Even the first row waits: the run is given before this begins.
    if (row % ROWS_AT_ONCE === 0) await setImmediate();
    const own = logits.subarray(row * vocabularySize, (row + 1) * vocabularySize);
    steps.push(distribution(own, id, MOST_CANDIDATES));
  }
  return steps;
}

/** Every step with its candidates, and the ends of the search that wrote the output, which is done again for it. */
export async function generationSteps({
  kept,
  signal,
  turns,
  useModel,
}: QueryContext): Promise<GenerationSteps> {
  const { searched, decoding, run } = kept;
  const { target } = run.direction;
  return useModel(async ({ model, tokenizer }) => {
    const steps = (await kept.steps).map(({ ids, probabilities, probability, rank }, row) => ({
      candidates: ids.map((id, place) => ({
        text: pieceText(tokenizer, id),
        probability: probabilities[place] ?? 0,
      })),
      chosen: { text: run.predicted[row]?.text ?? '', probability, rank },
    }));
    if (!searched) return { steps, hypotheses: [], shown: -1 };
    const { beam } = searched;
    const release = await turns.take(searched.ids.length, signal);
    try {
      const rules = run.task ? {} : { placeholders: placeholderIds(tokenizer) };
      const options = { ...decoding, ...rules, beam, nBest: beam, signal };
      const [found = []] = await model.generate([searched.ids], options);
      const hypotheses = found.map(({ ids, logProbability, score }) => {
        const written = tokenizer.decode(ids);
        return { text: translationText(searched, target)(written), logProbability, score };
      });
      const output = run.predicted.map(({ id }) => id);
      const shown = found.findIndex(({ ids }) => ids.every((id, row) => id === output[row]));
      return { steps, hypotheses, shown };
    } finally {
      release();
    }
  });
}

/** A piece of the vocabulary as it is shown, its mark of a word's beginning as a blank. */
export function pieceText(tokenizer: Tokenizer, id: number): string {
  return (tokenizer.idToToken(id) ?? '').replaceAll('▁', ' ');
}
