import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command } from '../../../src/host/ids';
import {
  closeEditors,
  command,
  ENGLISH_SENTENCE,
  expectOutcome,
  KOREAN,
  select,
  shownText,
  undo,
} from '../support';

/** Files that are on no disk, as those of a virtual workspace: only VS Code's own file system knows them. */
const VIRTUAL = 'headlight-test-memory';
const TEXT = `before\n${ENGLISH_SENTENCE}\nafter\n`;

/** One flat folder of files in memory. */
class MemoryFiles implements vscode.FileSystemProvider {
  readonly files = new Map<string, Uint8Array>();
  private readonly change = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.change.event;
  private clock = 1;

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    if (uri.path === '/') return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    const { length } = this.readFile(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: this.clock, size: length };
  }

  readDirectory(): [string, vscode.FileType][] {
    return [...this.files.keys()].map((path) => [path.slice(1), vscode.FileType.File]);
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const content = this.files.get(uri.path);
    if (!content) throw vscode.FileSystemError.FileNotFound(uri);
    return content;
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    this.files.set(uri.path, content);
    this.clock++;
    this.change.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    this.files.delete(uri.path);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}

suite('virtual file systems', () => {
  const uri = vscode.Uri.from({ scheme: VIRTUAL, path: '/notes.txt' });
  let memory: MemoryFiles;
  let registration: vscode.Disposable;

  const stored = (): string => new TextDecoder().decode(memory.readFile(uri));
  const open = async (): Promise<vscode.TextEditor> => {
    const editor = await vscode.window.showTextDocument(uri);
    assert.equal(editor.document.getText(), TEXT);
    select(editor, ENGLISH_SENTENCE);
    return editor;
  };
  const register = (isReadonly: boolean): void => {
    memory = new MemoryFiles();
    memory.files.set(uri.path, new TextEncoder().encode(TEXT));
    registration = vscode.workspace.registerFileSystemProvider(VIRTUAL, memory, { isReadonly });
  };

  teardown(async () => {
    await closeEditors();
    registration.dispose();
  });

  test('a file is translated, replaced, saved where it came from, and undone', async () => {
    register(false);
    const editor = await open();
    await expectOutcome(Command.translateSelection, 'shown');
    assert.match(await shownText(editor), KOREAN);
    await expectOutcome(Command.translateAndReplace, 'replaced');
    assert.ok(await editor.document.save());
    const [first, middle, ...rest] = stored().split('\n');
    assert.deepEqual([first, ...rest], ['before', 'after', '']);
    assert.match(middle ?? '', KOREAN);
    await undo();
    assert.equal(editor.document.getText(), TEXT);
    assert.ok(await editor.document.save());
    assert.equal(stored(), TEXT);
  });

  test('a file of a read-only one is translated and not changed', async () => {
    register(true);
    const editor = await open();
    await expectOutcome(Command.translateAndReplace, 'refused');
    assert.equal(editor.document.getText(), TEXT);
    assert.match(await shownText(editor), KOREAN);
  });

  const code = vscode.Uri.from({ scheme: VIRTUAL, path: '/code.js' });
  const openCode = async (isReadonly: boolean): Promise<vscode.TextDocument> => {
    register(isReadonly);
    memory.files.set(code.path, new TextEncoder().encode(`// ${ENGLISH_SENTENCE}\nf();\n`));
    return (await vscode.window.showTextDocument(code)).document;
  };

  test('the comments of a file are translated and saved where it came from', async () => {
    const document = await openCode(false);
    assert.equal(await command(Command.translateComments, 'replace'), 'replaced');
    assert.ok(await document.save());
    assert.match(new TextDecoder().decode(memory.readFile(code)), /^\/\/ .*[가-힣].*\nf\(\);\n$/);
  });

  test('the comments of a read-only file stay as they are', async () => {
    const document = await openCode(true);
    const text = document.getText();
    assert.equal(await command(Command.translateComments, 'replace'), 'refused');
    assert.equal(document.getText(), text);
  });
});
