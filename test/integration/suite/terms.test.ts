import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command, LinkCommand, RESULT_SCHEME } from '../../../src/host/ids';
import {
  closeEditors,
  command,
  ENGLISH_SENTENCE,
  expectOutcome,
  openText,
  plainText,
  resultHover,
  select,
  setSetting,
  show,
  shownEditor,
  shownText,
  textOnce,
  until,
} from '../support';

const SENTENCE = 'The cache keeps the last results in memory.';

function glossaryFile(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'the tests run in a workspace folder');
  return vscode.Uri.joinPath(folder.uri, '.headlight', 'glossary.csv');
}

async function translated(text: string): Promise<vscode.TextEditor> {
  const editor = await openText(text);
  select(editor, text);
  await expectOutcome(Command.translateSelection, 'shown');
  return editor;
}

async function actionsOf(editor: vscode.TextEditor): Promise<string> {
  const parts = await resultHover(editor.document, editor.selection.active);
  return parts.at(-1)?.value ?? '';
}

suite('glossary', () => {
  teardown(async () => {
    await closeEditors();
    await setSetting('glossary', undefined);
    const folder = vscode.Uri.joinPath(glossaryFile(), '..');
    await vscode.workspace.fs.delete(folder, { recursive: true }).then(undefined, () => undefined);
    await until(vscode.languages.onDidChangeDiagnostics, () =>
      vscode.languages.getDiagnostics(glossaryFile()).length === 0 ? true : undefined,
    );
  });

  test('a term of the setting stands in the translation with its particle, and the hover says so', async () => {
    await setSetting('glossary', [{ term: 'cache', translation: '보관함' }]);
    const editor = await translated(SENTENCE);
    assert.match(await shownText(editor), /보관함(?:은|이|에|을)/);
    assert.match(await actionsOf(editor), /\$\(book\).*cache.*보관함/);
  });

  test('a command adds a term to the workspace, which takes effect at once and wins over the setting', async () => {
    await setSetting('glossary', [{ term: 'cache', translation: '보관함' }]);
    assert.deepEqual(
      await command(Command.addToGlossary, { term: 'cache', translation: '저장고' }),
      {
        term: 'cache',
        translation: '저장고',
      },
    );
    await command(Command.addToGlossary, { term: 'Headlight' });
    const written = new TextDecoder().decode(await vscode.workspace.fs.readFile(glossaryFile()));
    assert.equal(written, 'term,translation,do-not-translate\ncache,저장고,\nHeadlight,,yes\n');
    assert.match(await shownText(await translated(SENTENCE)), /저장고/);
  });

  test('a term is added to the open file without losing what is unsaved in it', async () => {
    await vscode.workspace.fs.writeFile(glossaryFile(), new TextEncoder().encode('one,하나\n'));
    const editor = await show(glossaryFile());
    await editor.edit((builder) => builder.insert(new vscode.Position(1, 0), 'two,둘'));
    await command(Command.addToGlossary, { term: 'three', translation: '셋' });
    assert.equal(editor.document.getText(), 'one,하나\ntwo,둘\nthree,셋,\n');
    assert.equal(editor.document.isDirty, false);
  });

  test('what cannot be read in the file is a problem of its line, and the rest holds', async () => {
    const text = 'cache,저장고\nbroken\n';
    await command(Command.addToGlossary, { term: 'memory', translation: '기억 장치' });
    const editor = await show(glossaryFile());
    const whole = new vscode.Range(0, 0, editor.document.lineCount, 0);
    await editor.edit((builder) => builder.replace(whole, text));
    await editor.document.save();
    const problems = await until(vscode.languages.onDidChangeDiagnostics, () => {
      const found = vscode.languages.getDiagnostics(glossaryFile());
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(
      problems.map(({ range, source }) => [range.start.line, source]),
      [[1, 'Headlight']],
    );
    assert.match(await shownText(await translated(SENTENCE)), /저장고/);
  });
});

suite('other translations and words', () => {
  teardown(closeEditors);

  test('another translation of a sentence takes the place of the first, and replaces the text', async () => {
    const editor = await translated(SENTENCE);
    const first = await shownText(editor);
    const id = Number(/result\.alternatives\?%5B(\d+)%5D/.exec(await actionsOf(editor))?.[1]);
    assert.ok(id > 0, 'the hover has the link');
    assert.equal(await command(LinkCommand.otherTranslations, id, 0), 'shown');
    const second = await shownText(editor);
    assert.notEqual(second, first);
    await expectOutcome(Command.translateSelection, 'shown');
    assert.equal(await shownText(editor), first, 'a new translation is the best again');
  });

  test('a link of a result that is gone says so', async () => {
    assert.equal(await command(LinkCommand.otherTranslations, 123456, 0), 'nothingToDo');
  });

  test('a word of the result names the words it comes from', async () => {
    const editor = await translated(ENGLISH_SENTENCE);
    const translation = await shownText(editor);
    const id = Number(/result\.open\?%5B(\d+)%5D/.exec(await actionsOf(editor))?.[1]);
    assert.equal(await command(LinkCommand.openResult, id), 'opened');
    const { document } = await shownEditor(RESULT_SCHEME);
    assert.equal(await textOnce(document, /./u), translation);
    const place = translation.indexOf('캐시');
    assert.notEqual(place, -1, translation);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(place),
    );
    const texts = hovers
      .flatMap(({ contents }) => contents)
      .map((part) => plainText(part as vscode.MarkdownString));
    assert.ok(
      texts.some((text) => /cache/i.test(text)),
      texts.join('\n'),
    );
  });
});
