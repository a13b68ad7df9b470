import * as vscode from 'vscode';
import { isCancelled } from '../../common/errors';
import { applyEdits } from '../edits';
import type { Notices } from '../notices';
import { usablePatterns } from '../patterns';
import { readTranslationSettings } from '../settings';
import type { Outcome } from '../translate';
import type { TranslationService } from '../translation';
import { refusalSentence } from '../words';
import type { Running } from './running';

/** The part of the Git extension's interface (version 1) that is used. */
interface GitRepository {
  readonly rootUri: vscode.Uri;
  readonly inputBox: { value: string };
  readonly ui: { readonly selected: boolean };
}

interface GitApi {
  readonly repositories: readonly GitRepository[];
  getRepository(uri: vscode.Uri): GitRepository | null;
}

interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

const MESSAGE_LANGUAGES: ReadonlySet<string> = new Set(['git-commit', 'scminput']);

export interface CommitMessageDeps {
  readonly service: TranslationService;
  readonly notices: Notices;
  readonly running: Running;
}

/** Translates a commit message where it is written: the editor of `git commit`, or the input box of source control. */
export class CommitMessage {
  constructor(private readonly deps: CommitMessageDeps) {}

  /** `origin`: the source control whose menu was used, if one was. */
  async translate(origin?: unknown): Promise<Outcome> {
    const { notices } = this.deps;
    try {
      const editor = vscode.window.activeTextEditor;
      if (origin === undefined && editor && MESSAGE_LANGUAGES.has(editor.document.languageId)) {
        return await this.document(editor.document);
      }
      const repository = await findRepository(origin, editor?.document.uri);
      if (!repository) {
        notices.info(
          vscode.l10n.t('There is no commit message here: open a Git repository or git’s editor.'),
        );
        return 'nothingToDo';
      }
      return await this.inputBox(repository);
    } catch (error) {
      notices.error(error);
      return isCancelled(error) ? 'cancelled' : 'failed';
    }
  }

  private async inputBox({ inputBox }: GitRepository): Promise<Outcome> {
    const source = inputBox.value;
    const translation = await this.translated(source);
    if (translation === undefined) return 'nothingToDo';
    // Typed on meanwhile: what is there now was not translated.
    if (inputBox.value !== source) {
      this.deps.notices.info(refusalSentence('changed'));
      return 'refused';
    }
    inputBox.value = translation;
    return 'replaced';
  }

  private async document(document: vscode.TextDocument): Promise<Outcome> {
    const source = document.getText();
    const end = messageEnd(document);
    const translation = await this.translated(source.slice(0, end));
    if (translation === undefined) return 'nothingToDo';
    const range = new vscode.Range(document.positionAt(0), document.positionAt(end));
    const outcome =
      document.getText() === source
        ? await applyEdits(document, [{ range, text: translation }])
        : 'changed';
    if (outcome === 'applied') return 'replaced';
    this.deps.notices.info(refusalSentence(outcome));
    return 'refused';
  }

  /** Undefined, with a word to the user, where there is nothing to translate. */
  private async translated(text: string): Promise<string | undefined> {
    const { service, notices } = this.deps;
    const settings = readTranslationSettings();
    const [result] =
      text.trim() === ''
        ? []
        : (
            await this.deps.running.run(vscode.l10n.t('Translating'), (signal, report) =>
              service.translate(
                {
                  texts: [text],
                  target: settings.targetLanguage,
                  protectPatterns: usablePatterns(settings.protectPatterns, notices),
                  beam: settings.beam,
                },
                signal,
                report,
              ),
            )
          ).results;
    if (result && result.text !== text) return withTrailers(text, result.text);
    notices.info(vscode.l10n.t('There is nothing to translate in the commit message.'));
    return undefined;
  }
}

/** Lines that tools read (`Signed-off-by: …`, `Co-authored-by: …`, `Change-Id: …`) come out as they were. */
function withTrailers(source: string, translation: string): string {
  const before = source.split('\n');
  const after = translation.split('\n');
  if (before.length !== after.length) return translation;
  return after
    .map((line, index) => (TRAILER.test(before[index] ?? '') ? (before[index] ?? '') : line))
    .join('\n');
}

const TRAILER = /^(?:[A-Z][a-z]+(?:-[A-Za-z]+)+|Fixes|Closes|Refs|Link): \S/u;

/** The message ends where git's template begins: at the first line of a comment. */
function messageEnd(document: vscode.TextDocument): number {
  if (document.languageId !== 'git-commit') return document.getText().length;
  for (let line = 0; line < document.lineCount; line++) {
    if (document.lineAt(line).text.startsWith('#')) {
      return document.offsetAt(new vscode.Position(line, 0));
    }
  }
  return document.getText().length;
}

async function findRepository(
  origin: unknown,
  active: vscode.Uri | undefined,
): Promise<GitRepository | undefined> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (!extension) return undefined;
  const git = await extension.activate();
  if (!git.enabled) return undefined;
  const api = git.getAPI(1);
  const root = rootOf(origin);
  const named = root ?? active;
  return (
    (named && api.getRepository(named)) ??
    api.repositories.find(({ ui }) => ui.selected) ??
    api.repositories[0]
  );
}

/** Menus of source control pass the source control on, or its place. */
function rootOf(origin: unknown): vscode.Uri | undefined {
  if (origin instanceof vscode.Uri) return origin;
  if (typeof origin !== 'object' || origin === null || !('rootUri' in origin)) return undefined;
  return origin.rootUri instanceof vscode.Uri ? origin.rootUri : undefined;
}
