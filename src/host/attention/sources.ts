import * as vscode from 'vscode';
import type { Sample } from '../../protocol/samples';

/** A document that was open before; undefined if it cannot be opened, or was never saved and is gone. */
export async function openAgain(address: string): Promise<vscode.TextDocument | undefined> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === address);
  const uri = vscode.Uri.parse(address);
  // Opening an untitled name that is gone would make an empty document of it.
  if (open || uri.scheme === 'untitled') return open;
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

/** Shows the sample in an untitled document, the same one each time; the focus stays in the panel. */
export async function openSample(
  { text }: Sample,
  viewColumn: vscode.ViewColumn,
): Promise<vscode.TextDocument> {
  const known = vscode.workspace.textDocuments.find(
    (document) => document.isUntitled && !document.isClosed && document.getText() === text,
  );
  const document = known ?? (await vscode.workspace.openTextDocument({ content: text }));
  await vscode.window.showTextDocument(document, { viewColumn, preserveFocus: true });
  return document;
}
