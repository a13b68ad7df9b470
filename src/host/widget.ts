import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../common/disposable';
import {
  actionsPart,
  directionNames,
  headingPart,
  keptNotes,
  noteLine,
  plainPart,
  termNotes,
  uncertainNotes,
} from './hoverParts';
import { LinkCommand } from './ids';
import {
  currentRange,
  directions,
  keptReasons,
  type ResultEntry,
  type ResultStore,
} from './results';
import { refusalSentence } from './words';

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
    const entry = this.entryAt(document, position);
    if (!entry) return undefined;
    const part = entry.parts.find((item) => currentRange(entry, item)?.contains(position));
    const range = part && currentRange(entry, part);
    return new vscode.Hover(hoverContents(entry), range ?? new vscode.Range(position, position));
  }

  /** The result that is shown at the position. */
  entryAt(document: vscode.TextDocument, position: vscode.Position): ResultEntry | undefined {
    const asked = this.asked?.document === document && this.asked.cursor.isEqual(position);
    return this.results.at(document, position) ?? (asked ? this.asked : undefined);
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
  return [
    headingPart(directionNames(directions(entry))),
    ...entry.parts.map((part) => plainPart(part.result.text)),
    actions(entry),
  ];
}

function actions(entry: ResultEntry): vscode.MarkdownString {
  const results = entry.parts.map(({ result }) => result);
  const notes = [
    ...uncertainNotes(results),
    ...termNotes(results),
    ...keptNotes(keptReasons(entry)),
  ];
  if (entry.note) notes.unshift(noteLine('warning', refusalSentence(entry.note)));
  const args = [entry.id];
  return actionsPart(notes, [
    {
      icon: 'replace',
      label: vscode.l10n.t('Replace'),
      command: LinkCommand.replaceResult,
      args,
    },
    {
      icon: 'arrow-down',
      label: vscode.l10n.t('Insert Below'),
      command: LinkCommand.insertResultBelow,
      args,
    },
    { icon: 'copy', label: vscode.l10n.t('Copy'), command: LinkCommand.copyResult, args },
    {
      icon: 'list-selection',
      label: vscode.l10n.t('Other Translations'),
      command: LinkCommand.otherTranslations,
      args,
    },
    {
      icon: 'open-preview',
      label: vscode.l10n.t('Open to the Side'),
      command: LinkCommand.openResult,
      args,
    },
  ]);
}
