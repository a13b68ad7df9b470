import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostEnvironment } from '../environment';
import { HOSTS } from '../paths';
import { removeFolder, run, tail, temporaryFolder } from '../process';
import { withLock } from './lock';
import { EDITOR_PACKAGES, ensureSystemPackages } from './systemPackages';

/** An installed code-server: VS Code's workbench for a browser, with a real extension host on Node. */
export interface Editor {
  readonly name: string;
  readonly node: string;
  readonly entry: string;
  /** Whether its command line can switch the smoke-test driver on, which test runs from an address depend on. */
  readonly hasVscodeOption: boolean;
}

export interface EditorRecipe {
  readonly name: string;
  readonly version: string;
  /** Raised when the steps of `install` change, so that an older installation is redone. */
  readonly revision: number;
  /** Files under code-server's folder without which it is not complete: addons fail at run time only. */
  readonly files: readonly string[];
  /** Installs into `folder` and returns the Node to run it with. */
  install(folder: string): Promise<string>;
}

interface Stamp {
  readonly version: string;
  readonly revision: number;
  readonly node: string;
}

function readStamp(path: string): Stamp | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Stamp;
  } catch {
    return undefined;
  }
}

/**
 * Returns an editor, installed by its recipe when that has not been done, was not finished or is another version.
 * @throws Error with npm's output, or what has to be installed by hand.
 */
export async function ensureEditor(recipe: EditorRecipe): Promise<Editor> {
  const folder = join(HOSTS, recipe.name);
  const stampPath = join(folder, 'installed.json');
  const packageFolder = join(folder, 'editor', 'node_modules', 'code-server');
  const editor = (node: string): Editor => ({
    name: recipe.name,
    node,
    entry: join(packageFolder, 'out', 'node', 'entry.js'),
    hasVscodeOption: readFileSync(join(packageFolder, 'out', 'node', 'cli.js'), 'utf8').includes(
      'vscode-option',
    ),
  });
  const complete = (stamp: Stamp | undefined): stamp is Stamp =>
    stamp?.version === recipe.version &&
    stamp.revision === recipe.revision &&
    existsSync(stamp.node) &&
    recipe.files.every((path) => existsSync(join(packageFolder, path)));

  return withLock(folder, async () => {
    const stamp = readStamp(stampPath);
    if (complete(stamp)) return editor(stamp.node);
    await ensureSystemPackages(EDITOR_PACKAGES);
    console.log(`Installing code-server ${recipe.version} (a few minutes, once) ...`);
    const began = Date.now();
    await rm(stampPath, { force: true });
    const node = await recipe.install(folder);
    const fresh: Stamp = { version: recipe.version, revision: recipe.revision, node };
    await askVersion(node, join(packageFolder, 'out', 'node', 'entry.js'), recipe.version);
    if (!complete(fresh)) throw new Error(`code-server's addons were not built in ${folder}.`);
    await writeFile(stampPath, JSON.stringify(fresh));
    console.log(`Installed in ${Math.round((Date.now() - began) / 1000)} s.`);
    return editor(node);
  });
}

async function askVersion(node: string, entry: string, version: string): Promise<void> {
  const home = temporaryFolder('version');
  const env = hostEnvironment(home);
  const result = await run(node, [entry, '--version'], { env, timeoutMs: 60_000 });
  await removeFolder(home);
  if (!result.stdout.includes(version)) {
    throw new Error(`code-server does not start:\n${tail(result.output)}`);
  }
}
