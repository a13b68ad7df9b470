import type * as vscode from 'vscode';
import type { Language, Priority, TextResult } from '../../protocol/engine';
import { planText } from '../../text/plan';
import type { Notices } from '../notices';
import { usablePatterns } from '../patterns';
import { readTranslationSettings } from '../settings';
import type { TranslationRequest, TranslationService } from '../translation';
import { readerLanguage } from './settings';

/** Greedy: a beam of four takes several times as long, and a hover is read once and forgotten. */
const BEAM = 1;
/** A longer text is no hover; the commands take it. */
export const MOST_CHARACTERS = 5000;

/** Translations for hovers: into the reader's language, greedily, from the cache where it has them. */
export class HoverAnswers {
  constructor(
    private readonly service: TranslationService,
    private readonly notices: Notices,
  ) {}

  language(document: vscode.TextDocument): Language {
    return readerLanguage(readTranslationSettings(document).targetLanguage);
  }

  /** Whether any of the text is in another language than the reader's, and not too much of it. */
  isForeign(document: vscode.TextDocument, text: string): boolean {
    if (text.length > MOST_CHARACTERS || text.trim() === '') return false;
    const known = this.known(document, text);
    if (known) return isTranslated(known);
    return planText(text, this.request(document, [text])).sentences.some(({ keep }) => !keep);
  }

  known(document: vscode.TextDocument, text: string): TextResult | undefined {
    return this.service.peek(this.request(document, [text]))?.[0];
  }

  /** From the cache or the engine. Rejects with AppError. */
  async translate(
    document: vscode.TextDocument,
    text: string,
    signal: AbortSignal,
    priority: Priority = 'hover',
  ): Promise<TextResult | undefined> {
    const request = { ...this.request(document, [text]), priority };
    const known = this.service.peek(request)?.[0];
    return known ?? (await this.service.translate(request, signal)).results[0];
  }

  private request(document: vscode.TextDocument, texts: readonly string[]): TranslationRequest {
    const settings = readTranslationSettings(document);
    return {
      texts,
      target: readerLanguage(settings.targetLanguage),
      protectPatterns: usablePatterns(settings.protectPatterns, this.notices),
      beam: BEAM,
    };
  }
}

/** Whether the model translated any of it; what it left as it was is no translation. */
export function isTranslated({ segments }: TextResult): boolean {
  return segments.some(({ status }) => status === 'translated');
}
