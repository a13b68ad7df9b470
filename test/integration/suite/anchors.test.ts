import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Anchor } from '../../../src/host/attention/anchor';
import { anchorFrom } from '../../../src/host/attention/memory';
import { Runs } from '../../../src/host/attention/runs';
import type { ShownRun } from '../../../src/host/attention/shown';
import { Command } from '../../../src/host/ids';
import { syntheticRun } from '../../panel/syntheticRun';
import {
  active,
  closeEditors,
  command,
  expectOutcome,
  onTabs,
  openNotebook,
  openText,
  select,
  show,
  undo,
  until,
} from '../support';

const BEFORE = 'First line.\n';
const TEXT = 'Read the file.';
const CONTENT = `${BEFORE}${TEXT} More.\nLast line.\n`;
const OUTPUT = '파일을 읽습니다.';

const run = syntheticRun({
  runId: 1,
  encoderLayers: 1,
  decoderLayers: 1,
  heads: 1,
  source: ['Read', ' the', ' file', '.'],
  target: ['파일을', ' 읽습니다', '.'],
});
/** Behind the tag. */
const FILE_TOKEN = 3;

suite('the place of a text that was inspected', () => {
  let editor: vscode.TextEditor;
  let runs: Runs;
  let shown: ShownRun;
  let moves: number;

  const insert = (at: number, text: string): Thenable<boolean> =>
    editor.edit((builder) => builder.insert(editor.document.positionAt(at), text));

  /** The text of the document that a token's mark would cover. */
  const marked = (side: 'source' | 'target', index: number): string | undefined => {
    const range = shown.place(editor.document, side, index);
    return range && editor.document.getText(range);
  };

  const track = (anchor: Anchor): Promise<ShownRun> =>
    runs.track(anchor, () => Promise.resolve(run));

  setup(async () => {
    moves = 0;
    runs = new Runs(() => moves++);
    editor = await openText(CONTENT, 'markdown');
    shown = await track(new Anchor(editor.document, BEFORE.length, TEXT));
  });
  teardown(async () => {
    runs.dispose();
    await closeEditors();
  });

  test('gives each token its own characters', () => {
    assert.equal(marked('source', FILE_TOKEN), ' file');
    assert.equal(marked('source', 0), undefined, 'the tag stands nowhere');
    assert.equal(marked('target', 1), undefined, 'the output is in no document');
  });

  test('moves with edits before it, and stays with edits after it', async () => {
    await insert(0, 'New words.\n\n');
    await insert(editor.document.getText().length, 'And more.');
    assert.equal(shown.source.state, 'linked');
    assert.equal(marked('source', FILE_TOKEN), ' file');
    assert.ok(moves > 0);
  });

  test('moves with edits in its own line, at both of its edges', async () => {
    await insert(BEFORE.length, 'Then. ');
    await insert(BEFORE.length + 'Then. '.length + TEXT.length, ' Now.');
    assert.equal(marked('source', FILE_TOKEN), ' file');
    await undo();
    assert.equal(marked('source', FILE_TOKEN), ' file');
  });

  test('is none after an edit inside, which no undo takes back, and knows what stands there now', async () => {
    await insert(BEFORE.length + 4, ' all of');
    assert.equal(shown.source.state, 'changed');
    assert.equal(marked('source', FILE_TOKEN), undefined);
    const now = shown.source.current();
    assert.equal(now && editor.document.getText(now.range), 'Read all of the file.');
    await undo();
    assert.equal(marked('source', FILE_TOKEN), undefined);
  });

  test('follows edits made while the model was still reading', async () => {
    const anchor = new Anchor(editor.document, BEFORE.length, TEXT);
    shown = await runs.track(anchor, async () => {
      await insert(0, 'Meanwhile. ');
      return run;
    });
    assert.equal(marked('source', FILE_TOKEN), ' file');
  });

  test('outlives a change of line ends', async () => {
    await editor.edit((builder) => builder.setEndOfLine(vscode.EndOfLine.CRLF));
    assert.equal(marked('source', FILE_TOKEN), ' file');
    assert.equal(shown.source.offsetAt(new vscode.Position(1, 5)), 5);
  });

  test('has a second place where the output is inserted, and follows it there', async () => {
    await insert(BEFORE.length + TEXT.length, `\n// ${OUTPUT}`);
    assert.equal(marked('target', 2), ' 읽습니다');
    await insert(0, 'Above.\n');
    assert.equal(marked('target', 2), ' 읽습니다');
    assert.equal(marked('source', FILE_TOKEN), ' file');
  });

  test('has only the second place where the output replaces the text', async () => {
    select(editor, TEXT);
    await editor.edit((builder) => builder.replace(editor.selection, OUTPUT));
    assert.equal(shown.source.state, 'changed');
    assert.equal(marked('source', FILE_TOKEN), undefined);
    assert.equal(marked('target', 2), ' 읽습니다');
  });

  test('finds the output that was inserted before', async () => {
    await insert(BEFORE.length + TEXT.length + ' More.'.length, `\n${OUTPUT}`);
    shown = await track(new Anchor(editor.document, BEFORE.length, TEXT));
    assert.equal(marked('target', 1), '파일을');
  });

  test('is off while the document is closed, and on again if the text still stands there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'headlight-anchor-'));
    try {
      const uri = vscode.Uri.file(join(folder, 'text.md'));
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(CONTENT));
      editor = await show(uri);
      shown = await track(new Anchor(editor.document, BEFORE.length, TEXT));
      shown.close(editor.document);
      assert.equal(shown.source.state, 'closed');
      assert.equal(marked('source', FILE_TOKEN), undefined);
      assert.equal(shown.source.current(), undefined);
      shown.open(editor.document);
      assert.equal(marked('source', FILE_TOKEN), ' file');
      shown.close(editor.document);
      await insert(0, 'x');
      shown.open(editor.document);
      assert.equal(shown.source.state, 'changed');
    } finally {
      await closeEditors();
      await rm(folder, { recursive: true });
    }
  });

  test('is found again after a reload by its hash, and not where the text is another', async () => {
    const record = shown.source.record();
    assert.ok(!JSON.stringify(record).includes('Read'), 'no text is kept');
    assert.equal(anchorFrom(editor.document, record)?.text, TEXT);
    await insert(BEFORE.length + 2, 'x');
    assert.equal(anchorFrom(editor.document, record), undefined);
  });

  test('is in a cell of a notebook too', async () => {
    const { documents } = await openNotebook({ text: TEXT, language: 'markdown' });
    const document = documents[0]!;
    shown = await track(new Anchor(document, 0, TEXT));
    const range = shown.place(document, 'source', FILE_TOKEN);
    assert.equal(range && document.getText(range), ' file');
    assert.equal(shown.place(editor.document, 'source', FILE_TOKEN), undefined);
  });
});

suite('Show Attention', () => {
  const panelTabs = () =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputWebview);

  teardown(closeEditors);

  test('shows a text, then others in the same panel, and asks for one where there is none', async () => {
    const editor = await openText('12345\n\nThe cache keeps the last results in memory.\n');
    await expectOutcome(Command.showAttention, 'nothingToDo');
    assert.equal(panelTabs().length, 0);
    select(editor, 'The cache keeps the last results in memory.');
    await expectOutcome(Command.showAttention, 'shown');
    await until(onTabs, () => panelTabs()[0]);
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    select(await active(editor.document), 'the last results');
    await expectOutcome(Command.showAttention, 'shown');
    assert.equal(panelTabs().length, 1);
  });

  test('gives up the text before when another is asked for', async () => {
    const editor = await openText('The cache keeps the last results. Open the file first.\n');
    select(editor, 'The cache keeps the last results.');
    const first = command(Command.showAttention);
    select(editor, 'Open the file first.');
    const second = command(Command.showAttention);
    assert.deepEqual(await Promise.all([first, second]), ['cancelled', 'shown']);
    // The tab comes by an event of its own.
    await until(onTabs, () => panelTabs()[0]);
  });
});
