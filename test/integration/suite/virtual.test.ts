import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command } from '../../../src/host/ids';
import { MemoryFiles } from '../kinds';
import {
  closeEditors,
  command,
  ENGLISH_SENTENCE,
  expectOutcome,
  KOREAN,
  select,
  show,
  shownText,
  undo,
} from '../support';

const VIRTUAL = 'headlight-test-memory';
const TEXT = `before\n${ENGLISH_SENTENCE}\nafter\n`;

suite('virtual file systems', () => {
  const uri = vscode.Uri.from({ scheme: VIRTUAL, path: '/notes.txt' });
  let memory: MemoryFiles;
  let registration: vscode.Disposable;

  const stored = (): string => memory.text(uri);
  const open = async (): Promise<vscode.TextEditor> => {
    const editor = await show(uri);
    assert.equal(editor.document.getText(), TEXT);
    select(editor, ENGLISH_SENTENCE);
    return editor;
  };
  const register = (isReadonly: boolean): void => {
    memory = new MemoryFiles();
    memory.put(uri, TEXT);
    registration = vscode.workspace.registerFileSystemProvider(VIRTUAL, memory, { isReadonly });
  };

  teardown(async () => {
    await closeEditors();
    registration.dispose();
  });

  test('a file is translated, replaced, saved where it came from, and undone', async () => {
    register(false);
    const editor = await open();
    await expectOutcome(Command.translateSelection, 'shown');
    assert.match(await shownText(editor), KOREAN);
    await expectOutcome(Command.translateAndReplace, 'replaced');
    assert.ok(await editor.document.save());
    const [first, middle, ...rest] = stored().split('\n');
    assert.deepEqual([first, ...rest], ['before', 'after', '']);
    assert.match(middle ?? '', KOREAN);
    await undo();
    assert.equal(editor.document.getText(), TEXT);
    assert.ok(await editor.document.save());
    assert.equal(stored(), TEXT);
  });

  test('a file of a read-only one is translated and not changed', async () => {
    register(true);
    const editor = await open();
    await expectOutcome(Command.translateAndReplace, 'refused');
    assert.equal(editor.document.getText(), TEXT);
    assert.match(await shownText(editor), KOREAN);
  });

  const code = vscode.Uri.from({ scheme: VIRTUAL, path: '/code.js' });
  const openCode = async (isReadonly: boolean): Promise<vscode.TextDocument> => {
    register(isReadonly);
    memory.put(code, `// ${ENGLISH_SENTENCE}\nf();\n`);
    return (await show(code)).document;
  };

  test('the comments of a file are translated and saved where it came from', async () => {
    const document = await openCode(false);
    assert.equal(await command(Command.translateComments, 'replace'), 'replaced');
    assert.ok(await document.save());
    assert.match(memory.text(code), /^\/\/ .*[가-힣].*\nf\(\);\n$/);
  });

  test('the comments of a read-only file stay as they are', async () => {
    const document = await openCode(true);
    const text = document.getText();
    assert.equal(await command(Command.translateComments, 'replace'), 'refused');
    assert.equal(document.getText(), text);
  });
});
