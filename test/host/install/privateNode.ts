import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../process';
import { npm, writePackageFolder } from './npm';

/**
 * Installs one exact Node, binary and C++ headers, from its npm package; the editor's addons are built for it and no other.
 * @returns the path of the binary.
 * @throws Error on platforms without such a package.
 */
export async function installNode(folder: string, version: string): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== 'linux-x64' && platform !== 'linux-arm64') {
    throw new Error(
      `The browser-hosted editor is set up on Linux only (this is ${platform}): install VS Code and its \`code\` command, or set VSCODE_EXECUTABLE.`,
    );
  }
  const name = `node-${platform}`;
  const node = join(folder, 'node_modules', name, 'bin', 'node');
  const check = { timeoutMs: 30_000 };
  if (existsSync(node) && (await run(node, ['--version'], check)).stdout.trim() === `v${version}`) {
    return node;
  }
  await rm(folder, { recursive: true, force: true });
  await writePackageFolder(folder, { [name]: version });
  await npm(['install'], { cwd: folder, node: process.execPath, timeoutMs: 300_000 });
  return node;
}
