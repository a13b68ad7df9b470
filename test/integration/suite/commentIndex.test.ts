import assert from 'node:assert/strict';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { Deferred } from '../../../src/common/async';
import { silentLogger } from '../../../src/common/logger';
import { CommentIndex, type Grammars } from '../../../src/host/scopes/commentIndex';
import { InstalledGrammars } from '../../../src/host/scopes/installedGrammars';
import { readFixtures, summarize } from '../../unit/text/commentGolden';
import { closeEditors, openNotebook, openText, until } from '../support';

const CODE = Array.from(
  { length: 5_000 },
  (_, index) => `let value${index} = '// ${index}'; // The number is ${index}.`,
).join('\n');

const extensionPath = (): string =>
  vscode.extensions.getExtension('headlight.headlight')!.extensionPath;

/** The document under the name of another language, which the editor need not know. */
function inLanguage(document: vscode.TextDocument, languageId: string): vscode.TextDocument {
  return new Proxy(document, {
    get: (target, key) =>
      key === 'languageId' ? languageId : (Reflect.get(target, key, target) as unknown),
  });
}

suite('comments of documents', () => {
  let grammars: InstalledGrammars;
  let index: CommentIndex;

  const open = (grammarsOf: Grammars): CommentIndex => {
    index.dispose();
    index = new CommentIndex(grammarsOf);
    return index;
  };

  setup(() => {
    grammars = new InstalledGrammars(join(extensionPath(), 'dist', 'onig.wasm'), silentLogger);
    index = new CommentIndex(grammars);
  });
  teardown(async () => {
    index.dispose();
    grammars.dispose();
    await closeEditors();
  });

  test('the blocks of every language are those of its grammar', async () => {
    const known = await vscode.languages.getLanguages();
    const fixtures = readFixtures(join(extensionPath(), 'test', 'fixtures', 'comments'));
    assert.ok(fixtures.length > 20);
    for (const { languageId, source, golden } of fixtures) {
      const { document: opened } = await openText(
        source,
        known.includes(languageId) ? languageId : 'plaintext',
      );
      const document = inLanguage(opened, languageId);
      const blocks = await index.blocksIn(document);
      const found = summarize(source, blocks);
      const isOlder = golden.older !== undefined && isDeepStrictEqual(found, golden.older);
      assert.deepEqual(found, isOlder ? golden.older : golden.blocks, languageId);
      for (const block of blocks) {
        const { start, end } = block;
        const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
        assert.equal(document.getText(range), block.source);
        const middle = document.positionAt(Math.floor((start + end) / 2));
        assert.equal((await index.blockAt(document, middle))?.source, block.source);
      }
      await closeEditors();
    }
  });

  test('typing in a long file tokenizes the lines that were typed in', async () => {
    const { document, ...editor } = await openLong();
    const { length } = await index.blocksIn(document);
    assert.equal(length, 5_000);
    const before = await index.tokenizedLines(document);
    assert.equal(before, 5_000);
    await editor.insert(new vscode.Position(2_500, 0), 'f(); // An added one.\n');
    const blocks = await index.blocksIn(document);
    assert.equal(blocks.length, 5_001);
    assert.equal(await index.tokenizedLines(document), before + 2);
    await editor.insert(new vscode.Position(10, 0), 'g(); ');
    assert.equal((await index.blocksIn(document)).length, 5_001);
    assert.equal(await index.tokenizedLines(document), before + 3);
  });

  test('only as much as is asked for is tokenized', async () => {
    const { document } = await openLong();
    const range = new vscode.Range(10, 0, 12, 0);
    assert.equal((await index.blocksIn(document, range)).length, 2);
    const count = await index.tokenizedLines(document);
    assert.ok(count < 20, `${count} lines`);
  });

  test('a closed document is forgotten', async () => {
    const { document } = await openText('// One comment.', 'javascript');
    assert.equal((await index.blocksIn(document)).length, 1);
    assert.equal(await index.tokenizedLines(document), 1);
    const closed = until(
      vscode.workspace.onDidCloseTextDocument,
      () => document.isClosed || undefined,
    );
    await closeEditors();
    await closed;
    assert.equal(await index.tokenizedLines(document), 0);
    assert.deepEqual(await index.blocksIn(document), []);
  });

  test('an edit in the middle of the search is in what it finds', async () => {
    const { document, insert } = await openLong();
    const found = index.blocksIn(document);
    await insert(new vscode.Position(0, 0), '// The very first.\n\n');
    const blocks = await found;
    assert.equal(blocks[0]?.text, 'The very first.');
    assert.equal(blocks.length, 5_001);
    assert.equal(document.getText().slice(blocks[9]!.start, blocks[9]!.end), blocks[9]!.source);
  });

  test('a cancelled search finds nothing', async () => {
    const { document } = await openLong();
    const source = new vscode.CancellationTokenSource();
    const found = index.blocksIn(document, undefined, source.token);
    source.cancel();
    assert.deepEqual(await found, []);
  });

  test('a grammar that throws is replaced by the looks of the language, once and for all', async () => {
    const failures: string[] = [];
    const failing = open({
      tokenizer: () =>
        Promise.resolve({
          initial: undefined,
          tokenize: () => {
            throw new Error('invalid pattern in look-behind');
          },
          same: () => true,
        }),
      failed: (languageId) => failures.push(languageId),
    });
    const { document } = await openText('f(); // One comment.', 'javascript');
    for (let turn = 0; turn < 2; turn++) {
      const blocks = await failing.blocksIn(document);
      assert.deepEqual(
        blocks.map(({ text }) => text),
        ['One comment.'],
      );
    }
    assert.deepEqual(failures, ['javascript']);
  });

  test('where no grammar comes in time, the looks of the language answer for a place', async () => {
    const never = new Deferred<undefined>();
    const slow = open({ tokenizer: () => never.promise, failed: () => undefined });
    const { document } = await openText('f(); // One comment.\nf("a // b");', 'javascript');
    const block = await slow.blockAt(document, new vscode.Position(0, 12));
    assert.equal(block?.text, 'One comment.');
    assert.equal(await slow.blockAt(document, new vscode.Position(0, 1)), undefined);
    never.resolve(undefined);
  });

  test('a minified file and one of 100,001 lines are no grammar’s business', async () => {
    const minified = `${'a=function(){return"// no"};'.repeat(20_000)}/* The end of it. */`;
    const { document } = await openText(`${minified}\n// A comment.`, 'javascript');
    const found = await index.blocksIn(document);
    assert.deepEqual(
      found.map(({ text }) => text),
      ['A comment.'],
    );
    const { document: long } = await openText(
      `${'let a;\n'.repeat(100_000)}// The last comment.`,
      'javascript',
    );
    const last = await index.blockAt(long, new vscode.Position(100_000, 5));
    assert.equal(last?.text, 'The last comment.');
    assert.equal(await index.tokenizedLines(long), 0);
  });

  test('a cell of a notebook is a document of its language', async () => {
    const { documents } = await openNotebook(
      { text: 'x = 1  # The first one.', language: 'python' },
      { text: 'Some text here.', language: 'markdown' },
    );
    const [code, text] = documents;
    assert.deepEqual(
      (await index.blocksIn(code!)).map(({ text: found }) => found),
      ['The first one.'],
    );
    assert.deepEqual(
      (await index.blocksIn(text!)).map(({ kind }) => kind),
      ['text'],
    );
  });
});

async function openLong(): Promise<{
  document: vscode.TextDocument;
  insert: (position: vscode.Position, text: string) => Promise<void>;
}> {
  const { document } = await openText(CODE, 'javascript');
  return {
    document,
    insert: async (position, text) => {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, position, text);
      assert.ok(await vscode.workspace.applyEdit(edit));
    },
  };
}
