import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { Command, SETTING_SECTION } from '../../src/host/ids';
import type { HeadlightApi } from '../../src/host/publicApi';

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
  const editor = await show(document);
  await editor.edit((builder) => builder.insert(new vscode.Position(0, 0), content));
  assert.equal(document.getText(), content);
  return editor;
}

/** Shows a document; the commands, which take the active editor, find it there. */
export async function show(what: vscode.TextDocument | vscode.Uri): Promise<vscode.TextEditor> {
  const document =
    what instanceof vscode.Uri ? await vscode.workspace.openTextDocument(what) : what;
  await vscode.window.showTextDocument(document);
  return active(document);
}

/** The active editor once it is the document's: which one is active is told by an event of its own. */
export function active(document: vscode.TextDocument): Promise<vscode.TextEditor> {
  return until(vscode.window.onDidChangeActiveTextEditor, () => {
    const editor = vscode.window.activeTextEditor;
    return editor?.document === document ? editor : undefined;
  });
}

/** The active document once it is one of those looked for. */
export function activeDocument(
  isWanted: (document: vscode.TextDocument) => boolean,
): Promise<vscode.TextDocument> {
  return until(vscode.window.onDidChangeActiveTextEditor, () => {
    const document = vscode.window.activeTextEditor?.document;
    return document && isWanted(document) ? document : undefined;
  });
}

/** An editor on the screen, once there is one of a document of this scheme. */
export function shownEditor(scheme: string): Promise<vscode.TextEditor> {
  return until(vscode.window.onDidChangeVisibleTextEditors, () =>
    vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === scheme),
  );
}

/** The document's text once it matches: a read-only document's comes after its editor. */
export function textOnce(document: vscode.TextDocument, pattern: RegExp): Promise<string> {
  return until(vscode.workspace.onDidChangeTextDocument, () =>
    pattern.test(document.getText()) ? document.getText() : undefined,
  );
}

/** A notebook that is open, not shown; gives its cells' documents. */
export async function openNotebook(
  ...cells: readonly { readonly text: string; readonly language: string }[]
): Promise<{ notebook: vscode.NotebookDocument; documents: vscode.TextDocument[] }> {
  const { Code, Markup } = vscode.NotebookCellKind;
  const data = cells.map(
    ({ text, language }) =>
      new vscode.NotebookCellData(language === 'markdown' ? Markup : Code, text, language),
  );
  const notebook = await vscode.workspace.openNotebookDocument(
    'jupyter-notebook',
    new vscode.NotebookData(data),
  );
  return { notebook, documents: notebook.getCells().map(({ document }) => document) };
}

/** Shows a notebook with one cell and edits that. */
export async function openCell(text: string, language = 'python'): Promise<vscode.TextEditor> {
  const { notebook, documents } = await openNotebook({ text, language });
  await vscode.window.showNotebookDocument(notebook);
  await command('notebook.cell.edit');
  return active(documents[0]!);
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

/** Below a test's own limit, which would tell neither what was waited for nor end the waiting. */
const MOST_WAITING_MS = 100_000;

/**
 * Waits for a state that VS Code reaches by itself, looking again at each of its events.
 * @throws Error, whose stack says who waited, if it does not come.
 */
export async function until<T>(
  event: vscode.Event<unknown>,
  look: () => T | undefined,
): Promise<T> {
  const inVain = new Error('Waited in vain.');
  return new Promise((resolve, reject) => {
    const subscription = event(() => check());
    const timer = setTimeout(() => {
      subscription.dispose();
      reject(inVain);
    }, MOST_WAITING_MS);
    const check = (): void => {
      const found = look();
      if (found === undefined) return;
      clearTimeout(timer);
      subscription.dispose();
      resolve(found);
    };
    check();
  });
}

/**
 * Asks until the answer is as expected, for what no event tells.
 * @throws Error with the last answer if it stays another one.
 */
export async function askUntil<T>(
  ask: () => Thenable<T>,
  isExpected: (answer: T) => boolean,
): Promise<T> {
  const end = Date.now() + MOST_WAITING_MS;
  for (;;) {
    const answer = await ask();
    if (isExpected(answer)) return answer;
    if (Date.now() > end) throw new Error(`It stays ${JSON.stringify(answer)}.`);
    await delay(20);
  }
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

/** Presses a key of the open picker again and again until the call, which opens it when it is ready, is over. */
async function pressed(key: string, outcome: Thenable<unknown>): Promise<unknown> {
  let over = false;
  const finish = () => (over = true);
  void outcome.then(finish, finish);
  await askUntil(
    () => command(key),
    () => over,
  );
  return outcome;
}

/** Accepts what a call's pickers propose, whenever they open. */
export function accepted(outcome: Thenable<unknown>): Promise<unknown> {
  return pressed('workbench.action.acceptSelectedQuickOpenItem', outcome);
}

/** Leaves a call's pickers as by Escape, whenever they open. */
export function dismissed(outcome: Thenable<unknown>): Promise<unknown> {
  return pressed('workbench.action.closeQuickOpen', outcome);
}

/** Does something while no engine answers. */
export async function whileHeld<T>(act: () => Promise<T>): Promise<T> {
  const extension = vscode.extensions.getExtension<HeadlightApi>('headlight.headlight');
  if (enginePids().length === 0) await (await extension?.activate())?.translate(ENGLISH_SENTENCE);
  const pids = enginePids();
  assert.equal(pids.length, 1, 'one engine runs');
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    return await act();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}

/** What a call comes to during which something is done: the engine is held, so that the call cannot be over before. */
export async function during(
  call: () => Thenable<unknown>,
  act: () => Thenable<unknown>,
): Promise<unknown> {
  const [outcome] = await whileHeld(async () => {
    const underWay = call();
    await act();
    return [underWay];
  });
  return outcome;
}

/** VS Code tells of tabs one by one, or of all of them anew, as groups. */
export const onTabs: vscode.Event<unknown> = (listener) =>
  vscode.Disposable.from(
    vscode.window.tabGroups.onDidChangeTabs(listener),
    vscode.window.tabGroups.onDidChangeTabGroups(listener),
  );

/** Closes everything without being asked whether to save it. */
export async function closeEditors(): Promise<void> {
  // Tabs and the editors shown are told apart from each other, and later; the log in its panel has no column.
  const isOpen = () =>
    vscode.window.tabGroups.all.some(({ tabs }) => tabs.length > 0) ||
    vscode.window.visibleTextEditors.some(({ viewColumn }) => viewColumn);
  if (!isOpen()) return;
  await askUntil(
    () => command('workbench.action.revertAndCloseActiveEditor'),
    () => !isOpen(),
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
