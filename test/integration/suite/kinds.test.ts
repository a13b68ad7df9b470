import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command, DOCUMENT_SCHEME } from '../../../src/host/ids';
import { hoverOver, said } from '../hovers';
import { Kinds, MEMORY } from '../kinds';
import { followLink, selectedText, summaryDocument, summaryLinks } from '../summaries';
import {
  accepted,
  activeDocument,
  closeEditors,
  command,
  ENGLISH_SENTENCE,
  expectOutcome,
  KOREAN,
  putCursor,
  select,
  setSetting,
  shownEditor,
  textOnce,
  undo,
  until,
} from '../support';

const PASSAGE = `${ENGLISH_SENTENCE} When the memory is full, the oldest results are removed.`;
const PROSE = `# Notes\n\n${PASSAGE}\n`;
const DOCUMENTED = `/** ${ENGLISH_SENTENCE} */`;
const CODE = `${DOCUMENTED}\nlet read_the_file = 1; // Open the file.\n// Close the window.\n`;

/** What commands of documents, comments and summaries do with texts that are no files of a disk. */
suite('commands in every kind of document', () => {
  const kinds = new Kinds();

  suiteSetup(() => kinds.register());
  setup(async () => {
    await setSetting('targetLanguage', 'ko');
    await setSetting('decoding.beam', 1);
  });
  teardown(async () => {
    await closeEditors();
    await setSetting('targetLanguage', undefined);
    await setSetting('decoding.beam', undefined);
  });
  suiteTeardown(() => kinds.dispose());

  kinds.all.forEach(({ name, writable, open, losesFocus }, index) => {
    const here = `in ${name}`;

    /** Edits that are made where that is possible and are one undo step, and refused elsewhere. */
    const edits = async (
      { document }: vscode.TextEditor,
      run: () => Thenable<unknown>,
      done: 'replaced' | 'inserted',
      expected: RegExp,
      withPicker = false,
    ): Promise<void> => {
      const before = document.getText();
      assert.equal(await run(), writable ? done : 'refused');
      if (writable) {
        assert.match(document.getText(), expected);
        if (withPicker && losesFocus) return;
        await undo();
      }
      assert.equal(document.getText(), before);
    };

    test(`the translation opens beside and is saved elsewhere ${here}`, async () => {
      const { document } = await open(PROSE, 'markdown');
      await expectOutcome(Command.translateDocument, 'opened');
      const beside = await shownEditor(DOCUMENT_SCHEME);
      const text = await textOnce(beside.document, KOREAN);
      assert.match(text, /^# .+\n\n.+\n$/u);
      const file = vscode.Uri.from({ scheme: MEMORY, path: `/saved-${index}.md` });
      assert.equal(await command(Command.saveTranslation, file), 'opened');
      assert.equal(kinds.memory.text(file), beside.document.getText());
      assert.equal(document.getText(), PROSE);
    });

    test(`a summary leads back to its sentences ${here}`, async () => {
      const { document } = await open(PROSE, 'markdown');
      await expectOutcome(Command.summarizeSelection, 'opened');
      const summary = await summaryDocument();
      const [link] = await summaryLinks(summary);
      assert.ok(link);
      const sentence = summary.getText(link.range);
      assert.equal(await followLink(link), 'shown');
      assert.equal(await selectedText(document), sentence);
    });

    test(`the documentation of a program is summarized ${here}`, async () => {
      const { document } = await open(CODE, 'typescript');
      await expectOutcome(Command.summarizeFile, 'opened');
      const summary = await summaryDocument();
      assert.ok(summary.getText().includes(ENGLISH_SENTENCE), summary.getText());
      const [link] = await summaryLinks(summary);
      assert.ok(link);
      assert.equal(await followLink(link), 'shown');
      assert.equal(await selectedText(document), ENGLISH_SENTENCE);
    });

    test(`a title goes above the selection ${here}`, async () => {
      const editor = await open(PROSE, 'markdown');
      select(editor, PASSAGE);
      const run = () => accepted(command(Command.titleForSelection, 'insert'));
      await edits(editor, run, 'inserted', /^# Notes\n\n## .+\n\nThe cache/u, true);
    });

    test(`words become a name ${here}`, async () => {
      const editor = await open('let read the file = 1;\n', 'typescript');
      select(editor, 'read the file');
      const run = () => accepted(command(Command.nameFromWords));
      await edits(editor, run, 'replaced', /^let readFile = 1;\n$/u, true);
      if (!writable) assert.equal(await vscode.env.clipboard.readText(), 'readFile');
    });

    test(`the comments of a file and of a selection are translated ${here}`, async () => {
      const editor = await open(CODE, 'typescript');
      const all = () => command(Command.translateComments, 'replace');
      await edits(editor, all, 'replaced', /^\/\*\* .*[가-힣].*\n.*\/\/ .*[가-힣]/u);
      select(editor, 'Open the file.');
      const selected = () => command(Command.translateCommentsInSelection, 'insertBelow');
      await edits(editor, selected, 'inserted', /\/\/ Open the file\.\n\s*\/\/ .*[가-힣].*\n/u);
    });

    test(`comments are read in both languages ${here}`, async () => {
      const { document } = await open(CODE, 'typescript');
      assert.equal(await command(Command.toggleBilingual), true);
      try {
        const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
          'vscode.executeCodeLensProvider',
          document.uri,
          100,
        );
        const shown = lenses.filter((lens) => KOREAN.test(lens.command?.title ?? ''));
        assert.deepEqual([...new Set(shown.map(({ range }) => range.start.line))], [0, 1, 2]);
        assert.equal(document.getText(), CODE);
      } finally {
        assert.equal(await command(Command.toggleBilingual), false);
      }
    });

    test(`what stands at the cursor is explained ${here}`, async () => {
      const editor = await open(CODE, 'typescript');
      putCursor(editor, ENGLISH_SENTENCE);
      await expectOutcome(Command.explainAtCursor, 'shown');
      assert.match(said(await hoverOver(editor.document, ENGLISH_SENTENCE)), KOREAN);
      assert.equal(editor.document.getText(), CODE);
    });

    test(`a term goes into the workspace's glossary from ${name}`, async () => {
      await open(PROSE, 'markdown');
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      assert.ok(folder);
      const own = vscode.Uri.joinPath(folder.uri, '.headlight');
      try {
        const entry = { term: 'cache', translation: '보관함' };
        assert.deepEqual(await command(Command.addToGlossary, entry), entry);
        const file = vscode.Uri.joinPath(own, 'glossary.csv');
        const written = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
        assert.match(written, /^cache,보관함,$/mu);
      } finally {
        await vscode.workspace.fs.delete(own, { recursive: true });
      }
    });
  });

  test('a translation follows its file after that was closed and opened again', async () => {
    const file = vscode.Uri.from({ scheme: MEMORY, path: '/again.md' });
    kinds.memory.put(file, `${ENGLISH_SENTENCE}\n`);
    // Opened as by a click: the extension host would keep a document that it opened itself.
    const open = async (): Promise<vscode.TextDocument> => {
      await command('vscode.open', file, vscode.ViewColumn.One);
      return activeDocument(({ uri, isClosed }) => uri.path === file.path && !isClosed);
    };
    const first = await open();
    await expectOutcome(Command.translateDocument, 'opened');
    const { document: translation } = await shownEditor(DOCUMENT_SCHEME);
    await textOnce(translation, KOREAN);
    const closed = until(
      vscode.workspace.onDidCloseTextDocument,
      () => first.isClosed || undefined,
    );
    await command('workbench.action.closeActiveEditor');
    await closed;
    const second = await open();
    const edit = new vscode.WorkspaceEdit();
    edit.insert(file, new vscode.Position(1, 0), '\nClose the window.\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    const text = await textOnce(translation, /[가-힣].*\n\n.*[가-힣].*\n$/u);
    assert.equal(text.split('\n').length, second.lineCount);
  });
});
