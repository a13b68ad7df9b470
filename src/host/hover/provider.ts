import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import { isCancelled } from '../../common/errors';
import type { Logger } from '../../common/logger';
import type { TextResult } from '../../protocol/engine';
import { abortOn } from '../cancellation';
import type { ResultEntry } from '../results';
import type { ResultWidget } from '../widget';
import { type HoverAnswers, isTranslated } from './answers';
import { explanationParts, pendingParts, translationParts } from './contents';
import type { HoverEntries } from './entries';
import type { Explainer } from './explain';
import { asksWithModifier, type HoverSettings, readHoverSettings } from './settings';
import { type Blocks, type Subject, subjectAt } from './subjects';
import { pause, within } from './waiting';

/** How long VS Code waits for a cold answer before it is told to come again; the model needs this long to load. */
const PATIENCE_MS = 3000;

export interface HoverDeps {
  readonly answers: HoverAnswers;
  readonly blocks: Blocks;
  readonly entries: HoverEntries;
  readonly explainer: Explainer;
  readonly logger: Logger;
  readonly widget: ResultWidget;
}

/** An answer that a command has asked for; it stands at its place until the document changes. */
interface Asked {
  readonly document: vscode.TextDocument;
  readonly version: number;
  readonly position: vscode.Position;
  readonly hover: vscode.Hover;
}

/**
 * The hover over comments, strings, paragraphs, selections and code. It waits for nobody else's hover, and for the model
 * only so long.
 */
export class TextHovers implements vscode.HoverProvider, Disposable {
  private readonly registration = vscode.languages.registerHoverProvider('*', this);
  private asked: Asked | undefined;

  constructor(private readonly deps: HoverDeps) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const asked = this.askedAt(document, position);
    if (asked) return asked;
    const settings = readHoverSettings(document);
    if (!mayAnswer(document, settings)) return undefined;
    if (this.deps.widget.entryAt(document, position)) return undefined;
    try {
      const { version } = document;
      const subject = await this.subject(document, position, settings, false, token);
      if (!subject || token.isCancellationRequested) return undefined;
      const known = this.known(document, position, subject);
      if (known) return known;
      if (settings.delay > 0 && !(await pause(settings.delay, token))) return undefined;
      const signal = abortOn(token);
      const answer = this.answer(document, position, subject, signal.signal);
      const hover = await within(answer, PATIENCE_MS);
      if (hover === 'late') {
        // It is on its way into the cache; the next hover finds it there.
        signal.detach();
        return new vscode.Hover(this.pending(document, subject), subject.range);
      }
      return document.version === version ? hover : undefined;
    } catch (error) {
      if (!isCancelled(error)) this.deps.logger.log('warn', `Hover: ${String(error)}`);
      return undefined;
    }
  }

  /** What a command asks for: whatever the settings say, and lines of code too. Rejects with AppError. */
  async hoverAt(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const settings = readHoverSettings(document);
    const subject = await this.subject(document, position, settings, true, token);
    if (!subject || token.isCancellationRequested) return undefined;
    const { signal } = abortOn(token);
    return (
      this.known(document, position, subject) ??
      (await this.answer(document, position, subject, signal))
    );
  }

  /** Whether there is something of the text itself to answer with, so that nobody else need be asked. */
  async answers(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<boolean> {
    if (this.askedAt(document, position) || this.deps.widget.entryAt(document, position))
      return true;
    const settings = readHoverSettings(document);
    return (await this.subject(document, position, settings, false, token)) !== undefined;
  }

  /** Makes the hover the answer at its place, for VS Code to ask for. */
  keep(document: vscode.TextDocument, position: vscode.Position, hover: vscode.Hover): void {
    this.asked = { document, version: document.version, position, hover };
  }

  dispose(): void {
    this.registration.dispose();
  }

  private subject(
    document: vscode.TextDocument,
    position: vscode.Position,
    settings: HoverSettings,
    asked: boolean,
    token: vscode.CancellationToken,
  ): Promise<Subject | undefined> {
    const isForeign = (text: string) => this.deps.answers.isForeign(document, text);
    return subjectAt({ document, position, settings, isForeign, asked, token }, this.deps.blocks);
  }

  private known(
    document: vscode.TextDocument,
    position: vscode.Position,
    subject: Subject,
  ): vscode.Hover | undefined {
    if (subject.kind !== 'text') return undefined;
    const result = this.deps.answers.known(document, subject.text);
    return result && this.translated(document, position, subject, result);
  }

  private async answer(
    document: vscode.TextDocument,
    position: vscode.Position,
    subject: Subject,
    signal: AbortSignal,
  ): Promise<vscode.Hover | undefined> {
    if (subject.kind === 'text') {
      const result = await this.deps.answers.translate(document, subject.text, signal);
      return result && this.translated(document, position, subject, result);
    }
    const explanation = await this.deps.explainer.explain(document, subject, signal);
    const parts = explanationParts(document, explanation);
    return parts && new vscode.Hover(parts, subject.range);
  }

  /** What can be said before the model has answered. */
  private pending(document: vscode.TextDocument, subject: Subject): vscode.MarkdownString[] {
    const facts = subject.kind === 'text' ? [] : this.deps.explainer.facts(subject);
    return explanationParts(document, { byModel: true, facts }, true) ?? pendingParts();
  }

  private translated(
    document: vscode.TextDocument,
    position: vscode.Position,
    subject: Extract<Subject, { kind: 'text' }>,
    result: TextResult,
  ): vscode.Hover | undefined {
    if (!isTranslated(result)) return undefined;
    const entry = this.entry(document, position, subject, result);
    return new vscode.Hover(translationParts(entry, subject.block?.kind), subject.range);
  }

  private entry(
    document: vscode.TextDocument,
    cursor: vscode.Position,
    { range, text, block }: Extract<Subject, { kind: 'text' }>,
    result: TextResult,
  ): ResultEntry {
    const offsets = {
      start: document.offsetAt(range.start),
      end: document.offsetAt(range.end),
    };
    if (!block) return this.deps.entries.add(document, cursor, [{ source: text, result, offsets }]);
    const part = {
      source: block.source,
      result,
      display: block.display(result.text),
      replacement: block.render(result.text),
      bilingual: block.renderBelow(result.text),
      offsets,
    };
    return this.deps.entries.add(document, cursor, [part]);
  }

  private askedAt(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): vscode.Hover | undefined {
    const { asked } = this;
    if (asked?.document !== document || asked.version !== document.version) return undefined;
    return asked.position.isEqual(position) ? asked.hover : undefined;
  }
}

/** Whether the settings let a hover that nobody asked for by command be answered. */
export function mayAnswer(document: vscode.TextDocument, settings: HoverSettings): boolean {
  if (!settings.enabled || settings.trigger === 'command') return false;
  return settings.trigger !== 'modifier' || asksWithModifier(document);
}
