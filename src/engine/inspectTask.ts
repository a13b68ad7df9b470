import { AppError } from '../common/errors';
import type { InspectParams } from '../protocol/engine';
import type { InspectTask } from '../protocol/tasks';
import { chooseDirection } from '../text/direction';
import { taskOutput } from '../text/task';
import { hypothesisOf, numbered, type Inspection, type InspectionParts } from './inspection';
import { writtenPiece } from './inspectTarget';
import { filled } from './job';
import { decoderTokens, panelTokens } from './panelTokens';
import { sentenceTokens, type TokenSpan } from './tokenSpans';
import { Writer } from './writer';

/**
 * What the model read for a title or a sentence about a text, in the text's own language, and what it wrote: the text that is
 * asked for, else its best. Throws as the writer; invalidArgument with `what: 'sentence'` and the `reason` if there is nothing to read.
 */
export async function prepareTask(
  parts: InspectionParts,
  params: InspectParams,
  task: InspectTask,
  signal: AbortSignal,
): Promise<Inspection> {
  const { model, tokenizer } = parts;
  const { text, protectPatterns, decoding } = params;
  const language = chooseDirection(text, 'auto').source;
  const request = { task: task.name, language, text, decoding, nBest: 1, protectPatterns };
  const found = await new Writer(parts).search(request, signal);
  if (typeof found === 'string')
    throw new AppError('invalidArgument', `There is nothing to read: ${found}.`, {
      what: 'sentence',
      reason: found,
    });
  const { source, tag, judged, ids, beam } = found;
  const { written: wanted } = task;
  const asked = judged.find(({ candidate }) => candidate && candidate.text === wanted);
  if (wanted !== undefined && !asked)
    throw new AppError('invalidArgument', 'The search does not find that text.', {
      what: 'sentence',
      reason: 'written',
    });
  const best = asked ?? judged.find(({ candidate }) => candidate) ?? judged[0];
  const hypotheses = judged.map(({ hypothesis }) => hypothesis);
  const chosen =
    params.hypothesis === undefined
      ? best?.hypothesis
      : hypothesisOf(hypotheses, params.hypothesis);
  if (!chosen) throw new AppError('internal', 'The search returned no hypothesis.');
  const textOf = (output: string): string =>
    taskOutput(output, source.spans, language) ?? filled(output, source);
  const written = writtenPiece(
    chosen.ids,
    source.spans,
    textOf,
    tokenizer,
    model.config.endTokenId,
  );
  const read = sentenceTokens(tokenizer, tag, { start: 0, ...source }).map((token) =>
    placed(token, source.places),
  );
  const start = Math.max(0, read.find((token) => token.start >= 0)?.start ?? 0);
  const end = read.reduce((last, token) => Math.max(last, token.end), start);
  return {
    direction: { source: language, target: language },
    sentences: [{ start, end, tokens: read.length }],
    sentence: 0,
    sourceText: text,
    targetText: written.text,
    source: panelTokens(parts, read, text.slice(start, end), start, language),
    ...decoderTokens(parts, written.tokens, written.text, language),
    task: { name: task.name, cut: source.cut },
    ...(params.hypothesis === undefined ? {} : numbered(hypotheses, params.hypothesis)),
    refused: undefined,
    ended: chosen.ended,
    searched: { ids, spans: source.spans, beam },
  };
}

/** A token's place in what was given: without what was left out before it, whose place a blank in front may have. */
function placed(token: TokenSpan, places: readonly number[]): TokenSpan {
  if (token.start < 0) return token;
  const end = places[token.end - 1] ?? -1;
  let start = end;
  for (let unit = token.end - 2; unit >= token.start && places[unit] === start - 1; unit--) start--;
  return end < 0 ? { ...token, start: -1, end: -1 } : { ...token, start, end: end + 1 };
}
