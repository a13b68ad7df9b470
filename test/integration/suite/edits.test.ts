import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command } from '../../../src/host/ids';
import {
  closeEditors,
  ENGLISH_SENTENCE,
  expectOutcome,
  KOREAN,
  openText,
  putCursor,
  select,
  undo,
} from '../support';

suite('edits', () => {
  teardown(closeEditors);

  test('replacing one selection is one undo step', async () => {
    const editor = await openText(`before\n${ENGLISH_SENTENCE}\nafter\n`);
    select(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.translateAndReplace, 'replaced');
    const [first, middle, last] = editor.document.getText().split('\n');
    assert.deepEqual([first, last], ['before', 'after']);
    assert.match(middle ?? '', KOREAN);
    await undo();
    assert.equal(editor.document.getText(), `before\n${ENGLISH_SENTENCE}\nafter\n`);
  });

  test('replacing several selections is one undo step', async () => {
    const text = `${ENGLISH_SENTENCE}\nkeep\nOpen the file.\nkeep\nClose the window.\n`;
    const editor = await openText(text);
    select(editor, 'Close the window.', ENGLISH_SENTENCE, 'Open the file.');
    await expectOutcome(Command.translateAndReplace, 'replaced');
    const lines = editor.document.getText().split('\n');
    assert.equal(lines.length, 6);
    assert.deepEqual([lines[1], lines[3]], ['keep', 'keep']);
    for (const index of [0, 2, 4]) assert.match(lines[index] ?? '', KOREAN);
    await undo();
    assert.equal(editor.document.getText(), text);
  });

  test('inserting below keeps the original, its indentation and its comment mark', async () => {
    const text = 'if (a) {\n    // Open the file before you write to it.\n    b();\n}\n';
    const editor = await openText(text, 'typescript');
    putCursor(editor, 'Open the file');
    await expectOutcome(Command.insertTranslationBelow, 'inserted');
    const lines = editor.document.getText().split('\n');
    assert.equal(lines[1], '    // Open the file before you write to it.');
    assert.match(lines[2] ?? '', /^ {4}\/\/ .*[가-힣]/);
    assert.equal(lines[3], '    b();');
    await undo();
    assert.equal(editor.document.getText(), text);
  });

  test('inserting below whole selected lines repeats their marks', async () => {
    const block = '    // Open the file.\n    // Close the window.\n';
    const editor = await openText(`{\n${block}}\n`, 'typescript');
    select(editor, block);
    await expectOutcome(Command.insertTranslationBelow, 'inserted');
    const lines = editor.document.getText().split('\n');
    assert.deepEqual(lines.slice(0, 3), ['{', '    // Open the file.', '    // Close the window.']);
    assert.match(lines[3] ?? '', /^ {4}\/\/ .*[가-힣]/);
    assert.match(lines[4] ?? '', /^ {4}\/\/ .*[가-힣]/);
    assert.deepEqual(lines.slice(5), ['}', '']);
  });

  test('the line ends of the document are kept', async () => {
    const editor = await openText('Open the file.\nClose the window.\n');
    await editor.edit((builder) => builder.setEndOfLine(vscode.EndOfLine.CRLF));
    select(editor, 'Open the file.\r\nClose the window.');
    await expectOutcome(Command.insertTranslationBelow, 'inserted');
    const text = editor.document.getText();
    assert.equal(text.split('\r\n').length, 5);
    assert.doesNotMatch(text, /[^\r]\n/);
  });
});
