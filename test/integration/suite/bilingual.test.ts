import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command } from '../../../src/host/ids';
import { askUntil, closeEditors, command, KOREAN, openText, setSetting } from '../support';

const SOURCE = `// The cache keeps the last results in memory.
let cache = 1;

/**
 * The file is closed when the function returns, so that
 * nobody else has to close it.
 */
let file = 2;
// 이미 한국어로 쓴 주석입니다.
let last = 3;
`;

interface Shown {
  readonly line: number;
  readonly title: string;
  readonly command: string;
}

async function lenses(document: vscode.TextDocument): Promise<Shown[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    100,
  );
  return found.map((lens) => ({
    line: lens.range.start.line,
    title: lens.command?.title ?? '',
    command: lens.command?.command ?? '',
  }));
}

suite('bilingual reading', () => {
  let on = false;
  const toggle = async (): Promise<void> => {
    on = (await command(Command.toggleBilingual)) === true;
  };

  setup(() => setSetting('targetLanguage', 'ko'));
  teardown(async () => {
    if (on) await toggle();
    await closeEditors();
    await setSetting('targetLanguage', undefined);
    await setSetting('bilingual.place', undefined);
  });

  test('each comment has its translation above its lines, and the file is as it was', async () => {
    const { document } = await openText(SOURCE, 'javascript');
    assert.deepEqual(await lenses(document), []);
    await toggle();
    assert.ok(on);
    const shown = await lenses(document);
    assert.ok(shown.every(({ title }) => KOREAN.test(title)));
    assert.ok(shown.every(({ command: id }) => id === ''));
    const rows = shown.map(({ line }) => line);
    assert.ok(rows.includes(0) && rows.includes(4), rows.join());
    assert.ok(
      rows.every((line) => line === 0 || line === 4 || line === 5),
      rows.join(),
    );
    assert.equal(document.getText(), SOURCE);
    assert.equal(document.isDirty, true); // an untitled document with text, as before
    await toggle();
    assert.equal(on, false);
    assert.deepEqual(await lenses(document), []);
  });

  test('translations move with edits above them, and new comments get theirs', async () => {
    const { document } = await openText(SOURCE, 'javascript');
    await toggle();
    const before = await lenses(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(2, 0), 'let one = 1;\nlet two = 2;\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    const moved = await lenses(document);
    assert.deepEqual(
      moved.map(({ line }) => line),
      before.map(({ line }) => (line < 2 ? line : line + 2)),
    );
    const added = new vscode.WorkspaceEdit();
    added.insert(document.uri, new vscode.Position(2, 0), '// The name of the file.\n');
    assert.ok(await vscode.workspace.applyEdit(added));
    // What is shown follows typing after a while, and then the editor looks for lenses again.
    await askUntil(
      () => lenses(document),
      (shown) => shown.some(({ line }) => line === 2),
    );
  });

  test('it goes beside where the setting says so', async () => {
    await setSetting('bilingual.place', 'beside');
    const { document } = await openText(SOURCE, 'javascript');
    await toggle();
    assert.deepEqual(await lenses(document), []);
    assert.equal(document.getText(), SOURCE);
  });

  test('a file in the language of the reader shows nothing', async () => {
    const { document } = await openText('// 모두 한국어로 쓴 주석입니다.\nf();', 'javascript');
    await toggle();
    assert.deepEqual(await lenses(document), []);
  });

  test('another document that becomes visible is translated', async () => {
    await openText(SOURCE, 'javascript');
    await toggle();
    const { document } = await openText('# The file is closed now.\nx = 1\n', 'python');
    const [first] = await askUntil(
      () => lenses(document),
      (shown) => shown.length > 0,
    );
    assert.match(first?.title ?? '', KOREAN);
  });
});
