import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureEditor, type Editor } from './editor';
import { npm, writePackageFolder } from './npm';
import { installNode } from './privateNode';

/** Parts of the editor that nothing here uses: together over 280 MB. */
const UNUSED = [
  'extensions/copilot',
  'node_modules/@github/copilot-sdk-linux-x64',
  'node_modules/@microsoft/mxc-sdk',
];

/** A current VS Code: code-server 4.139.1 is VS Code 1.139.1, and wants Node 24. */
export function ensureCurrentEditor(): Promise<Editor> {
  return ensureEditor({
    name: 'current',
    version: '4.139.1',
    revision: 1,
    files: [
      'lib/vscode/node_modules/@vscode/spdlog/build/Release/spdlog.node',
      'lib/vscode/node_modules/@vscode/sqlite3/build/Release/vscode-sqlite3.node',
    ],
    async install(folder) {
      const node = await installNode(join(folder, 'node'), '24.21.0');
      const target = join(folder, 'editor');
      // An installation that was cut off leaves links into nowhere, over which the next one stumbles.
      await rm(target, { recursive: true, force: true });
      await writePackageFolder(target, { 'code-server': '4.139.1' }, ['code-server', 'argon2']);
      await npm(['install', '--foreground-scripts'], { cwd: target, node, timeoutMs: 1_200_000 });
      const vscode = join(target, 'node_modules', 'code-server', 'lib', 'vscode');
      await Promise.all(
        UNUSED.map((path) => rm(join(vscode, path), { recursive: true, force: true })),
      );
      return node;
    },
  });
}
