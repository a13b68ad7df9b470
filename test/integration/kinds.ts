import * as vscode from 'vscode';
import { openCell, openText, show } from './support';

/** Files that are on no disk, as those of a virtual workspace: only VS Code's own file system knows them. One flat folder. */
export class MemoryFiles implements vscode.FileSystemProvider {
  readonly files = new Map<string, Uint8Array>();
  private readonly change = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.change.event;
  private clock = 1;

  /** What a file holds. */
  text(uri: vscode.Uri): string {
    return new TextDecoder().decode(this.readFile(uri));
  }

  put(uri: vscode.Uri, text: string): void {
    this.files.set(uri.path, new TextEncoder().encode(text));
  }

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

export const MEMORY = 'headlight-test-kinds';
const LOCKED = 'headlight-test-kinds-locked';
const PROVIDED = 'headlight-test-kinds-provided';

const EXTENSIONS = { markdown: 'md', typescript: 'ts' } as const;
export type KindLanguage = keyof typeof EXTENSIONS;

/** A kind of document that commands meet beside files of a disk. */
export interface Kind {
  readonly name: string;
  readonly writable: boolean;
  /** Shows a document of the kind with the text, in the active editor. */
  readonly open: (text: string, language: KindLanguage) => Promise<vscode.TextEditor>;
  /** A picker gives the focus back to the notebook around the editor, whose undo is another. */
  readonly losesFocus?: true;
}

/** What stands behind the kinds: two file systems and a provider of texts. */
export class Kinds implements vscode.Disposable {
  readonly memory = new MemoryFiles();
  private readonly registrations: vscode.Disposable[] = [];
  private opened = 0;

  readonly all: readonly Kind[] = [
    { name: 'an untitled document', writable: true, open: openText },
    { name: 'a file of a virtual file system', writable: true, open: this.opener(MEMORY) },
    { name: 'a file of a read-only file system', writable: false, open: this.opener(LOCKED) },
    { name: 'a text that an extension provides', writable: false, open: this.opener(PROVIDED) },
    { name: 'a cell of a notebook', writable: true, open: openCell, losesFocus: true },
  ];

  /** Each scheme has one provider at a time. */
  register(): void {
    const { memory } = this;
    this.registrations.push(
      vscode.workspace.registerFileSystemProvider(MEMORY, memory),
      vscode.workspace.registerFileSystemProvider(LOCKED, memory, { isReadonly: true }),
      vscode.workspace.registerTextDocumentContentProvider(PROVIDED, {
        provideTextDocumentContent: (uri) => memory.text(uri),
      }),
    );
  }

  dispose(): void {
    for (const registration of this.registrations.splice(0)) registration.dispose();
  }

  private opener(scheme: string): Kind['open'] {
    return (text, language) => {
      const path = `/text-${++this.opened}.${EXTENSIONS[language]}`;
      const uri = vscode.Uri.from({ scheme, path });
      this.memory.put(uri, text);
      return show(uri);
    };
  }
}
