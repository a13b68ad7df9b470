import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CommentCommands } from '../../../src/host/comments/commentCommands';
import type { ResultDocuments } from '../../../src/host/documents';
import { Command, RESULT_SCHEME } from '../../../src/host/ids';
import type { Notices } from '../../../src/host/notices';
import { CommentIndex } from '../../../src/host/scopes/commentIndex';
import type { TranslationService } from '../../../src/host/translation';
import {
  closeEditors,
  command,
  dismissed,
  during,
  KOREAN,
  openCell,
  openText,
  select,
  setSetting,
  shownEditor,
  textOnce,
  undo,
} from '../support';

const SOURCE = `/**
 * The cache keeps the last results in memory.
 *
 * @param name The name of the file.
 */
function open(name) {
  // The file is closed when the
  // function returns.
  return read(name, 'The file could not be opened.'); // Reads all of it.
}
// 이미 한국어로 쓴 주석입니다.
`;

const LICENCE = `// Permission is hereby granted, free of charge, to any person obtaining a copy
// of this software, to deal in the software without restriction.
f();`;

/** The source without what is translated: code, marks, tags. */
const skeleton = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => !/^\s*(?:\/\/|\* [^@])/.test(line))
    .map((line) => line.replace(/(\/\/|@param name) .*$/, '$1'));

/** Comments that differ, so that the cache cannot answer them. */
const many = (count: number, salt: string): string =>
  Array.from(
    { length: count },
    (_, index) => `// Open the ${salt} file number ${index + 3} before the next one.\nf();\n`,
  ).join('\n');

const insert = async (document: vscode.TextDocument, offset: number, text: string) => {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, document.positionAt(offset), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
};

suite('comments', () => {
  setup(() => setSetting('targetLanguage', 'ko'));
  teardown(async () => {
    await closeEditors();
    for (const name of ['targetLanguage', 'comments.mode', 'comments.strings']) {
      await setSetting(name, undefined);
    }
  });

  test('the comments of a file are replaced in one step that one undo takes back', async () => {
    const { document } = await openText(SOURCE, 'javascript');
    assert.equal(await command(Command.translateComments, 'replace'), 'replaced');
    const text = document.getText();
    assert.deepEqual(skeleton(text), skeleton(SOURCE));
    assert.match(text, / \* .*[가-힣]/);
    assert.match(text, / \* @param name .*[가-힣]/);
    assert.match(text, / {2}\/\/ .*[가-힣]/);
    assert.match(text, /opened\.'\); \/\/ .*[가-힣]/);
    assert.ok(text.includes('// 이미 한국어로 쓴 주석입니다.'));
    await undo();
    assert.equal(document.getText(), SOURCE);
  });

  test('strings are translated only where the setting says so', async () => {
    await setSetting('comments.strings', true);
    await setSetting('comments.mode', 'replace');
    const { document } = await openText(SOURCE, 'javascript');
    assert.equal(await command(Command.translateComments), 'replaced');
    assert.match(document.getText(), /read\(name, '.*[가-힣].*'\);/);
  });

  test('translations are added below, inside the same comments', async () => {
    const { document } = await openText(SOURCE, 'javascript');
    assert.equal(await command(Command.translateComments, 'insertBelow'), 'inserted');
    const lines = document.getText().split('\n');
    for (const line of SOURCE.split('\n')) assert.ok(lines.includes(line), line);
    const below = (line: string): string => lines[lines.indexOf(line) + 1] ?? '';
    assert.match(below(' * The cache keeps the last results in memory.'), /^ \* .*[가-힣]/);
    assert.match(below(' * @param name The name of the file.'), /^ \* {3}.*[가-힣]/);
    assert.match(below('  // function returns.'), /^ {2}\/\/ .*[가-힣]/);
    await undo();
    assert.equal(document.getText(), SOURCE);
  });

  test('a copy with translated comments opens beside', async () => {
    const { document } = await openText(SOURCE, 'javascript');
    assert.equal(await command(Command.translateComments, 'beside'), 'opened');
    assert.equal(document.getText(), SOURCE);
    const { document: copy } = await shownEditor(RESULT_SCHEME);
    assert.deepEqual(skeleton(await textOnce(copy, KOREAN)), skeleton(SOURCE));
  });

  test('only the comments that a selection touches are translated', async () => {
    const editor = await openText(SOURCE, 'javascript');
    select(editor, 'closed when', 'Reads all');
    assert.equal(await command(Command.translateCommentsInSelection, 'replace'), 'replaced');
    const text = editor.document.getText();
    assert.ok(text.includes(' * The cache keeps the last results in memory.'));
    assert.match(text, / {2}\/\/ .*[가-힣]/);
    assert.match(text, /opened\.'\); \/\/ .*[가-힣]/);
  });

  test('there is nothing to do where all is in the language already, or there is no comment', async () => {
    for (const text of [
      '// 이미 한국어입니다.\nf();',
      'f();',
      '// eslint-disable-next-line\nf();',
      LICENCE,
    ]) {
      const { document } = await openText(text, 'javascript');
      assert.equal(await command(Command.translateComments, 'replace'), 'nothingToDo');
      assert.equal(document.getText(), text);
      await closeEditors();
    }
  });

  test('without a setting the user is asked, and may say no', async () => {
    const { document } = await openText(SOURCE, 'javascript');
    assert.equal(await dismissed(command(Command.translateComments)), 'cancelled');
    assert.equal(document.getText(), SOURCE);
  });

  test('cancelled before anything was found, the file is as it was', async () => {
    const text = many(30, 'first');
    const { document } = await openText(text, 'javascript');
    const outcome = await during(
      () => command(Command.translateComments, 'replace'),
      () => command(Command.cancel),
    );
    assert.equal(outcome, 'cancelled');
    assert.equal(document.getText(), text);
  });

  test('cancelled in the middle, the file is as it was', async () => {
    const text = many(120, 'middle');
    const editor = await openText(text, 'javascript');
    const outcome = command(Command.translateComments, 'replace');
    select(editor, 'number 120 before the next one.');
    // Its turn comes when some of the comments have been translated.
    assert.equal(await command(Command.copyTranslation), 'copied');
    await command(Command.cancel);
    assert.equal(await outcome, 'cancelled');
    assert.equal(editor.document.getText(), text);
  });

  test('cancelled when all is translated, but not yet in the file, the file is as it was', async () => {
    const text = '// The name of the file.\nf();\n';
    const { document } = await openText(text, 'javascript');
    const grammars = { tokenizer: () => Promise.resolve(undefined), failed: () => undefined };
    const index = new CommentIndex(grammars);
    const service = {
      translate: () => {
        commands.cancelAll();
        return Promise.resolve({ results: [{ text: '파일의 이름입니다.' }] });
      },
    } as unknown as TranslationService;
    const unused = {} as unknown as ResultDocuments;
    const notices = { error: () => undefined } as unknown as Notices;
    const commands = new CommentCommands({ index, service, documents: unused, notices });
    assert.equal(await commands.run('file', 'replace'), 'cancelled');
    assert.equal(document.getText(), text);
    index.dispose();
  });

  test('comments edited meanwhile are left alone, the others are translated where they are now', async () => {
    const text = many(24, 'edited');
    const editor = await openText(text, 'javascript');
    const { document } = editor;
    // The comments are known by then, so that the edits come after them.
    editor.selection = new vscode.Selection(document.lineCount - 2, 0, document.lineCount - 2, 1);
    assert.equal(await command(Command.translateCommentsInSelection, 'replace'), 'nothingToDo');
    const outcome = await during(
      () => command(Command.translateComments, 'replace'),
      async () => {
        await insert(document, text.indexOf('number 5') + 8, '000');
        await insert(document, 0, 'let before = 1;\n\n');
      },
    );
    assert.equal(outcome, 'replaced');
    const lines = document.getText().split('\n');
    assert.equal(lines[0], 'let before = 1;');
    const comments = lines.filter((line) => line.startsWith('//'));
    assert.ok(comments.some((line) => line.includes('number 5000 before')));
    assert.ok(comments.filter((line) => KOREAN.test(line)).length >= 22);
    assert.equal(lines.filter((line) => line === 'f();').length, 24);
  });

  test('a file of a megabyte has its few comments translated', async () => {
    const code = "let text = 'a value that is quite long'; let next = text + 1;\n";
    const half = code.repeat(8_500);
    const text = `// The first comment of the file.\n${half}// The second comment.\n${half}`;
    assert.ok(text.length > 1_000_000);
    const { document } = await openText(text, 'javascript');
    assert.equal(await command(Command.translateComments, 'replace'), 'replaced');
    const [first, second] = document.getText().split(half);
    assert.match(first ?? '', /^\/\/ .*[가-힣].*\n$/);
    assert.match(second ?? '', /^\/\/ .*[가-힣].*\n$/);
  });

  test('a comment is translated in a cell of a notebook', async () => {
    const { document } = await openCell('# The file is closed now.\nx = 1');
    assert.equal(await command(Command.translateComments, 'replace'), 'replaced');
    assert.match(document.getText(), /^# .*[가-힣].*\nx = 1$/);
  });
});
