import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command, LinkCommand } from '../../../src/host/ids';
import {
  closeEditors,
  command,
  during,
  ENGLISH_SENTENCE,
  expectOutcome,
  KOREAN,
  manySentences,
  openText,
  resultHover,
  select,
} from '../support';

suite('edits made meanwhile', () => {
  teardown(closeEditors);

  test('text that was edited while it was translated is left alone, and the widget says so', async () => {
    const text = manySentences(12, 'edited');
    const editor = await openText(text);
    select(editor, text);
    let edited = '';
    const outcome = await during(
      () => command(Command.translateAndReplace),
      async () => {
        await editor.edit((builder) => builder.insert(new vscode.Position(3, 4), 'XXX'));
        edited = editor.document.getText();
      },
    );
    assert.equal(outcome, 'refused');
    assert.equal(editor.document.getText(), edited);
  });

  test('text that moved because of an edit elsewhere is still replaced', async () => {
    const editor = await openText(`first line\n${manySentences(3, 'moved')}\nlast line`);
    select(editor, manySentences(3, 'moved'));
    const outcome = await during(
      () => command(Command.translateAndReplace),
      () => editor.edit((builder) => builder.insert(new vscode.Position(0, 0), 'zero\nmore ')),
    );
    assert.equal(outcome, 'replaced');
    const lines = editor.document.getText().split('\n');
    assert.deepEqual([lines[0], lines[1], lines.at(-1)], ['zero', 'more first line', 'last line']);
    for (const line of lines.slice(2, 5)) assert.match(line, KOREAN);
  });

  test('a link of the widget refuses text that was edited since', async () => {
    const editor = await openText(`${ENGLISH_SENTENCE} Open the file.`);
    select(editor, `${ENGLISH_SENTENCE} Open the file.`);
    await expectOutcome(Command.translateSelection, 'shown');
    const parts = await resultHover(editor.document, editor.selection.active);
    const id = Number(/%5B(\d+)%5D/.exec(parts.at(-1)?.value ?? '')?.[1]);
    assert.ok(id > 0);
    await editor.edit((builder) => builder.insert(new vscode.Position(0, 5), 'XXX'));
    const edited = editor.document.getText();
    assert.equal(await command(LinkCommand.replaceResult, id), 'refused');
    assert.equal(await command(LinkCommand.insertResultBelow, id), 'refused');
    assert.equal(editor.document.getText(), edited);
    // The translation itself is not lost.
    assert.equal(await command(LinkCommand.copyResult, id), 'copied');
    assert.match(await vscode.env.clipboard.readText(), KOREAN);
  });

  test('one edited selection of two holds back both', async () => {
    const first = manySentences(6, 'one');
    const second = manySentences(6, 'two');
    const editor = await openText(`${first}\n\n${second}`);
    select(editor, first, second);
    let edited = '';
    const outcome = await during(
      () => command(Command.translateAndReplace),
      async () => {
        await editor.edit((builder) => builder.insert(new vscode.Position(9, 4), 'XXX'));
        edited = editor.document.getText();
      },
    );
    assert.equal(outcome, 'refused');
    assert.equal(editor.document.getText(), edited);
  });
});
