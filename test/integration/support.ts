import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import { Command, SETTING_SECTION } from '../../src/host/ids';

export const KOREAN = /[가-힣]/;

/** One sentence the start model knows well, in both languages. */
export const ENGLISH_SENTENCE = 'The cache keeps the last results in memory.';
export const KOREAN_SENTENCE = '파일이 없으면 오류가 발생합니다.';

/** Sentences that differ, so that the cache cannot answer them: long enough to be interrupted. */
export function manySentences(count: number, salt: string): string {
  const lines = Array.from(
    { length: count },
    (_, index) => `Open the ${salt} file number ${index + 3} before you write the next entry.`,
  );
  return lines.join('\n');
}

let opened = 0;

/**
 * A new untitled document in the active editor. Each has a name of its own: VS Code gives a closed one's name to the next
 * before the extension host has seen it close, which then holds the old text.
 */
export async function openText(
  content: string,
  language = 'plaintext',
): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.from({ scheme: 'untitled', path: `text-${++opened}` });
  const document = await vscode.languages.setTextDocumentLanguage(
    await vscode.workspace.openTextDocument(uri),
    language,
  );
  const editor = await vscode.window.showTextDocument(document);
  await editor.edit((builder) => builder.insert(new vscode.Position(0, 0), content));
  assert.equal(document.getText(), content);
  return editor;
}

/** Selects the first occurrence of the text, the cursor at its end. */
export function select(editor: vscode.TextEditor, ...texts: readonly string[]): void {
  editor.selections = texts.map((text) => {
    const start = editor.document.getText().indexOf(text);
    assert.notEqual(start, -1, `the document holds ${text}`);
    return new vscode.Selection(
      editor.document.positionAt(start),
      editor.document.positionAt(start + text.length),
    );
  });
}

/** Puts one cursor inside each of the texts. */
export function putCursor(editor: vscode.TextEditor, ...texts: readonly string[]): void {
  select(editor, ...texts);
  editor.selections = editor.selections.map(({ start }) => {
    const inside = start.translate(0, 2);
    return new vscode.Selection(inside, inside);
  });
}

export function command(id: string, ...args: readonly unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(id, ...args);
}

export async function expectOutcome(id: string, expected: string): Promise<void> {
  assert.equal(await command(id), expected, id);
}

/** What Headlight's hover has at the position: its Markdown parts in order, or none. */
export async function resultHover(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.MarkdownString[]> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  const ours = hovers.find((hover) => /\*\*Headlight\*\*/.test(valueOf(hover.contents[0])));
  return (ours?.contents ?? []) as vscode.MarkdownString[];
}

/** The translation as the hover shows it. */
export async function shownText(editor: vscode.TextEditor): Promise<string> {
  const parts = await resultHover(editor.document, editor.selection.active);
  assert.ok(parts.length >= 3, 'the hover has a heading, a text and the actions');
  return parts.slice(1, -1).map(plainText).join('\n');
}

/** The text that an escaped part shows. */
export function plainText(part: vscode.MarkdownString): string {
  return part.value
    .replace(/ {2}\n/g, '\n')
    .replace(/&nbsp;/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

function valueOf(content: unknown): string {
  return content instanceof vscode.MarkdownString ? content.value : String(content);
}

/** Sets a setting for the user and waits until it is in force. */
export async function setSetting(name: string, value: unknown): Promise<void> {
  await vscode.workspace
    .getConfiguration(SETTING_SECTION)
    .update(name, value, vscode.ConfigurationTarget.Global);
}

export async function undo(): Promise<void> {
  await command('undo');
}

/** Waits for a state that VS Code reaches by itself, looking again at each of its events. */
export async function until<T>(
  event: vscode.Event<unknown>,
  look: () => T | undefined,
): Promise<T> {
  return new Promise((resolve) => {
    const subscription = event(() => check());
    const check = (): void => {
      const found = look();
      if (found === undefined) return;
      subscription.dispose();
      resolve(found);
    };
    check();
  });
}

/** Process ids of the engines that this extension host has started. */
export function enginePids(): number[] {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return list
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .filter(([, , parent, args]) => Number(parent) === process.pid && /engine\.js/.test(args ?? ''))
    .map(([, pid]) => Number(pid));
}

/** Closes everything without being asked whether to save it. */
export async function closeEditors(): Promise<void> {
  const count = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length;
  for (let left = count(); left > 0; left = count()) {
    await command('workbench.action.revertAndCloseActiveEditor');
    assert.ok(count() < left, 'the active editor closes');
  }
  // The editors shown are told apart from the tabs, and later; the log in its panel is one without a column.
  await until(vscode.window.onDidChangeVisibleTextEditors, () =>
    vscode.window.visibleTextEditors.some(({ viewColumn }) => viewColumn) ? undefined : true,
  );
}

/** Shows the log and returns its text. */
export async function logText(): Promise<string> {
  await command(Command.showLog);
  const document = await until(vscode.workspace.onDidOpenTextDocument, () =>
    vscode.workspace.textDocuments.find(
      ({ uri, languageId }) =>
        uri.scheme === 'output' && languageId === 'log' && /headlight/i.test(uri.path),
    ),
  );
  await until(vscode.workspace.onDidChangeTextDocument, () => document.getText() || undefined);
  return document.getText();
}
