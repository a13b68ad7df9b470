import type * as vscode from 'vscode';
import { isGrounded } from '../../text/explain/grounded';
import { splitIdentifier } from '../../text/explain/identifiers';
import type { Priority } from '../../protocol/engine';
import type { Fact } from '../hoverParts';
import type { TranslationService } from '../translation';
import { type HoverAnswers, isTranslated } from './answers';
import { commandFacts } from './commandFacts';
import type { Subject } from './subjects';

export interface Explanation {
  /** One sentence about the whole, in the reader's language. */
  readonly sentence?: string;
  /** The model wrote the sentence; else it follows from what stands there. */
  readonly byModel: boolean;
  /** What is sure, a line each. */
  readonly facts: readonly Fact[];
}

/**
 * Mean log-probability per token, in nats, from which on the model's explanation is shown. models/recipe/README.md has
 * the figures: of the commands of the dev sets, no explanation that is as sure is wrong.
 */
const SURE = -0.35;
/** One sentence. */
const MOST_TOKENS = 96;

type CodeSubject = Exclude<Subject, { readonly kind: 'text' }>;

/** What a piece of code does: what is sure of it by its words, and the model's sentence where that is sure enough. */
export class Explainer {
  constructor(
    private readonly service: TranslationService,
    private readonly answers: HoverAnswers,
  ) {}

  async explain(
    document: vscode.TextDocument,
    subject: CodeSubject,
    signal: AbortSignal,
    priority: Priority = 'hover',
  ): Promise<Explanation> {
    if (subject.kind === 'regex') return regexFacts(subject.pattern, subject.flags);
    const facts = this.facts(subject);
    const sentence = await this.sentence(document, subject.text, signal, priority);
    return { ...(sentence === undefined ? {} : { sentence }), byModel: true, facts };
  }

  /** What needs no model. */
  facts(subject: CodeSubject): readonly Fact[] {
    switch (subject.kind) {
      case 'command':
        return commandFacts(subject.text);
      case 'code':
        return nameFacts(subject.text);
      case 'regex':
        return [];
    }
  }

  /** The model's own sentence, in the reader's language; undefined where it is not sure, or says what cannot be. */
  private async sentence(
    document: vscode.TextDocument,
    code: string,
    signal: AbortSignal,
    priority: Priority,
  ): Promise<string | undefined> {
    const { candidates } = await this.service.ask(
      'generate',
      {
        task: 'explain',
        language: 'en',
        text: code,
        decoding: { beam: 1, lengthPenalty: 1, maxTokens: MOST_TOKENS },
        nBest: 1,
        protectPatterns: [],
        priority,
      },
      signal,
    );
    const [best] = candidates;
    if (!best || best.logProbability < SURE || !isGrounded(best.text, code)) return undefined;
    if (this.answers.language(document) === 'en') return best.text;
    const translated = await this.answers.translate(document, best.text, signal, priority);
    return translated && isTranslated(translated) ? translated.text : undefined;
  }
}

/** The parser is loaded with the first expression: it knows all of Unicode's properties. */
async function regexFacts(pattern: string, flags: string): Promise<Explanation> {
  const { explainRegex } = await import('./regexWords');
  const explained = explainRegex(pattern, flags);
  if (!explained) return { byModel: false, facts: [] };
  const { sentence, pieces } = explained;
  return {
    ...(sentence === undefined ? {} : { sentence }),
    byModel: false,
    // A sentence that says everything needs no list.
    facts: sentence !== undefined ? [] : pieces,
  };
}

/** Names of code, taken apart into their words. */
function nameFacts(code: string): Fact[] {
  return splitIdentifier(code).map(({ name, words }) => ({ code: name, words: words.join(' ') }));
}
