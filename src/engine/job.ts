import type {
  KeptReason,
  Language,
  SegmentResult,
  TextResult,
  TranslateParams,
  TranslateResult,
} from '../protocol/engine';
import { finish } from '../text/finish';
import { fixParticles } from '../text/particles';
import { planner, type Plan, type PlannedSentence } from '../text/plan';
import { PLACEHOLDER, restore, type ProtectedSpan } from '../text/protect';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { makePieces, type Piece } from './pieces';
import type { Outcome } from './translationCache';

/** One piece the model has to translate, however often it stands in the texts. */
export interface Task {
  /** Everything its outcome depends on. */
  readonly key: string;
  readonly piece: Piece;
}

interface Sentence {
  readonly textIndex: number;
  readonly planned: PlannedSentence;
  readonly pieces: readonly Task[];
  readonly keep: KeptReason | undefined;
  readonly fromCache: boolean;
}

interface Text {
  readonly plan: Plan;
  readonly sentences: Sentence[];
}

export interface JobSetting {
  readonly tokenizer: Tokenizer;
  /** Most tokens of one piece. */
  readonly limit: number;
  readonly identity: string;
  /** Mean log-probability, in nats. */
  readonly uncertainBelow: number;
  readonly tag: (target: Language) => string;
  readonly recall: (key: string) => Outcome | undefined;
  /** Numbers among the sentences of every text; all without it. The others are treated as if there were nothing in them. */
  readonly only?: ReadonlySet<number>;
}

/** What became of a sentence. */
export interface SentenceOutcome {
  /** As it was planned last: a sentence whose terms were lost was planned again without them. */
  readonly planned: PlannedSentence;
  /** In the order of the sentence; none if it was not to be translated or could not be cut. */
  readonly pieces: readonly { readonly piece: Piece; readonly outcome: Outcome | undefined }[];
  /** The translation; absent if the sentence stands as it is. */
  readonly text: string | undefined;
  readonly reason: KeptReason | undefined;
}

/** What is to be translated in one call, and what became of it so far. */
export class Job {
  private readonly tasksByKey = new Map<string, Task>();
  private readonly texts: readonly Text[];
  private readonly outcomes = new Map<string, Outcome>();
  /** What the model has written so far of pieces under way. */
  private readonly drafts = new Map<string, string>();
  /** The sentences that wait for a piece. */
  private readonly waiting = new Map<string, Sentence[]>();

  constructor(
    private readonly params: TranslateParams,
    private readonly setting: JobSetting,
  ) {
    const planOf = planner(params);
    const { only } = setting;
    this.texts = params.texts.map((text, index) => {
      const plan = planOf(text);
      const sentences = plan.sentences.map((sentence, number) =>
        this.prepare(
          only && !only.has(number) ? { ...sentence, keep: 'noText' } : sentence,
          plan,
          index,
        ),
      );
      return { plan, sentences };
    });
  }

  /** What neither stands as it is nor was remembered. */
  get tasks(): readonly Task[] {
    return [...this.tasksByKey.values()];
  }

  get total(): number {
    return this.texts.reduce((sum, { sentences }) => sum + sentences.length, 0);
  }

  get done(): number {
    return this.texts.reduce(
      (sum, { sentences }) => sum + sentences.filter((sentence) => this.isDone(sentence)).length,
      0,
    );
  }

  /**
   * Sentences that would stay as they are because the model lost a placeholder, although they have terms of the glossary, are
   * planned again without the terms: a translation with another word is of more use than none. Gives what is to be
   * translated now.
   */
  withoutTerms(): Task[] {
    const before = new Set(this.tasksByKey.keys());
    for (const { plan, sentences } of this.texts) {
      sentences.forEach((sentence, index) => {
        const { plain, ...planned } = sentence.planned;
        if (!plain || this.verdict(sentence, plan.target).status.reason !== 'spanLost') return;
        sentences[index] = this.prepare({ ...planned, ...plain }, plan, sentence.textIndex);
      });
    }
    return this.tasks.filter(({ key }) => !before.has(key));
  }

  settle(task: Task, outcome: Outcome): void {
    this.outcomes.set(task.key, outcome);
    this.drafts.delete(task.key);
  }

  /** Remembers what the model has written of a piece so far. */
  write(task: Task, draft: string): void {
    this.drafts.set(task.key, draft);
  }

  /** Texts in which these tasks stand. */
  textsOf(tasks: readonly Task[]): number[] {
    const sentences = tasks.flatMap(({ key }) => this.waiting.get(key) ?? []);
    return [...new Set(sentences.map(({ textIndex }) => textIndex))];
  }

  /** A text so far; what has not begun stands in its source language. */
  partialText(index: number): string {
    const text = this.texts[index];
    if (!text) return '';
    const { plan, sentences } = text;
    const translations = sentences.map((sentence) =>
      sentence.keep ? undefined : (sentence.planned.ready ?? this.draftOf(sentence, plan.target)),
    );
    return plan.assemble(translations).text;
  }

  result(): Omit<TranslateResult, 'milliseconds'> {
    const all = this.texts.flatMap(({ sentences }) => sentences);
    const computed = this.tasks.map(({ key }) => this.outcomes.get(key));
    return {
      results: this.texts.map((text) => this.textResult(text)),
      sentences: all.length,
      fromCache: all.filter(({ fromCache }) => fromCache).length,
      sourceTokens: this.tasks.reduce((sum, { piece }) => sum + piece.ids.length, 0),
      targetTokens: computed.reduce(
        (sum, outcome) => sum + (outcome?.kind === 'translated' ? outcome.ids.length : 0),
        0,
      ),
    };
  }

  /** What became of every sentence of a text, in order. */
  sentencesOf(index: number): SentenceOutcome[] {
    const text = this.texts[index];
    if (!text) return [];
    return text.sentences.map((sentence) => {
      const verdict = this.verdict(sentence, text.plan.target);
      const pieces = sentence.pieces.map(({ key, piece }) => {
        return { piece, outcome: this.outcomes.get(key) };
      });
      const { planned } = sentence;
      return { planned, pieces, text: verdict.text, reason: verdict.status.reason };
    });
  }

  private prepare(planned: PlannedSentence, plan: Plan, textIndex: number): Sentence {
    const { tokenizer, limit, identity, recall } = this.setting;
    const settled = { textIndex, planned, pieces: [], fromCache: false };
    if (planned.keep ?? planned.ready) return { ...settled, keep: planned.keep };
    const tag = this.setting.tag(plan.target);
    const made = makePieces(planned, tokenizer, tag, limit);
    if (!made) return { ...settled, keep: 'tooLong' };
    const { beam, lengthPenalty, maxTokens, wholeVocabulary = false } = this.params.decoding;
    const options = `${beam} ${lengthPenalty} ${maxTokens} ${wholeVocabulary}`;
    const pieces = made.map((piece) => ({
      key: [identity, tag, options, piece.text].join('\n'),
      piece,
    }));
    for (const { key } of pieces) {
      const known = this.outcomes.get(key) ?? recall(key);
      if (known) this.outcomes.set(key, known);
    }
    const missing = pieces.filter(({ key }) => !this.outcomes.has(key));
    const fromCache = missing.length === 0;
    const sentence = { textIndex, planned, pieces, keep: undefined, fromCache };
    for (const task of missing) {
      this.tasksByKey.set(task.key, task);
      const others = this.waiting.get(task.key);
      if (others) others.push(sentence);
      else this.waiting.set(task.key, [sentence]);
    }
    return sentence;
  }

  private isDone(sentence: Sentence): boolean {
    return (
      sentence.keep !== undefined || sentence.pieces.every(({ key }) => this.outcomes.has(key))
    );
  }

  private textResult({ plan, sentences }: Text): TextResult {
    const verdicts = sentences.map((sentence) => this.verdict(sentence, plan.target));
    const { text, segments } = plan.assemble(verdicts.map((verdict) => verdict.text));
    return {
      text,
      source: plan.source,
      target: plan.target,
      segments: segments.map((segment, index) => ({ ...segment, ...verdicts[index]!.status })),
    };
  }

  /** The translation of a sentence, or why there is none: one piece that may not stand keeps the sentence whole. */
  private verdict(
    sentence: Sentence,
    target: Language,
  ): { text: string | undefined; status: Pick<SegmentResult, 'status'> & Partial<SegmentResult> } {
    const { ready } = sentence.planned;
    if (ready !== undefined)
      return { text: ready, status: { status: 'translated', ...hits(sentence.planned.spans) } };
    const parts: string[] = [];
    let logProbability = 0;
    let tokens = 0;
    let reason = sentence.keep;
    for (const { key, piece } of sentence.pieces) {
      const outcome = this.outcomes.get(key);
      const text =
        outcome?.kind === 'translated' ? restored(outcome.text, piece, target) : undefined;
      if (outcome?.kind !== 'translated' || text === undefined) {
        reason ??= outcome?.kind === 'kept' ? outcome.reason : 'spanLost';
        continue;
      }
      parts.push(text);
      logProbability += outcome.logProbability * outcome.ids.length;
      tokens += outcome.ids.length;
    }
    if (reason) return { text: undefined, status: { status: 'kept', reason } };
    const spans = sentence.pieces.flatMap(({ piece }) => piece.spans);
    const mean = logProbability / tokens;
    return {
      text: parts.join(' '),
      status: {
        status: 'translated',
        logProbability: mean,
        ...(mean < this.setting.uncertainBelow ? { uncertain: true } : {}),
        ...hits(spans),
      },
    };
  }

  /** For showing: placeholders are filled in where they stand, and nothing is checked yet. */
  private draftOf(sentence: Sentence, target: Language): string | undefined {
    let begun = false;
    const parts = sentence.pieces.map(({ key, piece }) => {
      const outcome = this.outcomes.get(key);
      const text = outcome?.kind === 'translated' ? outcome.text : this.drafts.get(key);
      if (text === undefined) return '';
      begun = true;
      return restored(text, piece, target) ?? filled(text, piece);
    });
    return begun ? parts.join(' ').trimEnd() : undefined;
  }
}

/** The terms of the glossary that stand in a translation. */
function hits(spans: readonly ProtectedSpan[]): Pick<SegmentResult, 'terms'> {
  const terms = spans
    .filter(({ kind }) => kind === 'term')
    .map(({ text, replacement = text }) => ({ term: text, translation: replacement }));
  return terms.length > 0 ? { terms } : {};
}

/** What was translated; without its text, less can be set right in the translation. */
export type Source = Pick<Piece, 'spans'> & { readonly text?: string | undefined };

/** The spans back in their places, with the Korean particles that they ask for. Undefined where one is lost or doubled. */
export function restored(text: string, piece: Source, target: Language): string | undefined {
  const result = restore(finish(text, piece.text, target), piece.spans);
  if (!result.ok) return undefined;
  return target === 'ko' ? fixParticles(result.text, result.ranges) : result.text;
}

/** The spans in whatever places the model has put them so far. */
export function filled(text: string, piece: Pick<Piece, 'spans'>): string {
  const texts = new Map(
    piece.spans.map((span) => [span.placeholder, span.replacement ?? span.text]),
  );
  return text.replaceAll(PLACEHOLDER, (placeholder) => texts.get(placeholder) ?? placeholder);
}
