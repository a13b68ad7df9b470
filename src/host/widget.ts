import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../common/disposable';
import { LinkCommand } from './ids';
import { escapeMarkdown } from './markdown';
import {
  currentRange,
  directions,
  keptReasons,
  type ResultEntry,
  type ResultStore,
} from './results';
import { keptSentence, languageName, refusalSentence } from './words';

/**
 * The result at the place it belongs to: a hover, opened by command and with the focus in it, so that Tab and Enter reach
 * the actions and Escape closes it. A comment thread was tried: its first use opens the Comments panel over a third of the
 * window, it pushes the text down and sideways, and the keyboard does not reach it without another command.
 */
export class ResultWidget implements vscode.HoverProvider, Disposable {
  private readonly store = new DisposableStore();
  /** The result that was shown last; it answers at the cursor even where its text does not reach. */
  private asked: ResultEntry | undefined;

  constructor(private readonly results: ResultStore) {
    // `*` takes every language and every scheme: untitled, notebook cells, git, what other extensions provide.
    this.store.add(vscode.languages.registerHoverProvider('*', this));
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const asked = this.asked?.document === document && this.asked.cursor.isEqual(position);
    const entry = this.results.at(document, position) ?? (asked ? this.asked : undefined);
    if (!entry) return undefined;
    const part = entry.parts.find((item) => currentRange(entry, item)?.contains(position));
    const range = part && currentRange(entry, part);
    return new vscode.Hover(hoverContents(entry), range ?? new vscode.Range(position, position));
  }

  /** Opens the hover if the cursor still stands where it stood, or in the result's text; tells whether it does. */
  async show(entry: ResultEntry): Promise<boolean> {
    const editor = vscode.window.activeTextEditor;
    if (!editor || editor.document !== entry.document) return false;
    const cursor = editor.selection.active;
    const here = entry.cursor.isEqual(cursor) || this.results.at(entry.document, cursor) === entry;
    if (!here) return false;
    this.asked = entry;
    // A hover opens at the cursor, which after Select All is far below.
    editor.revealRange(new vscode.Range(cursor, cursor));
    await vscode.commands.executeCommand('editor.action.showHover', {
      focus: 'autoFocusImmediately',
    });
    return true;
  }

  /** Closes the hover and gives the focus back to the text, after one of its links was followed. */
  async hide(): Promise<void> {
    await vscode.commands.executeCommand('editor.action.hideHover');
    await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  }

  dispose(): void {
    this.store.dispose();
  }
}

function hoverContents(entry: ResultEntry): vscode.MarkdownString[] {
  return [heading(entry), ...entry.parts.map((part) => plain(part.result.text)), actions(entry)];
}

/** Text that is not ours: untrusted, without icons, HTML or anything that could be clicked. */
function plain(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString(escapeMarkdown(text.trimEnd()), false);
}

function heading(entry: ResultEntry): vscode.MarkdownString {
  const names = directions(entry).map(
    ({ source, target }) => `${languageName(source)} → ${languageName(target)}`,
  );
  return new vscode.MarkdownString(`$(lightbulb) **Headlight** ${names.join(', ')}`, true);
}

function actions(entry: ResultEntry): vscode.MarkdownString {
  const notes = [...keptReasons(entry)].map(
    ([reason, count]) => `$(info) ${escapeMarkdown(keptSentence(reason, count))}`,
  );
  if (entry.note) notes.unshift(`$(warning) ${escapeMarkdown(refusalSentence(entry.note))}`);
  const links = [
    link('replace', vscode.l10n.t('Replace'), LinkCommand.replaceResult, entry),
    link('arrow-down', vscode.l10n.t('Insert Below'), LinkCommand.insertResultBelow, entry),
    link('copy', vscode.l10n.t('Copy'), LinkCommand.copyResult, entry),
    link('open-preview', vscode.l10n.t('Open to the Side'), LinkCommand.openResult, entry),
  ];
  const markdown = new vscode.MarkdownString(
    [...notes, links.join('&nbsp;&nbsp;&nbsp;')].join('\n\n'),
    true,
  );
  markdown.isTrusted = { enabledCommands: Object.values(LinkCommand) };
  return markdown;
}

function link(icon: string, label: string, command: string, entry: ResultEntry): string {
  const uri = `command:${command}?${encodeURIComponent(JSON.stringify([entry.id]))}`;
  return `[$(${icon}) ${label}](${uri})`;
}
