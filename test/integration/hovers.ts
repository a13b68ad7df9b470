import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { askUntil, plainText } from './support';

/** One of Headlight's hovers: its parts, and the position it was asked at. */
export interface OwnHover {
  readonly parts: readonly vscode.MarkdownString[];
  readonly range: vscode.Range | undefined;
}

/** Headlight's hovers at the start of `text` plus two characters, as VS Code gets them from its providers. */
export async function hoversOver(
  document: vscode.TextDocument,
  text: string,
): Promise<readonly OwnHover[]> {
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, `the document holds ${text}`);
  return hoversAt(document, document.positionAt(offset + Math.min(2, text.length)));
}

/** The first hover of a run loads the model, which takes longer than a hover waits: it is asked for again, as a person does. */
export async function hoversAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<readonly OwnHover[]> {
  const isPending = ({ parts }: OwnHover) =>
    /Still translating|still reading/.test(parts.at(-1)?.value ?? '');
  return askUntil(
    () => ownHovers(document, position),
    (hovers) => !hovers.some(isPending),
  );
}

async function ownHovers(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<readonly OwnHover[]> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .map(({ contents, range }) => ({ parts: contents as vscode.MarkdownString[], range }))
    .filter(({ parts }) => parts[0]?.value.includes('**Headlight**'));
}

/** The one hover over the text. */
export async function hoverOver(document: vscode.TextDocument, text: string): Promise<OwnHover> {
  const hovers = await hoversOver(document, text);
  assert.equal(hovers.length, 1, `one hover over ${text}`);
  return hovers[0]!;
}

/** What a hover says, without its heading and its links. */
export function said({ parts }: OwnHover): string {
  return parts.slice(1, -1).map(plainText).join('\n');
}

export function links({ parts }: OwnHover): string[] {
  return [...(parts.at(-1)?.value ?? '').matchAll(/\(command:([\w.]+)\?/g)].map(([, id]) => id!);
}

/** Follows one of the links, as a click does. */
export function follow({ parts }: OwnHover, id: string): Thenable<unknown> {
  const uri = new RegExp(`\\(command:${id}\\?([^)]*)\\)`).exec(parts.at(-1)?.value ?? '');
  assert.ok(uri?.[1], `a link to ${id}`);
  const args = JSON.parse(decodeURIComponent(uri[1])) as unknown[];
  return vscode.commands.executeCommand(id, ...args);
}
