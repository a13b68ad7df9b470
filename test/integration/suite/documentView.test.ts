import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Command, DOCUMENT_SCHEME } from '../../../src/host/ids';
import {
  closeEditors,
  command,
  ENGLISH_SENTENCE,
  expectOutcome,
  KOREAN,
  manySentences,
  openText,
  setSetting,
  shownEditor,
  until,
} from '../support';

const MARKDOWN = [
  '---',
  'title: The title stays',
  '---',
  '',
  '# The cache',
  '',
  ENGLISH_SENTENCE,
  '',
  '- Open the `--file` **again**.',
  '',
  '```ts',
  '// This comment is code.',
  '```',
  '',
  '| Name | Meaning |',
  '| --- | --- |',
  '| `a` | The file was not found. |',
  '',
  '<div>No text</div>',
  '',
].join('\n');

function translationOf(source: vscode.TextDocument): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    ({ uri, isClosed }) =>
      !isClosed && uri.scheme === DOCUMENT_SCHEME && uri.query === source.uri.toString(),
  );
}

function shownTranslation(source: vscode.TextDocument): vscode.TextDocument {
  const found = translationOf(source);
  assert.ok(found, 'the translation is open');
  return found;
}

/** The translation once it holds what is looked for. */
function translated(source: vscode.TextDocument, pattern: RegExp): Promise<string> {
  return until(vscode.workspace.onDidChangeTextDocument, () => {
    const text = translationOf(source)?.getText() ?? '';
    return pattern.test(text) ? text : undefined;
  });
}

suite('documents beside', () => {
  suiteSetup(() => setSetting('decoding.beam', 1));
  suiteTeardown(() => setSetting('decoding.beam', undefined));
  teardown(closeEditors);

  test('Markdown is translated line by line, and nothing but its text', async () => {
    const { document } = await openText(MARKDOWN, 'markdown');
    await expectOutcome(Command.translateDocument, 'opened');
    const text = await translated(document, KOREAN);
    const lines = text.split('\n');
    const before = MARKDOWN.split('\n');
    assert.equal(lines.length, before.length);
    for (const [index, line] of before.entries()) {
      if (/^(?:---|title|```|\/\/|\| ---|<div|$)/u.test(line)) assert.equal(lines[index], line);
    }
    assert.match(lines[6] ?? '', KOREAN);
    assert.match(lines[8] ?? '', /^- .*`--file`/u);
    assert.match(lines[16] ?? '', /^\| `a` \| .*[가-힣].* \|$/u);
    assert.equal(document.getText(), MARKDOWN);
    assert.equal(shownTranslation(document).languageId, 'markdown');
  });

  test('edits are followed, and what was translated is not asked for again', async () => {
    const editor = await openText(`${ENGLISH_SENTENCE}\n\nOpen the file.\n`, 'markdown');
    const { document } = editor;
    await expectOutcome(Command.translateDocument, 'opened');
    const first = (await translated(document, KOREAN)).split('\n')[0];
    const end = document.positionAt(document.getText().length);
    await editor.edit((builder) => builder.insert(end, '\nThe server was stopped.\n'));
    const text = await until(vscode.workspace.onDidChangeTextDocument, () => {
      const lines = shownTranslation(document).getText().split('\n');
      return lines.length === document.lineCount && KOREAN.test(lines[4] ?? '') ? lines : undefined;
    });
    assert.equal(text[0], first);
  });

  test('the translation cannot be edited and is saved as a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headlight-save-'));
    try {
      const { document } = await openText(`${ENGLISH_SENTENCE}\n`, 'markdown');
      await expectOutcome(Command.translateDocument, 'opened');
      const text = await translated(document, KOREAN);
      const file = vscode.Uri.file(join(folder, 'saved.ko.md'));
      assert.equal(await command(Command.saveTranslation, file), 'opened');
      assert.equal(readFileSync(file.fsPath, 'utf8'), text);
    } finally {
      await closeEditors();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('without a translation there is nothing to save, and nothing to translate in an empty file', async () => {
    await openText('', 'markdown');
    await expectOutcome(Command.saveTranslation, 'nothingToDo');
    await expectOutcome(Command.translateDocument, 'nothingToDo');
  });

  test('cancelling leaves what is done and the rest as it was; the next time goes on', async () => {
    const source = manySentences(200, 'cancelled').replaceAll('\n', '\n\n');
    const { document } = await openText(source, 'markdown');
    const outcome = command(Command.translateDocument);
    await translated(document, KOREAN);
    await command(Command.cancel);
    assert.equal(await outcome, 'cancelled');
    const lines = shownTranslation(document).getText().split('\n');
    assert.equal(lines.length, document.lineCount);
    assert.equal(lines.at(-1), document.lineAt(document.lineCount - 1).text);
    assert.equal(document.getText(), source);
  });

  test('plain text keeps its lines, wrapped sentences are translated whole', async () => {
    const source = 'The cache keeps the last results\nin memory until the window is closed.\n';
    const { document } = await openText(source);
    await expectOutcome(Command.translateDocument, 'opened');
    const text = await translated(document, KOREAN);
    assert.equal(text.split('\n').length, 3);
    assert.match(text.split('\n')[1] ?? '', KOREAN);
  });

  test('the two scroll in step, whichever is scrolled', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => `${index + 1}`).join('\n\n');
    const source = await openText(`${ENGLISH_SENTENCE}\n\n${lines}\n`, 'markdown');
    await expectOutcome(Command.translateDocument, 'opened');
    await translated(source.document, KOREAN);
    const uri = shownTranslation(source.document).uri.toString();
    const translation = await shownEditor(DOCUMENT_SCHEME);
    assert.equal(translation.document.uri.toString(), uri);
    const top = (editor: vscode.TextEditor): number => editor.visibleRanges[0]?.start.line ?? 0;
    const inStep = (from: number, to: number): Promise<boolean> =>
      until(vscode.window.onDidChangeTextEditorVisibleRanges, () => {
        const tops = [top(source), top(translation)];
        const there = tops.every((line) => line >= from && line <= to);
        return there && tops[0] === tops[1] ? true : undefined;
      });
    const { AtTop } = vscode.TextEditorRevealType;
    source.revealRange(new vscode.Range(300, 0, 300, 0), AtTop);
    await inStep(290, 300);
    translation.revealRange(new vscode.Range(100, 0, 100, 0), AtTop);
    await inStep(90, 100);
  });

  test('a document of a megabyte is opened and can be cancelled', async () => {
    const paragraph = `${manySentences(10, 'large').replaceAll('\n', ' ')}\n\n`;
    const source = paragraph.repeat(Math.ceil(1_000_000 / paragraph.length));
    const { document } = await openText(source, 'markdown');
    await expectOutcome(Command.translateDocument, 'opened');
    const text = await translated(document, KOREAN);
    assert.equal(text.split('\n').length, document.lineCount);
  }).timeout(240_000);
});
