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
  KOREAN_SENTENCE,
  manySentences,
  openText,
  putCursor,
  resultHover,
  select,
  shownText,
  undo,
} from '../support';

suite('translate selection', () => {
  teardown(closeEditors);

  test('English to Korean', async () => {
    const editor = await openText(`${ENGLISH_SENTENCE}\n`);
    select(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.translateSelection, 'shown');
    assert.match(await shownText(editor), KOREAN);
    assert.equal(editor.document.getText(), `${ENGLISH_SENTENCE}\n`);
  });

  test('Korean to English and back', async () => {
    const editor = await openText(KOREAN_SENTENCE);
    select(editor, KOREAN_SENTENCE);
    await expectOutcome(Command.translateSelection, 'shown');
    const english = await shownText(editor);
    assert.match(english, /[a-z]{3}/i);
    assert.doesNotMatch(english, KOREAN);
    const back = await openText(english);
    select(back, english);
    await expectOutcome(Command.translateSelection, 'shown');
    assert.match(await shownText(back), KOREAN);
  });

  test('the widget offers its actions as the only commands, and leaves the text untrusted', async () => {
    const editor = await openText(ENGLISH_SENTENCE);
    select(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.translateSelection, 'shown');
    const parts = await resultHover(editor.document, editor.selection.active);
    const actions = parts.at(-1);
    for (const id of [
      LinkCommand.replaceResult,
      LinkCommand.insertResultBelow,
      LinkCommand.copyResult,
    ]) {
      assert.ok(actions?.value.includes(`(command:${id}?`), id);
    }
    assert.deepEqual(actions?.isTrusted, { enabledCommands: Object.values(LinkCommand) });
    for (const part of parts.slice(0, -1)) assert.ok(!part.isTrusted && !part.supportHtml);
  });

  test('the links of the widget do what they say', async () => {
    const editor = await openText(`${ENGLISH_SENTENCE}\nrest`);
    select(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.translateSelection, 'shown');
    const translation = await shownText(editor);
    const follow = async (link: string) => {
      const parts = await resultHover(editor.document, editor.selection.active);
      const uri = new RegExp(`\\(command:${link}\\?([^)]*)\\)`).exec(parts.at(-1)?.value ?? '');
      assert.ok(uri?.[1], link);
      const args = JSON.parse(decodeURIComponent(uri[1])) as unknown[];
      return command(link, ...args);
    };
    assert.equal(await follow(LinkCommand.copyResult), 'copied');
    assert.equal(await vscode.env.clipboard.readText(), translation);
    assert.equal(await follow(LinkCommand.insertResultBelow), 'inserted');
    assert.equal(editor.document.getText(), `${ENGLISH_SENTENCE}\n${translation}\nrest`);
    assert.equal(await follow(LinkCommand.replaceResult), 'replaced');
    assert.equal(editor.document.getText(), `${translation}\n${translation}\nrest`);
  });

  test('a link of a result that is gone changes nothing', async () => {
    const editor = await openText(ENGLISH_SENTENCE);
    assert.equal(await command(LinkCommand.replaceResult, 1_000_000), 'nothingToDo');
    assert.equal(editor.document.getText(), ENGLISH_SENTENCE);
  });

  test('several selections each have their translation', async () => {
    const editor = await openText(`${ENGLISH_SENTENCE}\nconst x = 1;\nOpen the file.`);
    select(editor, ENGLISH_SENTENCE, 'Open the file.');
    await expectOutcome(Command.translateSelection, 'shown');
    for (const { active } of editor.selections) {
      const parts = await resultHover(editor.document, active);
      assert.equal(parts.length, 4, 'heading, two texts, actions');
      assert.match(parts[1]?.value ?? '', KOREAN);
      assert.match(parts[2]?.value ?? '', KOREAN);
    }
  });

  test('an empty selection takes the sentence under the cursor', async () => {
    const editor = await openText(
      `Close the window. ${ENGLISH_SENTENCE} Open the file.`,
      'markdown',
    );
    putCursor(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.translateAndReplace, 'replaced');
    assert.match(
      editor.document.getText(),
      /^Close the window\. [^A-Za-z]*[가-힣][^A-Za-z]* Open the file\.$/,
    );
  });

  test('an empty selection takes the comment line under the cursor', async () => {
    const code = 'function f() {\n    // Open the file before you write to it.\n    return 1;\n}\n';
    const editor = await openText(code, 'javascript');
    putCursor(editor, 'Open the file');
    await expectOutcome(Command.translateAndReplace, 'replaced');
    assert.match(
      editor.document.getText(),
      /^function f\(\) \{\n {4}\/\/ [^A-Za-z\n]*[가-힣][^A-Za-z\n]*\n {4}return 1;\n\}\n$/,
    );
  });

  test('a sentence over several lines is one sentence, at the cursor too, and has as many lines', async () => {
    const lines = [
      '    // The server keeps all of the sessions in memory until it is stopped,',
      '    // so that they need not be read again.',
    ];
    const editor = await openText(`{\n${lines.join('\n')}\n}\n`, 'javascript');
    for (const take of [
      () => select(editor, lines.join('\n')),
      () => putCursor(editor, 'need not'),
    ]) {
      take();
      await expectOutcome(Command.translateAndReplace, 'replaced');
      const [brace, first, second, ...rest] = editor.document.getText().split('\n');
      assert.deepEqual([brace, ...rest], ['{', '}', '']);
      assert.match(first ?? '', /^ {4}\/\/ [^.]*[가-힣][^.]*$/);
      assert.match(second ?? '', /^ {4}\/\/ [^.]*[가-힣][^.]*\.$/);
      await undo();
    }
  });

  test('two cursors in one sentence ask once', async () => {
    const editor = await openText(ENGLISH_SENTENCE);
    editor.selections = [3, 9].map((column) => new vscode.Selection(0, column, 0, column));
    await expectOutcome(Command.translateSelection, 'shown');
    const parts = await resultHover(editor.document, editor.selection.active);
    assert.equal(parts.length, 3);
  });

  test('blank text, an empty line and no editor are told, not translated', async () => {
    await openText('   \n\n');
    await expectOutcome(Command.translateSelection, 'nothingToDo');
    await closeEditors();
    await expectOutcome(Command.translateSelection, 'nothingToDo');
  });

  test('copy puts the translation on the clipboard', async () => {
    const editor = await openText(ENGLISH_SENTENCE);
    select(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.copyTranslation, 'copied');
    assert.match(await vscode.env.clipboard.readText(), KOREAN);
    assert.equal(editor.document.getText(), ENGLISH_SENTENCE);
  });

  test('cancel ends the call without a result', async () => {
    const text = manySentences(60, 'cancelled');
    const editor = await openText(text);
    select(editor, text);
    const outcome = await during(
      () => command(Command.translateAndReplace),
      async () => assert.equal(await command(Command.cancel), 1),
    );
    assert.equal(outcome, 'cancelled');
    assert.equal(editor.document.getText(), text);
    assert.equal(await command(Command.cancel), 0);
  });

  test('code spans, indentation and blank lines come through', async () => {
    const text = '  - Open the `config.json` file.\n\n  - Call `readFile()` first.\n';
    const editor = await openText(text, 'markdown');
    select(editor, text);
    await expectOutcome(Command.translateAndReplace, 'replaced');
    assert.match(
      editor.document.getText(),
      /^ {2}- .*`config\.json`.*\n\n {2}- .*`readFile\(\)`.*\n$/,
    );
  });
});
