import type {
  KeptReason,
  Language,
  SegmentResult,
  TextResult,
  TranslateParams,
  TranslateResult,
} from '../protocol/engine';
import { fixParticles } from '../text/particles';
import { planText, type Plan, type PlannedSentence } from '../text/plan';
import { PLACEHOLDER, restore } from '../text/protect';
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
  readonly pieces: readonly Task[];
  readonly keep: KeptReason | undefined;
  readonly fromCache: boolean;
}

interface Text {
  readonly plan: Plan;
  readonly sentences: readonly Sentence[];
}

export interface JobSetting {
  readonly tokenizer: Tokenizer;
  /** Most tokens of one piece. */
  readonly limit: number;
  readonly identity: string;
  readonly tag: (target: Language) => string;
  readonly recall: (key: string) => Outcome | undefined;
}

/** What is to be translated in one call, and what became of it so far. */
export class Job {
  /** What neither stands as it is nor was remembered. */
  readonly tasks: readonly Task[];
  private readonly texts: readonly Text[];
  private readonly outcomes = new Map<string, Outcome>();
  /** What the model has written so far of pieces under way. */
  private readonly drafts = new Map<string, string>();
  /** The sentences that wait for a piece. */
  private readonly waiting = new Map<string, Sentence[]>();

  constructor(
    params: TranslateParams,
    private readonly setting: JobSetting,
  ) {
    const tasks = new Map<string, Task>();
    this.texts = params.texts.map((text, index) => {
      const plan = planText(text, params);
      const sentences = plan.sentences.map((sentence) =>
        this.prepare(sentence, plan, index, params, tasks),
      );
      return { plan, sentences };
    });
    this.tasks = [...tasks.values()];
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
      sentence.keep ? undefined : this.draftOf(sentence, plan.target),
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
        (sum, outcome) => sum + (outcome?.kind === 'translated' ? outcome.targetTokens : 0),
        0,
      ),
    };
  }

  private prepare(
    planned: PlannedSentence,
    plan: Plan,
    textIndex: number,
    params: TranslateParams,
    tasks: Map<string, Task>,
  ): Sentence {
    const { tokenizer, limit, identity, recall } = this.setting;
    if (planned.keep) return { textIndex, pieces: [], keep: planned.keep, fromCache: false };
    const tag = this.setting.tag(plan.target);
    const made = makePieces(planned, tokenizer, tag, limit);
    if (!made) return { textIndex, pieces: [], keep: 'tooLong', fromCache: false };
    const { beam, lengthPenalty, maxTokens } = params.decoding;
    const options = `${beam} ${lengthPenalty} ${maxTokens}`;
    const pieces = made.map((piece) => ({
      key: [identity, tag, options, piece.text].join('\n'),
      piece,
    }));
    for (const { key } of pieces) {
      const known = this.outcomes.get(key) ?? recall(key);
      if (known) this.outcomes.set(key, known);
    }
    const missing = pieces.filter(({ key }) => !this.outcomes.has(key));
    const sentence = { textIndex, pieces, keep: undefined, fromCache: missing.length === 0 };
    for (const task of missing) {
      tasks.set(task.key, task);
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
      logProbability += outcome.logProbability * outcome.targetTokens;
      tokens += outcome.targetTokens;
    }
    if (reason) return { text: undefined, status: { status: 'kept', reason } };
    return {
      text: parts.join(' '),
      status: { status: 'translated', logProbability: logProbability / tokens },
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

/** The spans back in their places, with the Korean particles that they ask for. Undefined where one is lost or doubled. */
function restored(text: string, piece: Piece, target: Language): string | undefined {
  const result = restore(text, piece.spans);
  if (!result.ok) return undefined;
  return target === 'ko' ? fixParticles(result.text, result.ranges) : result.text;
}

/** The spans in whatever places the model has put them so far. */
function filled(text: string, piece: Piece): string {
  const texts = new Map(piece.spans.map((span) => [span.placeholder, span.text]));
  return text.replaceAll(PLACEHOLDER, (placeholder) => texts.get(placeholder) ?? placeholder);
}
