import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfAborted } from '../../common/async';
import { AppError } from '../../common/errors';
import {
  BINDING_FILES,
  hashFile,
  type Installation,
  type InstalledFile,
  PROVIDER_FILES,
  recordPath,
} from '../../cuda/installation';
import { linksOf } from '../../cuda/libraries';
import { extract } from './archive';
import { requireSpace } from './download';

export interface InstallRequest {
  /** Path of the archive, and where it came from. */
  readonly archive: string;
  readonly source: string;
  readonly archiveSha256: string;
  /** Of onnxruntime-node, and of the package that the provider comes in. */
  readonly version: string;
  readonly packageVersion: string;
  /** Folder of the extension's own binding. */
  readonly binding: string;
  /** What is installed stands below it by version. */
  readonly root: string;
}

/** Begins the names of folders that are being filled. */
const UNFINISHED = '.new-';
/** Far above what any version had: what states more is no library. */
const MOST_FILE_BYTES = 4 * 1024 ** 3;
const MOST_STATEMENT_BYTES = 1 << 20;

/**
 * Files of an archive that say which version it holds: of NuGet, of Python, of the runtime's own releases; and how.
 */
const STATEMENTS: readonly { readonly name: RegExp; readonly version: RegExp }[] = [
  { name: /^[^/]+\.nuspec$/i, version: /<version>\s*([^<\s]+)\s*<\/version>/i },
  { name: /^onnxruntime_gpu-[^/]+\.dist-info\/METADATA$/, version: /^Version: *(\S+)/m },
  { name: /^(?:[^/]+\/)?VERSION_NUMBER$/, version: /^\s*(\S+)/ },
];

/**
 * Takes the provider out of the archive, puts the extension's binding beside it and writes down what each file is. All of it in
 * a folder of its own that takes its name when it is whole: a half installation is never seen.
 * Throws AppError archiveInvalid, noSpace, cancelled.
 */
export async function install(request: InstallRequest, signal: AbortSignal): Promise<Installation> {
  const folder = join(request.root, UNFINISHED + randomUUID());
  await mkdir(folder, { recursive: true });
  try {
    await unpack(request, folder, signal);
    for (const name of BINDING_FILES)
      await copyFile(join(request.binding, name), join(folder, name), constants.COPYFILE_FICLONE);
    const files: InstalledFile[] = [];
    for (const name of [...BINDING_FILES, ...PROVIDER_FILES]) {
      const path = join(folder, name);
      files.push({ name, bytes: (await stat(path)).size, sha256: await hashFile(path, signal) });
    }
    const { version, source, archiveSha256 } = request;
    const installed: Installation = { version, source, archiveSha256, files };
    await writeFile(recordPath(folder), JSON.stringify(installed, undefined, 1));
    throwIfAborted(signal);
    const target = join(request.root, version);
    // A running engine keeps the files it has opened.
    await rm(target, { recursive: true, force: true });
    await rename(folder, target);
    await removeOthers(request.root, version);
    return installed;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throwIfAborted(signal);
    throw error;
  }
}

/** Takes away every version, also what was left half. */
export async function uninstall(root: string): Promise<boolean> {
  const names = await readdir(root).catch(() => []);
  await rm(root, { recursive: true, force: true });
  return names.some((name) => !name.startsWith('.'));
}

async function unpack(
  { archive, packageVersion, version }: InstallRequest,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const statements: { path: string; version: RegExp }[] = [];
  const taken = new Set<string>();
  await extract(
    archive,
    (name, bytes) => {
      const statement = STATEMENTS.find((candidate) => candidate.name.test(name));
      if (statement && bytes <= MOST_STATEMENT_BYTES) {
        const path = join(folder, `.statement-${statements.length}`);
        statements.push({ path, version: statement.version });
        return path;
      }
      const file = PROVIDER_FILES.find((candidate) => name.split('/').at(-1) === candidate);
      // A package for several platforms has the library once for each.
      if (!file || (/(^|\/)runtimes\//.test(name) && !name.includes('runtimes/linux-x64/')))
        return undefined;
      if (taken.has(file) || bytes > MOST_FILE_BYTES) throw invalid('incomplete', archive, version);
      const path = join(folder, file);
      requireSpace(path, bytes);
      taken.add(file);
      return path;
    },
    signal,
  );
  const versions = await Promise.all(
    statements.map(
      async ({ path, version: pattern }) => pattern.exec(await readFile(path, 'utf8'))?.[1],
    ),
  );
  for (const { path } of statements) await rm(path);
  for (const file of PROVIDER_FILES)
    if (!(await linksOf(join(folder, file)))) throw invalid('incomplete', archive, version);
  if (!versions.includes(packageVersion)) throw invalid('version', archive, version);
}

/** What stands in `root` for other versions, and what was left half; a download that may go on stays. */
async function removeOthers(root: string, version: string): Promise<void> {
  for (const entry of await readdir(root, { withFileTypes: true })) {
    const old = entry.isDirectory() && entry.name !== version;
    if (old) await rm(join(root, entry.name), { recursive: true, force: true });
  }
}

function invalid(problem: string, path: string, version: string): AppError {
  return new AppError('archiveInvalid', `${path}: ${problem}`, { problem, path, version });
}
