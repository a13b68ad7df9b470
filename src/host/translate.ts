import * as vscode from 'vscode';
import { isCancelled } from '../common/errors';
import type { KeptReason } from '../protocol/engine';
import { chooseAlternative } from './alternatives';
import { noticeFallback } from './device';
import type { ResultDocuments } from './documents';
import { type EditOutcome, insertBelowSource, replaceSource } from './edits';
import type { Notices } from './notices';
import { usablePatterns } from './patterns';
import { withDelayedProgress } from './progress';
import { entryText, keptReasons, type ResultEntry, type ResultStore } from './results';
import { type OutputMode, readTranslationSettings } from './settings';
import { collectTargets } from './targets';
import type { TranslationService } from './translation';
import type { ResultWidget } from './widget';
import type { WordLinks } from './wordLinks';
import { keptSentence, languageName, refusalSentence } from './words';

/** What became of a command; other extensions, key bindings and tests may look at it. */
export type Outcome =
  | 'shown'
  | 'replaced'
  | 'inserted'
  | 'copied'
  | 'opened'
  /** The result is there, but the edit was not made. */
  | 'refused'
  | 'nothingToDo'
  | 'cancelled'
  | 'failed';

export interface TranslateDeps {
  readonly service: TranslationService;
  readonly results: ResultStore;
  readonly widget: ResultWidget;
  readonly documents: ResultDocuments;
  readonly notices: Notices;
  readonly words: WordLinks;
}

/** Kept for reasons that are no news: the text itself shows them. */
const SILENT_REASONS: ReadonlySet<KeptReason> = new Set(['noText', 'alreadyTarget']);

/** From the selection to the result and what is done with it. */
export class Translate {
  constructor(private readonly deps: TranslateDeps) {}

  /** `mode` undefined: as the setting says. */
  async selection(mode?: OutputMode): Promise<Outcome> {
    const { notices } = this.deps;
    const editor = vscode.window.activeTextEditor;
    if (!editor) {
      notices.info(vscode.l10n.t('Open a text and select what to translate.'));
      return 'nothingToDo';
    }
    try {
      const { document } = editor;
      const entry = await this.translate(editor);
      if (!entry) {
        notices.info(vscode.l10n.t('There is no text here. Select some, or put the cursor in it.'));
        return 'nothingToDo';
      }
      return await this.output(entry, mode ?? readTranslationSettings(document).outputMode);
    } catch (error) {
      notices.error(error);
      return isCancelled(error) ? 'cancelled' : 'failed';
    }
  }

  async output(entry: ResultEntry, mode: OutputMode): Promise<Outcome> {
    switch (mode) {
      case 'widget':
        return this.show(entry);
      case 'replace':
        return this.edited(entry, await replaceSource(entry), 'replaced');
      case 'insertBelow':
        return this.edited(entry, await insertBelowSource(entry), 'inserted');
      case 'copy':
        await vscode.env.clipboard.writeText(entryText(entry));
        vscode.window.setStatusBarMessage(vscode.l10n.t('Translation copied.'), 3000);
        return 'copied';
      case 'document':
        return this.open(entry);
    }
  }

  /** Lets the user take another translation of a sentence, and shows the result again. */
  async otherTranslations(entry: ResultEntry, taken?: number): Promise<Outcome> {
    const { service, results, notices } = this.deps;
    try {
      const changed = await chooseAlternative(entry, service, notices, taken);
      return changed ? await this.show(results.exchange(entry, changed)) : 'nothingToDo';
    } catch (error) {
      notices.error(error);
      return isCancelled(error) ? 'cancelled' : 'failed';
    }
  }

  private async translate(editor: vscode.TextEditor): Promise<ResultEntry | undefined> {
    const { service, results, notices } = this.deps;
    const { document } = editor;
    const targets = collectTargets(document, editor.selections);
    if (targets.length === 0) return undefined;
    const settings = readTranslationSettings(document);
    const request = {
      texts: targets.map((target) => target.text),
      target: settings.targetLanguage,
      protectPatterns: usablePatterns(settings.protectPatterns, notices),
      beam: settings.beam,
    };
    const tracked = results.track(editor, targets);
    try {
      const result = await withDelayedProgress(vscode.l10n.t('Translating'), (signal, report) =>
        service.translate(request, signal, report),
      );
      noticeFallback(service, notices);
      return results.add(tracked, result.results);
    } finally {
      results.release(tracked);
    }
  }

  private async show(entry: ResultEntry): Promise<Outcome> {
    const limit = readTranslationSettings(entry.document).documentCharacters;
    const long = limit > 0 && entryText(entry).length > limit;
    // First, because opening an editor closes the hover.
    if (long) await this.open(entry);
    if (await this.deps.widget.show(entry)) return 'shown';
    // The cursor went on meanwhile: a hover cannot be opened elsewhere, and pulling the cursor back would be rude.
    if (!long) this.offerResult(entry, vscode.l10n.t('The translation is ready.'));
    return 'shown';
  }

  private async edited(
    entry: ResultEntry,
    outcome: EditOutcome,
    done: 'replaced' | 'inserted',
  ): Promise<Outcome> {
    if (outcome !== 'applied') {
      entry.note = outcome;
      if (!(await this.deps.widget.show(entry))) this.offerResult(entry, refusalSentence(outcome));
      return 'refused';
    }
    if (done === 'replaced') this.deps.results.delete(entry);
    const kept = [...keptReasons(entry)].filter(([reason]) => !SILENT_REASONS.has(reason));
    for (const [reason, count] of kept) this.deps.notices.info(keptSentence(reason, count));
    return done;
  }

  private offerResult(entry: ResultEntry, message: string): void {
    this.deps.notices.info(message, [
      { label: vscode.l10n.t('Open to the Side'), run: () => this.open(entry) },
      { label: vscode.l10n.t('Copy'), run: () => this.output(entry, 'copy') },
    ]);
  }

  private async open(entry: ResultEntry): Promise<Outcome> {
    const { documents, words } = this.deps;
    words.follow(await documents.show(documentName(entry), entryText(entry), 'beside'), entry);
    return 'opened';
  }
}

/** The source's name with the target language, and its extension, which gives the result the same highlighting. */
function documentName(entry: ResultEntry): string {
  const base = entry.document.uri.path.split('/').at(-1) || 'Headlight';
  const dot = base.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [base.slice(0, dot), base.slice(dot)] : [base, ''];
  const target = entry.parts[0]?.result.target ?? 'en';
  return `${stem} (${languageName(target)})${extension}`;
}
