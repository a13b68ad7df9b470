import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command } from '../../../src/host/ids';
import { hoverOver, hoversOver, links, said } from '../hovers';
import {
  closeEditors,
  ENGLISH_SENTENCE,
  expectOutcome,
  KOREAN,
  openText,
  putCursor,
  select,
  setSetting,
} from '../support';

suite('explanations', () => {
  teardown(async () => {
    await closeEditors();
    await setSetting('targetLanguage', undefined);
    await setSetting('hover.code', undefined);
  });

  test('a shell command says what its programs are for and which options stand there', async () => {
    const { document } = await openText(
      '#!/bin/sh\ngrep -r --include="*.ts" TODO src | wc -l > count.txt\n',
      'shellscript',
    );
    const text = said(await hoverOver(document, 'grep -r'));
    assert.match(
      text,
      /` grep ` {2}prints the lines that match a pattern; options -r, --include=\*\.ts/,
    );
    assert.match(
      text,
      /` wc ` {2}counts lines, words or bytes; options -l; writes its output to count\.txt/,
    );
  });

  test('a program that is not known is named, and nothing is made up', async () => {
    const { document } = await openText('frobnicate --dry-run x.bin\n', 'shellscript');
    const text = said(await hoverOver(document, 'frobnicate'));
    assert.match(
      text,
      /` frobnicate ` {2}a program that Headlight does not know; options --dry-run; on x\.bin/,
    );
  });

  test('commands in Markdown are those of shell fences, continued lines included', async () => {
    const { document } = await openText(
      '```sh\n$ git commit \\\n    --amend\n```\n\n```js\ngit commit\n```\n',
      'markdown',
    );
    const text = said(await hoverOver(document, '--amend'));
    assert.match(text, /` git commit ` {2}records the staged changes as a commit; options --amend/);
    assert.deepEqual(await hoversOver(document, 'git commit\n```'), []);
  });

  test('a regular expression is explained piece by piece', async () => {
    const { document } = await openText('const date = /^\\d{4}-(\\d{2})$/i;\n', 'javascript');
    assert.equal(
      said(await hoverOver(document, '/^\\d{4}')),
      'Matches the start of the text, then 4 times a digit, then ‘-’, then group 1 (2 times a digit), ' +
        'then the end of the text; upper and lower case alike.',
    );
  });

  test('an expression in a string of a call is one too', async () => {
    const { document } = await openText("import re\np = re.compile(r'[a-f]+')\n", 'python');
    assert.equal(
      said(await hoverOver(document, '[a-f]+')),
      'Matches one or more times one of a to f.',
    );
  });

  test('selected code has its names taken apart where the model is not sure', async () => {
    const editor = await openText('readNextLine(openFile(path));\n', 'javascript');
    select(editor, 'readNextLine(openFile(path))');
    const hover = await hoverOver(editor.document, 'readNextLine');
    assert.match(said(hover), /` readNextLine ` {2}read next line/);
    assert.equal(links(hover).length, 1, 'there is nothing to replace');
  });

  test('a selected command is told from selected prose', async () => {
    await setSetting('targetLanguage', 'ko');
    const editor = await openText(
      'Run git commit --amend to change it. Find the file that was not saved.\n',
    );
    select(editor, 'git commit --amend');
    assert.match(said(await hoverOver(editor.document, 'git commit')), /` git commit `/);
    select(editor, 'Find the file that was not saved.');
    assert.match(said(await hoverOver(editor.document, 'Find the file')), KOREAN);
    const script = await openText('# Copies the build to the server.\n', 'shellscript');
    select(script, 'Copies the build to the server.');
    assert.match(said(await hoverOver(script.document, 'Copies the build')), KOREAN);
  });

  test('code can be switched off', async () => {
    const { document } = await openText('ls -l\n', 'shellscript');
    await setSetting('hover.code', false);
    assert.deepEqual(await hoversOver(document, 'ls -l'), []);
  });

  test('the command explains a line of code, a message and a comment at the cursor', async () => {
    await setSetting('targetLanguage', 'ko');
    const editor = await openText(
      `let nextLine = readFile(path);\n// ${ENGLISH_SENTENCE}\n`,
      'javascript',
    );
    const collection = vscode.languages.createDiagnosticCollection('headlight-test-explain');
    try {
      collection.set(editor.document.uri, [
        new vscode.Diagnostic(new vscode.Range(0, 4, 0, 12), 'The file could not be opened.'),
      ]);
      putCursor(editor, 'nextLine');
      await expectOutcome(Command.explainAtCursor, 'shown');
      const text = said(await hoverOver(editor.document, 'nextLine'));
      assert.match(text, KOREAN);
      assert.match(text, /` nextLine ` {2}next line/);
      putCursor(editor, ENGLISH_SENTENCE);
      await expectOutcome(Command.explainAtCursor, 'shown');
      assert.match(said(await hoverOver(editor.document, ENGLISH_SENTENCE)), KOREAN);
    } finally {
      collection.dispose();
    }
  });

  test('the command says so where there is nothing', async () => {
    await openText('\n\n');
    await expectOutcome(Command.explainAtCursor, 'nothingToDo');
    await closeEditors();
    await expectOutcome(Command.explainAtCursor, 'nothingToDo');
  });
});
