import { AppError } from '../common/errors';
import { modelIdentity } from '../engine/folder';
import { prepareInspection, type Inspection } from '../engine/inspection';
import { decoderTokens, panelTokens } from '../engine/panelTokens';
import { sourceSpans, targetSpans } from '../engine/tokenSpans';
import { TranslationCache } from '../engine/translationCache';
import { Turns } from '../engine/turns';
import type { InspectParams } from '../protocol/engine';
import { translationTag } from '../text/tags';
import type { Invocation } from './arguments';
import { referenceDecoding } from './generationDefaults';
import { rawSource } from './raw';
import type { Session } from './session';
import { decodingOf } from './texts';

export type InspectInvocation = Extract<Invocation, { command: 'inspect' }>;

/** What one pass reads: tokens of both sides with their places. */
export type Inspected = Pick<Inspection, 'targetText' | 'source' | 'target' | 'predicted'>;

const CACHE_BYTES = 2 ** 24;

/**
 * What the editor's panel shows of the text: all sentences together if they fit, else one after the other. Throws
 * invalidArgument if there is nothing to translate.
 */
export async function inspections(
  session: Session,
  options: InspectInvocation,
  text: string,
): Promise<Inspected[]> {
  const { model, tokenizer } = session;
  const parts = {
    model,
    tokenizer,
    identity: await modelIdentity(session.folder),
    cache: new TranslationCache(CACHE_BYTES),
    turns: new Turns(),
  };
  const params: InspectParams = {
    text,
    target: options.to ?? 'auto',
    decoding: decodingOf(options),
    protectPatterns: [],
  };
  const { signal } = new AbortController();
  const first = await prepareInspection(parts, params, signal).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.data['what'] !== 'sentence') throw error;
    throw new AppError(
      'invalidArgument',
      'There is no sentence to translate in the text; --to ko or --to en chooses the direction.',
    );
  });
  if (first.sentence < 0 || first.sentences.length === 1) return [first];
  const all: Inspected[] = [];
  for (const sentence of first.sentences.keys())
    all.push(await prepareInspection(parts, { ...params, sentence }, signal));
  return all;
}

/** The text as it is, behind the tag if `--to` asks for one, and what the model writes for it. */
export async function rawInspection(
  session: Session,
  options: InspectInvocation,
  text: string,
): Promise<Inspected> {
  const { model, tokenizer, folder } = session;
  const ids = rawSource(tokenizer, text, options.to);
  const tag = options.to === undefined ? '' : `${translationTag(options.to)} `;
  const source = sourceSpans(tokenizer, tag + text, tag.length, (offset) => offset);
  const decoding = await referenceDecoding(folder, options);
  const best = (await model.generate([ids], decoding))[0]?.[0];
  if (!best) throw new AppError('internal', 'The search returned no hypothesis.');
  const { endTokenId } = model.config;
  const written = best.ids.at(-1) === endTokenId ? best.ids.slice(0, -1) : best.ids;
  const targetText = tokenizer.decode(written);
  return {
    targetText,
    source: panelTokens(session, source, text, 0, 'und'),
    ...decoderTokens(session, targetSpans(tokenizer, written), targetText, 'und'),
  };
}
