import * as vscode from 'vscode';
import { isCancelled } from '../../common/errors';
import { detectLanguage } from '../../text/direction';
import { replaceTerms } from '../../text/glossary';
import {
  likelyCase,
  NAME_CASES,
  type NameCase,
  nameWords,
  phraseForName,
  writeName,
} from '../../text/identifiers';
import { applyEdits } from '../edits';
import type { Notices } from '../notices';
import type { Outcome } from '../translate';
import type { TranslationService } from '../translation';
import { refusalSentence } from '../words';
import type { Running } from './running';
import { selectedText, TrackedText } from './phrases';

/** Wider than for sentences: the point is to have a choice. */
const BEAM = 6;
const SUGGESTIONS = 4;
const MOST_CHARACTERS = 200;

export interface NamingDeps {
  readonly service: TranslationService;
  readonly notices: Notices;
  readonly running: Running;
}

interface NameItem extends vscode.QuickPickItem {
  readonly name?: string;
}

/** An identifier from what it is about, in the user's own words. */
export class NameFromWords {
  constructor(private readonly deps: NamingDeps) {}

  async run(): Promise<Outcome> {
    const { notices } = this.deps;
    const editor = vscode.window.activeTextEditor;
    const range = editor && selectedText(editor);
    if (!editor || !range) {
      notices.info(vscode.l10n.t('Select the words that a name is to be made of.'));
      return 'nothingToDo';
    }
    const tracked = new TrackedText(editor.document, range);
    try {
      const phrases = await this.phrases(tracked.text.slice(0, MOST_CHARACTERS));
      const line = editor.document.lineAt(range.start.line).text.slice(0, range.start.character);
      const items = nameItems(phrases, likelyCase(editor.document.languageId, line));
      if (items.length === 0) {
        notices.info(vscode.l10n.t('No name can be made of these words.'));
        return 'nothingToDo';
      }
      const chosen = await vscode.window.showQuickPick(items, {
        title: vscode.l10n.t('Name from Words'),
        placeHolder: tracked.text,
      });
      return chosen?.name === undefined ? 'cancelled' : await this.insert(tracked, chosen.name);
    } catch (error) {
      notices.error(error);
      return isCancelled(error) ? 'cancelled' : 'failed';
    } finally {
      tracked.dispose();
    }
  }

  /** English words as they are; of Korean ones several translations, best first. */
  private async phrases(words: string): Promise<readonly string[]> {
    const { service } = this.deps;
    // The user's own terms are words of the name as they are, whatever the model would make of them.
    const text = replaceTerms(words, service.terms('en').find(words, []));
    if (detectLanguage(text) !== 'ko') return [text];
    const { candidates } = await this.deps.running.run(vscode.l10n.t('Translating'), (signal) =>
      service.ask(
        'generate',
        {
          task: 'translate',
          language: 'en',
          text: phraseForName(text),
          decoding: { beam: BEAM, lengthPenalty: 1, maxTokens: 48 },
          nBest: BEAM,
          protectPatterns: [],
        },
        signal,
      ),
    );
    return candidates.map((candidate) => candidate.text);
  }

  private async insert(tracked: TrackedText, name: string): Promise<Outcome> {
    const { range } = tracked;
    const outcome = range ? await applyEdits(tracked.document, [{ range, text: name }]) : 'changed';
    if (outcome === 'applied') return 'replaced';
    await vscode.env.clipboard.writeText(name);
    this.deps.notices.info(
      `${refusalSentence(outcome)} ${vscode.l10n.t('The name is in the clipboard: {0}', name)}`,
    );
    return 'refused';
  }
}

/** The likely convention first with every suggestion, then the best suggestion in the others. */
function nameItems(phrases: readonly string[], likely: NameCase): NameItem[] {
  const seen = new Set<string>();
  const suggestions = phrases
    .map(nameWords)
    .filter((words) => words.length > 0 && !seen.has(words.join()) && seen.add(words.join()))
    .slice(0, SUGGESTIONS);
  const styles = [likely, ...NAME_CASES.filter((style) => style !== likely)];
  return styles.flatMap((style): NameItem[] => {
    const names = [...new Set(suggestions.map((words) => writeName(words, style)))];
    return names.length === 0
      ? []
      : [
          { label: caseName(style), kind: vscode.QuickPickItemKind.Separator },
          ...names.map((name) => ({ label: name, name })),
        ];
  });
}

function caseName(style: NameCase): string {
  switch (style) {
    case 'camel':
      return vscode.l10n.t('camelCase');
    case 'snake':
      return vscode.l10n.t('snake_case');
    case 'pascal':
      return vscode.l10n.t('PascalCase');
    case 'kebab':
      return vscode.l10n.t('kebab-case');
    case 'constant':
      return vscode.l10n.t('CONSTANT_CASE');
  }
}
