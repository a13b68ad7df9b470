import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command, RESULT_SCHEME } from '../../../src/host/ids';
import {
  active,
  closeEditors,
  command,
  ENGLISH_SENTENCE,
  expectOutcome,
  KOREAN,
  openCell,
  openText,
  putCursor,
  resultHover,
  select,
  setSetting,
  show,
  shownEditor,
  shownText,
  textOnce,
} from '../support';

/** Stands for what `git show` and other extensions provide: text under a scheme of its own that nobody can write. */
const READ_ONLY = 'headlight-test-readonly';

suite('kinds of documents', () => {
  let provider: vscode.Disposable;

  suiteSetup(() => {
    provider = vscode.workspace.registerTextDocumentContentProvider(READ_ONLY, {
      provideTextDocumentContent: () => `${ENGLISH_SENTENCE}\nOpen the file.\n`,
    });
  });
  suiteTeardown(() => {
    provider.dispose();
  });
  teardown(closeEditors);

  const openReadOnly = async (): Promise<vscode.TextEditor> => {
    const uri = vscode.Uri.from({ scheme: READ_ONLY, path: '/commit.txt' });
    return show(uri);
  };

  test('a file of the workspace', async () => {
    const [file] = await vscode.workspace.findFiles('english.md');
    assert.ok(file, 'the sample workspace has english.md');
    const editor = await show(file);
    putCursor(editor, 'Please send');
    await expectOutcome(Command.translateSelection, 'shown');
    assert.match(await shownText(editor), KOREAN);
  });

  test('a read-only document is translated and not changed', async () => {
    const editor = await openReadOnly();
    const text = editor.document.getText();
    select(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.translateSelection, 'shown');
    assert.match(await shownText(editor), KOREAN);
    await expectOutcome(Command.translateAndReplace, 'refused');
    await expectOutcome(Command.insertTranslationBelow, 'refused');
    assert.equal(editor.document.getText(), text);
    const parts = await resultHover(editor.document, editor.selection.active);
    assert.match(parts.at(-1)?.value ?? '', /\$\(warning\)/);
  });

  test('either side of a diff', async () => {
    const left = vscode.Uri.from({ scheme: READ_ONLY, path: '/left.txt' });
    const right = (await openText('Close the window.\n')).document;
    await command('vscode.diff', left, right.uri, 'diff');
    const editor = await active(right);
    select(editor, 'Close the window.');
    await expectOutcome(Command.translateAndReplace, 'replaced');
    assert.match(right.getText(), KOREAN);
    const { document } = await shownEditor(READ_ONLY);
    await command('workbench.action.compareEditor.focusSecondarySide');
    const leftEditor = await active(document);
    select(leftEditor, ENGLISH_SENTENCE);
    await expectOutcome(Command.translateSelection, 'shown');
    assert.match(await shownText(leftEditor), KOREAN);
  });

  test('a cell of a notebook', async () => {
    const editor = await openCell(`# ${ENGLISH_SENTENCE}\nx = 1`);
    putCursor(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.translateSelection, 'shown');
    assert.match(await shownText(editor), KOREAN);
    await expectOutcome(Command.insertTranslationBelow, 'inserted');
    assert.match(editor.document.getText(), /^# The cache .*\n# .*[가-힣].*\nx = 1$/);
    await expectOutcome(Command.translateAndReplace, 'replaced');
    assert.match(editor.document.getText(), /^# [^A-Za-z]*[가-힣].*\n# .*[가-힣].*\nx = 1$/);
  });

  test('a long result also opens as a read-only document to the side', async () => {
    await setSetting('output.documentCharacters', 10);
    try {
      const editor = await openText(ENGLISH_SENTENCE);
      select(editor, ENGLISH_SENTENCE);
      await expectOutcome(Command.translateSelection, 'shown');
      const beside = await shownEditor(RESULT_SCHEME);
      await textOnce(beside.document, KOREAN);
      assert.notEqual(beside.viewColumn, editor.viewColumn);
      await active(editor.document);
      await beside.edit((builder) => builder.insert(new vscode.Position(0, 0), 'XXX'));
      assert.doesNotMatch(beside.document.getText(), /XXX/);
    } finally {
      await setSetting('output.documentCharacters', undefined);
    }
  });
});
