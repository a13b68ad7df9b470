import { copyFile, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { run, tail } from '../process';
import { ensureEditor, type Editor } from './editor';
import { npm, writePackageFolder } from './npm';
import { installNode } from './privateNode';

const MINUTES = 60_000;

/**
 * The lowest VS Code that the manifest's `engines.vscode` names: code-server 4.100.3 is VS Code 1.100.3, on Node 20. Its own
 * install script downloads from outside the registry and refuses root, so that only the addons the host needs are built.
 */
export function ensureFloorEditor(): Promise<Editor> {
  return ensureEditor({
    name: 'floor',
    version: '4.100.3',
    revision: 2,
    files: [
      'lib/vscode/node_modules/@vscode/spdlog/build/Release/spdlog.node',
      'lib/vscode/node_modules/@vscode/ripgrep/bin/rg',
    ],
    async install(folder) {
      const node = await installNode(join(folder, 'node'), '20.20.2');
      const target = join(folder, 'editor');
      await rm(target, { recursive: true, force: true });
      const packages = { 'code-server': '4.100.3', '@vscode/ripgrep-universal': '1.18.0' };
      await writePackageFolder(target, packages, ['argon2']);
      const bare = ['install', '--omit=dev', '--ignore-scripts'];
      const at = (cwd: string): { cwd: string; node: string; timeoutMs: number } => ({
        cwd,
        node,
        timeoutMs: 15 * MINUTES,
      });
      await npm(bare, at(target));
      await npm(['rebuild', 'argon2'], at(target));
      const vscode = join(target, 'node_modules', 'code-server', 'lib', 'vscode');
      await npm(bare, at(vscode));
      await npm(['rebuild', 'native-watchdog', '@vscode/spdlog', '@parcel/watcher'], at(vscode));
      const extensions = join(vscode, 'extensions');
      await npm(bare, at(extensions));
      const postinstall = await run(node, ['./postinstall.mjs'], at(extensions));
      if (postinstall.code !== 0) throw new Error(tail(postinstall.output));
      await symlink('browser-linux.sh', join(vscode, 'bin', 'helpers', 'browser.sh'));
      await symlink('code-linux.sh', join(vscode, 'bin', 'remote-cli', 'code-server'));
      // Searching files starts this program, which the package of this time downloads and a later one carries.
      const ripgrep = join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin');
      await mkdir(ripgrep, { recursive: true });
      const platform = `${process.platform}-${process.arch}`;
      const carried = join(target, 'node_modules', '@vscode', 'ripgrep-universal', 'bin', platform);
      await copyFile(join(carried, 'rg'), join(ripgrep, 'rg'));
      return node;
    },
  });
}
