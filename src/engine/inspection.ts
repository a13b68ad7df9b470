import { throwIfAborted } from '../common/async';
import { AppError } from '../common/errors';
import type { AttentionRun, RunHypothesis } from '../protocol/attentionRun';
import type { InspectParams, KeptReason } from '../protocol/engine';
import { planText, type Plan, type PlannedSentence } from '../text/plan';
import { translationTag } from '../text/tags';
import {
  chooseSentence,
  inspectedSentences,
  jointPlaceholders,
  sentenceAt,
  tooLong,
  toSentence,
  type InspectedSentence,
  type Renumbering,
} from './inspectSource';
import { translationText, writtenPiece, type WrittenPiece } from './inspectTarget';
import type { SentenceOutcome, Source } from './job';
import type { LoadedModel } from './modelKeeper';
import { decoderTokens, panelTokens } from './panelTokens';
import { placeholderIds } from './placeholderRule';
import { sentenceTokens, type TokenSpan } from './tokenSpans';
import type { TranslationCache } from './translationCache';
import { Translator } from './translator';
import type { Turns } from './turns';
import type { Hypothesis } from './types';

/** What a translation is made with. */
export interface InspectionParts extends Omit<LoadedModel, 'info'> {
  readonly turns: Turns;
  readonly cache: TranslationCache;
}

export interface InspectParts extends InspectionParts, LoadedModel {}

/** What one teacher-forced pass reads, and what its tokens stand for. */
export interface Inspection extends Pick<
  AttentionRun,
  | 'direction'
  | 'sentences'
  | 'sentence'
  | 'targetText'
  | 'source'
  | 'target'
  | 'predicted'
  | 'task'
  | 'hypothesis'
> {
  readonly refused: KeptReason | undefined;
  /** The text that was asked about, wrapped sentences on one line; the same offsets. */
  readonly sourceText: string;
  /** False where the output was cut off: what the last row predicts is then not known before the pass. */
  readonly ended: boolean;
  /** The one search that wrote the output; absent if there were several. */
  readonly searched: Searched | undefined;
}

/** What was searched from and how widely, and the text and spans of what was translated. */
export interface Searched extends Source {
  readonly ids: readonly number[];
  readonly beam: number;
}

/** A sentence and what the model wrote for it. */
interface Written {
  readonly number: number;
  readonly planned: PlannedSentence;
  readonly source: readonly TokenSpan[];
  readonly pieces: readonly (WrittenPiece & { readonly toSentence: Renumbering })[];
  readonly reason: KeptReason | undefined;
  readonly ended: boolean;
  readonly searches: readonly Searched[];
  readonly hypothesis?: RunHypothesis;
}

/**
 * Translates the sentences that are shown, as the translate request does, and puts the tokens of source and output together. A
 * sentence that would stay as it is, because what the model wrote may not stand, is shown with what the model wrote.
 * Throws as the translator; invalidArgument with `what: 'sentence'` if there is none, textTooLong.
 */
export async function prepareInspection(
  parts: InspectionParts,
  params: InspectParams,
  signal: AbortSignal,
): Promise<Inspection> {
  throwIfAborted(signal);
  const limit = parts.model.encodeLimit;
  const plan = planText(params.text, params);
  const sentences = inspectedSentences(plan, parts.tokenizer);
  const writer = new Writer(parts, params, plan, signal);
  let sentence = chooseSentence(sentences, params, limit);
  let written = await writer.write(
    sentence < 0 ? sentences : sentences.slice(sentence, sentence + 1),
  );
  if (params.hypothesis !== undefined) written = [await writer.other(written, params.hypothesis)];
  if (inputsOf(written) > limit && sentence < 0 && params.sentence === undefined) {
    // The sources fit together and their translations do not.
    const nearest = sentenceAt(sentences, params.cursor ?? 0);
    sentence = chooseSentence(sentences, { sentence: nearest }, limit);
    written = await writer.write(sentences.slice(sentence, sentence + 1));
  }
  if (inputsOf(written) > limit) throw tooLong(limit);
  return { ...writer.join(written), sentences: sentences.map(listed), sentence };
}

function listed({ planned: { start, end }, tokens }: InspectedSentence) {
  return { start, end, tokens: tokens.length };
}

/** Decoder inputs: the start token and what was written. */
function inputsOf(written: readonly Written[]): number {
  return written
    .flatMap(({ pieces }) => pieces)
    .reduce((sum, { tokens }) => sum + tokens.length, 1);
}

/** What is written for the sentences of one text. */
class Writer {
  constructor(
    private readonly parts: InspectionParts,
    private readonly params: InspectParams,
    private readonly plan: Plan,
    private readonly signal: AbortSignal,
  ) {}

  async write(sentences: readonly InspectedSentence[]): Promise<Written[]> {
    const { params, signal } = this;
    const request = { ...params, call: 0, texts: [params.text], stream: false };
    const only = new Set(sentences.map(({ number }) => number));
    const job = await new Translator(this.parts).run(request, { signal }, only);
    const outcomes = job.sentencesOf(0);
    const written: Written[] = [];
    for (const { number } of sentences) {
      const outcome = outcomes[number];
      if (!outcome) throw new AppError('internal', 'The job left out a sentence.');
      written.push(await this.written(number, outcome));
    }
    return written;
  }

  /** Another end of the search that wrote a sentence. Throws invalidArgument if there was not one search, or no such end. */
  async other(written: readonly Written[], number: number): Promise<Written> {
    const [one] = written;
    const [searched] = one?.searches ?? [];
    if (!one || !searched || written.length > 1 || one.searches.length > 1)
      throw new AppError('invalidArgument', 'The text was not written by one search.');
    const hypotheses = await this.search(searched.ids, searched.beam);
    const { ids, ended } = hypothesisOf(hypotheses, number);
    const piece = this.piece(ids, searched);
    const named = { ...piece, toSentence: toSentence(searched.spans, one.planned.spans) };
    return { ...one, ended, reason: undefined, pieces: [named], ...numbered(hypotheses, number) };
  }

  private async written(number: number, outcome: SentenceOutcome): Promise<Written> {
    const { planned, pieces, reason } = outcome;
    const source = sentenceTokens(this.parts.tokenizer, translationTag(this.plan.target), planned);
    const translated = pieces.flatMap(({ piece, outcome: found }) =>
      found?.kind === 'translated' ? [{ ...piece, ids: [...found.ids], source: piece.ids }] : [],
    );
    const complete = outcome.text !== undefined && translated.length > 0;
    const found = complete ? translated : [await this.best(planned, source)];
    const { endTokenId } = this.parts.model.config;
    return {
      number,
      planned,
      source,
      reason,
      ended: found.at(-1)?.ids.at(-1) === endTokenId,
      searches: found.map(({ source: ids, text, spans }) => ({
        ids,
        text,
        spans,
        beam: this.params.decoding.beam,
      })),
      pieces: found.map(({ ids, ...source }) => ({
        ...this.piece(ids, source),
        toSentence: toSentence(source.spans, planned.spans),
      })),
    };
  }

  /** What the model writes for a whole sentence, whether it may stand or not. */
  private async best(planned: PlannedSentence, source: readonly TokenSpan[]) {
    const ids = source.map(({ id }) => id);
    const [best] = await this.search(ids, 1);
    const { text, spans } = planned;
    return { text, spans, ids: best?.ids ?? [], source: ids };
  }

  private async search(ids: readonly number[], nBest: number): Promise<readonly Hypothesis[]> {
    const { model, tokenizer, turns } = this.parts;
    const release = await turns.take(ids.length, this.signal);
    try {
      const placeholders = placeholderIds(tokenizer);
      const options = { ...this.params.decoding, nBest, placeholders, signal: this.signal };
      return (await model.generate([ids], options))[0] ?? [];
    } finally {
      release();
    }
  }

  private piece(ids: readonly number[], source: Source): WrittenPiece {
    const { model, tokenizer } = this.parts;
    const textOf = translationText(source, this.plan.target);
    return writtenPiece(ids, source.spans, textOf, tokenizer, model.config.endTokenId);
  }

  /** One source and one output: a tag in front, the sentences, `</s>`; the start token, the translations, `</s>`. */
  join(written: readonly Written[]): Omit<Inspection, 'sentences' | 'sentence'> {
    const { plan } = this;
    const joint = jointPlaceholders(
      written.length > 1 ? written.map(({ planned }) => planned.spans) : [[]],
    );
    const translations: (string | undefined)[] = plan.sentences.map(() => undefined);
    for (const { number, pieces } of written)
      translations[number] = pieces.map(({ text }) => text).join(' ');
    const { text, segments } = plan.assemble(translations, true);
    const [first, last] = [written[0], written.at(-1)];
    const base = segments[first?.number ?? 0]?.targetStart ?? 0;
    const targetText = text.slice(base, segments[last?.number ?? 0]?.targetEnd);
    const output = written.flatMap(({ number, pieces }, index) => {
      let at = (segments[number]?.targetStart ?? 0) - base;
      return pieces.flatMap((piece) => {
        const from = at;
        at += piece.text.length + 1;
        const rename: Renumbering = (name) => (joint[index] ?? same)(piece.toSentence(name));
        return piece.tokens.map((token) => moved(this.renamed(token, rename), from));
      });
    });
    const tagged = first?.source.slice(0, 1) ?? [];
    const body = written.flatMap(({ source }, index) =>
      source.slice(1, -1).map((token) => this.renamed(token, joint[index] ?? same)),
    );
    const from = first?.planned.start ?? 0;
    const covered = plan.unwrapped.slice(from, last?.planned.end);
    const { source, target } = plan;
    const searches = written.flatMap((one) => one.searches);
    return {
      direction: { source, target },
      sourceText: plan.unwrapped,
      targetText,
      source: panelTokens(
        this.parts,
        [...tagged, ...body, ...(last?.source.slice(-1) ?? [])],
        covered,
        from,
        source,
      ),
      ...decoderTokens(this.parts, output, targetText, target),
      refused: written.find(({ reason }) => reason !== undefined)?.reason,
      ended: last?.ended ?? true,
      searched: searches.length === 1 ? searches[0] : undefined,
      ...(first?.hypothesis ? { hypothesis: first.hypothesis } : {}),
    };

    function same(name: string): string {
      return name;
    }
  }

  /** The token of the placeholder's other name; every other token as it is. */
  private renamed(token: TokenSpan, rename: Renumbering): TokenSpan {
    const name = rename(token.token);
    if (name === token.token) return token;
    const id = this.parts.tokenizer.tokenToId(name);
    return id === undefined ? token : { ...token, id, token: name };
  }
}

function moved(token: TokenSpan, by: number): TokenSpan {
  return token.start < 0 ? token : { ...token, start: token.start + by, end: token.end + by };
}

/** Throws invalidArgument if the search did not end so often. */
export function hypothesisOf(hypotheses: readonly Hypothesis[], number: number): Hypothesis {
  const found = hypotheses[number];
  if (!found) throw new AppError('invalidArgument', `There is no hypothesis ${number}.`);
  return found;
}

export function numbered(
  hypotheses: readonly Hypothesis[],
  number: number,
): { readonly hypothesis: RunHypothesis } {
  const { logProbability, score } = hypothesisOf(hypotheses, number);
  return { hypothesis: { number, count: hypotheses.length, logProbability, score } };
}
