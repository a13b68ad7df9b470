import * as vscode from 'vscode';
import { RESULT_SCHEME } from '../../src/host/ids';
import { active, command, shownEditor, textOnce, until } from './support';

/** The summary beside, once it has its text. */
export async function summaryDocument(): Promise<vscode.TextDocument> {
  const { document } = await shownEditor(RESULT_SCHEME);
  await textOnce(document, /\S/u);
  return document;
}

/** Links of a summary to where its sentences were taken from. */
export async function summaryLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
  const links = await vscode.commands.executeCommand<vscode.DocumentLink[] | undefined>(
    'vscode.executeLinkProvider',
    document.uri,
  );
  return (links ?? []).filter(({ target }) => target?.scheme === 'command');
}

/** Follows a link as a click does; what came of it. */
export function followLink({ target }: vscode.DocumentLink): Thenable<unknown> {
  const args = JSON.parse(target?.query ?? '[]') as unknown[];
  return command(target?.path ?? '', ...args);
}

/** What is selected in the document, once it is in the active editor and something is. */
export async function selectedText(document: vscode.TextDocument): Promise<string> {
  const editor = await active(document);
  return until(
    vscode.window.onDidChangeTextEditorSelection,
    () => document.getText(editor.selection) || undefined,
  );
}
