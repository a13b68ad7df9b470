import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command, RESULT_SCHEME } from '../../../src/host/ids';
import { followLink, selectedText, summaryDocument, summaryLinks } from '../summaries';
import {
  accepted,
  active,
  closeEditors,
  command,
  during,
  expectOutcome,
  KOREAN,
  manySentences,
  openText,
  select,
  setSetting,
  undo,
} from '../support';

const PASSAGE = [
  'The cache keeps the last results in memory.',
  'When the memory is full, the oldest results are removed.',
  'You can change the size of the cache in the settings.',
  'A restart of the server empties the cache.',
].join(' ');

function isSummary(document: vscode.TextDocument): boolean {
  return document.uri.scheme === RESULT_SCHEME;
}

suite('summaries', () => {
  teardown(async () => {
    await setSetting('summary.length', undefined);
    await setSetting('summary.language', undefined);
    await closeEditors();
  });

  test('the sentences chosen are those of the text and lead to their places', async () => {
    await setSetting('summary.length', 2);
    await setSetting('summary.language', 'source');
    const editor = await openText(`Before.\n\n${PASSAGE}\n`, 'markdown');
    select(editor, PASSAGE);
    await expectOutcome(Command.summarizeSelection, 'opened');
    const document = await summaryDocument();
    const found = await summaryLinks(document);
    assert.equal(found.length, 2);
    for (const link of found) assert.ok(PASSAGE.includes(document.getText(link.range)));
    const [first] = found;
    assert.ok(first);
    assert.equal(document.getText(first.range), 'The cache keeps the last results in memory.');
    assert.equal(await followLink(first), 'shown');
    assert.equal(
      await selectedText(editor.document),
      'The cache keeps the last results in memory.',
    );
  });

  test('a place is found again after edits before it, and a sentence that is gone says so', async () => {
    const editor = await openText(`${PASSAGE}\n`, 'markdown');
    await expectOutcome(Command.summarizeSelection, 'opened');
    const [first] = await summaryLinks(await summaryDocument());
    assert.ok(first);
    const { document } = editor;
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'Something new.\n');
    await vscode.workspace.applyEdit(edit);
    assert.equal(await followLink(first), 'shown');
    assert.equal(await selectedText(document), 'The cache keeps the last results in memory.');
    assert.equal((await active(document)).selection.start.line, 1);
    const all = new vscode.WorkspaceEdit();
    all.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), 'Other text.');
    await vscode.workspace.applyEdit(all);
    assert.equal(await followLink(first), 'nothingToDo');
  });

  test('English text has a Korean summary, by setting instead of or below the English', async () => {
    for (const [language, lines] of [
      ['both', 2],
      ['target', 1],
    ] as const) {
      await setSetting('summary.language', language);
      await setSetting('summary.length', 1);
      await openText(`${PASSAGE}\n`);
      await expectOutcome(Command.summarizeSelection, 'opened');
      const document = await summaryDocument();
      const found = await summaryLinks(document);
      assert.equal(found.length, lines);
      const last = found.at(-1);
      assert.match(last ? document.getText(last.range) : '', KOREAN);
      await closeEditors();
    }
  });

  test('of a program its documentation comments are summarized', async () => {
    await setSetting('summary.language', 'source');
    const source = [
      '/** Keeps the results of the last requests in memory. */',
      'class Cache {',
      '  // Not for readers of the interface.',
      '  /** Removes the oldest result from the memory. */',
      '  trim() { const text = "The string is no comment."; }',
      '}',
    ].join('\n');
    const editor = await openText(source, 'typescript');
    await expectOutcome(Command.summarizeFile, 'opened');
    const document = await summaryDocument();
    const text = document.getText();
    assert.match(text, /Keeps the results of the last requests in memory\./u);
    assert.doesNotMatch(text, /Not for readers|no comment/u);
    const [first] = await summaryLinks(document);
    assert.ok(first);
    assert.equal(await followLink(first), 'shown');
    assert.equal(
      await selectedText(editor.document),
      'Keeps the results of the last requests in memory.',
    );
  });

  test('cancelling shows nothing', async () => {
    await openText(manySentences(300, 'summary'));
    const outcome = await during(
      () => command(Command.summarizeSelection),
      () => command(Command.cancel),
    );
    assert.equal(outcome, 'cancelled');
    assert.ok(vscode.window.visibleTextEditors.every(({ document }) => !isSummary(document)));
  });

  test('text without a sentence has no summary', async () => {
    await openText('12 34\n--\n');
    await expectOutcome(Command.summarizeSelection, 'nothingToDo');
  });
});

suite('titles and names', () => {
  teardown(closeEditors);

  test('a title replaces the selection in one undo step, goes above it, or is copied', async () => {
    const editor = await openText(`${PASSAGE}\n`);
    const { document } = editor;
    select(editor, PASSAGE);
    assert.equal(await accepted(command(Command.titleForSelection, 'copy')), 'copied');
    const title = await vscode.env.clipboard.readText();
    assert.ok(title.length > 2 && title.length < PASSAGE.length, title);
    assert.equal(await accepted(command(Command.titleForSelection, 'insert')), 'inserted');
    assert.equal(document.getText(), `${title}\n${PASSAGE}\n`);
    await undo();
    assert.equal(document.getText(), `${PASSAGE}\n`);
    select(editor, PASSAGE);
    assert.equal(await accepted(command(Command.titleForSelection, 'replace')), 'replaced');
    assert.equal(document.getText(), `${title}\n`);
    await undo();
    assert.equal(document.getText(), `${PASSAGE}\n`);
  });

  test('without a selection there is no title', async () => {
    await openText(`${PASSAGE}\n`);
    await expectOutcome(Command.titleForSelection, 'nothingToDo');
  });

  test('Korean words become an identifier in the way of the language', async () => {
    for (const [language, pattern] of [
      ['typescript', /^const [a-z]+(?:[A-Z][a-z]+)+ = 1;$/u],
      ['python', /^const [a-z]+(?:_[a-z]+)+ = 1;$/u],
    ] as const) {
      const editor = await openText('const 사용자 이름 = 1;', language);
      select(editor, '사용자 이름');
      assert.equal(await accepted(command(Command.nameFromWords)), 'replaced');
      assert.match(editor.document.getText(), pattern);
      await undo();
      assert.equal(editor.document.getText(), 'const 사용자 이름 = 1;');
    }
  });

  test('English words need no model', async () => {
    const editor = await openText('the size of the file', 'typescript');
    select(editor, 'the size of the file');
    assert.equal(await accepted(command(Command.nameFromWords)), 'replaced');
    assert.equal(editor.document.getText(), 'fileSize');
  });

  test('terms of the glossary are words of the name as they are', async () => {
    await setSetting('glossary', [{ term: 'order ticket', translation: '주문표' }]);
    try {
      const editor = await openText('주문표', 'python');
      select(editor, '주문표');
      assert.equal(await accepted(command(Command.nameFromWords)), 'replaced');
      assert.equal(editor.document.getText(), 'order_ticket');
    } finally {
      await setSetting('glossary', undefined);
    }
  });

  test('words that make no name, and an edit during the choice, leave the text alone', async () => {
    const marks = await openText('...', 'typescript');
    select(marks, '...');
    await expectOutcome(Command.nameFromWords, 'nothingToDo');
    const editor = await openText('read file', 'typescript');
    select(editor, 'read file');
    const outcome = command(Command.nameFromWords);
    await editor.edit((builder) => builder.insert(new vscode.Position(0, 4), 'X'));
    assert.equal(await accepted(outcome), 'refused');
    assert.equal(editor.document.getText(), 'readX file');
    assert.equal(await vscode.env.clipboard.readText(), 'readFile');
  });
});

suite('commit messages', () => {
  teardown(closeEditors);

  test('the message is translated in place, the template and trailers stay', async () => {
    const template = '# Please enter the commit message for your changes.\n#\n# On branch main\n';
    const trailer = 'Signed-off-by: Somebody <some@body.invalid>';
    const source = `파일이 없으면 오류가 발생합니다.\n\n${trailer}\n${template}`;
    const { document } = await openText(source, 'git-commit');
    await expectOutcome(Command.translateCommitMessage, 'replaced');
    const text = document.getText();
    assert.ok(text.endsWith(`\n\n${trailer}\n${template}`), text);
    assert.match(text.split('\n')[0] ?? '', /^[A-Z][a-z]/u);
    assert.doesNotMatch(text, KOREAN);
    await undo();
    assert.equal(document.getText(), source);
  });

  test('an empty message and one that was edited meanwhile stay', async () => {
    await openText('# Only the template.\n', 'git-commit');
    await expectOutcome(Command.translateCommitMessage, 'nothingToDo');
    const editor = await openText('설정 파일을 다시 읽습니다.\n', 'git-commit');
    const outcome = await during(
      () => command(Command.translateCommitMessage),
      () => editor.edit((builder) => builder.insert(new vscode.Position(0, 0), '새 ')),
    );
    assert.equal(outcome, 'refused');
    assert.equal(editor.document.getText(), '새 설정 파일을 다시 읽습니다.\n');
  });
});
