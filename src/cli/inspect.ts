import { AppError } from '../common/errors';
import type { Hypothesis, InspectResult } from '../engine/types';
import { planText, type PlannedSentence } from '../text/plan';
import type { Invocation } from './arguments';
import { referenceDecoding } from './generationDefaults';
import { readText } from './input';
import { metricsTable, type SpecialTokens } from './metricsTable';
import { npz } from './npz';
import { writeFolder } from './output';
import { rawSource } from './raw';
import { openReferenceSession, openSession, type Session } from './session';
import { sentenceTokens, sourceSpans, targetSpans, type TokenSpan } from '../engine/tokenSpans';
import { DEFAULT_DECODING } from './texts';

type InspectInvocation = Extract<Invocation, { command: 'inspect' }>;

/** One input of the model. */
interface Source {
  /** What the model reads, with the tag if there is one. */
  readonly prepared: string;
  readonly ids: readonly number[];
  readonly spans: readonly TokenSpan[];
}

/** Runs the model on every sentence of the text and writes the maps of all of them, or nothing. */
export async function inspect(options: InspectInvocation): Promise<void> {
  const text = options.text === '-' ? await readText(undefined) : options.text;
  const session = options.raw ? await openReferenceSession(options) : await openSession(options);
  try {
    const sources = options.raw
      ? [rawInput(session, options, text)]
      : plannedInputs(session, options, text);
    const decoding = options.raw
      ? await referenceDecoding(session.folder, options)
      : { ...DEFAULT_DECODING, nBest: 1, ...given(options) };
    const found = await session.model.generate(
      sources.map(({ ids }) => ids),
      decoding,
    );
    const files: { name: string; data: Uint8Array | string }[] = [];
    for (const [index, source] of sources.entries()) {
      const best = found[index]?.[0];
      if (!best) throw new AppError('internal', 'The search returned no hypothesis.');
      const result = await session.model.inspect(source.ids, best.ids);
      const suffix = sources.length === 1 ? '' : `-${index + 1}`;
      files.push(
        { name: `maps${suffix}.npz`, data: maps(result) },
        { name: `metrics${suffix}.csv`, data: metricsTable(result, specialTokens(source, result)) },
        { name: `tokens${suffix}.json`, data: tokens(session, text, source, best, result) },
      );
    }
    await writeFolder(options.out, files);
  } finally {
    await session.model.dispose();
  }
}

function given({ beam, lengthPenalty, maxTokens }: InspectInvocation) {
  return {
    ...(beam === undefined ? {} : { beam }),
    ...(lengthPenalty === undefined ? {} : { lengthPenalty }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  };
}

/** The text as it is, behind the tag if `--to` asks for one. */
function rawInput(session: Session, options: InspectInvocation, text: string): Source {
  const ids = rawSource(session.tokenizer, text, options.to);
  const tag = options.to === undefined ? '' : `<2${options.to}> `;
  const prepared = tag + text;
  const spans = sourceSpans(session.tokenizer, prepared, tag.length, (offset) => offset);
  return { prepared, ids, spans };
}

function plannedInputs(session: Session, options: InspectInvocation, text: string): Source[] {
  const plan = planText(text, { protectPatterns: [], target: options.to ?? 'auto' });
  const sentences = plan.sentences.filter(({ keep }) => keep === undefined);
  if (sentences.length === 0)
    throw new AppError(
      'invalidArgument',
      'There is no sentence to translate in the text; --to ko or --to en chooses the direction.',
    );
  return sentences.map((sentence) => plannedInput(session, sentence, plan.target));
}

function plannedInput(session: Session, sentence: PlannedSentence, target: string): Source {
  const tag = `<2${target}>`;
  const spans = sentenceTokens(session.tokenizer, tag, sentence);
  const ids = spans.map(({ id }) => id);
  return { prepared: `${tag} ${sentence.text}`, ids, spans };
}

function maps({ enc, dec, cross, valueNorms }: InspectResult): Uint8Array {
  const norms = valueNorms;
  return npz({
    enc,
    dec,
    cross,
    enc_norm: norms.enc,
    dec_norm: norms.dec,
    cross_norm: norms.cross,
  });
}

/** Tokens without a place in the text (the tag, `</s>`, the start token) are none of its words. */
function specialTokens(source: Source, result: InspectResult): SpecialTokens {
  const outside = [...source.spans.keys()].filter(
    (index) => (source.spans[index]?.start ?? -1) < 0,
  );
  return {
    source: new Set(outside),
    target: new Set([0]),
    sourceEnd: (result.enc.dims[2] ?? 0) - 1,
  };
}

function tokens(
  session: Session,
  text: string,
  source: Source,
  best: Hypothesis,
  result: InspectResult,
): string {
  const { tokenizer, model } = session;
  const inputs = [model.config.startTokenId, ...best.ids].slice(0, result.dec.dims[2]);
  const value = {
    text,
    prepared: source.prepared,
    output: tokenizer.decode(best.ids),
    logProbability: best.logProbability,
    ids: [model.config.startTokenId, ...best.ids],
    source: source.spans,
    target: targetSpans(tokenizer, inputs),
  };
  return `${JSON.stringify(value, null, 1)}\n`;
}
