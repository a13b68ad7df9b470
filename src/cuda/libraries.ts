import { access, open, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ElfLinks, readElfLinks } from './elf';

/** Where libraries lie, as the loader sees it and beyond. */
export interface Places {
  /** LD_LIBRARY_PATH. */
  readonly path: readonly string[];
  /** Files that the loader finds by itself, by name. */
  readonly system: ReadonlyMap<string, string>;
  /** Where CUDA is usually put although the loader does not look there. */
  readonly usual: readonly string[];
}

export interface LibrarySearch {
  /** File names found nowhere, each once. */
  readonly missing: readonly string[];
  /** Folders that must be added to LD_LIBRARY_PATH, for the loader to find the rest. */
  readonly folders: readonly string[];
}

/** Folders without an entry in the loader's cache that it searches all the same. */
const DEFAULT_FOLDERS = [
  '/lib/x86_64-linux-gnu',
  '/usr/lib/x86_64-linux-gnu',
  '/lib64',
  '/usr/lib64',
  '/lib',
  '/usr/lib',
];

/** Installers' own folders, the newest first where several versions are there; `*` stands for part of a name. */
const USUAL_FOLDERS = [
  '/usr/local/cuda/lib64',
  '/usr/local/cuda-*/lib64',
  '/opt/cuda/lib64',
  // The driver's libraries in Windows' Linux and in containers.
  '/usr/lib/wsl/lib',
  '/usr/local/nvidia/lib64',
];

/** Packages of Python bring CUDA, too: nvidia-cublas-cu12 and its like. */
const PYTHON_FOLDERS = [
  'lib/python3*/site-packages/nvidia/*/lib',
  'lib/python3*/dist-packages/nvidia/*/lib',
];

/**
 * Follows what the libraries at `roots` ask for, and what that asks for, the way the loader does. A folder of CUDA is wanted
 * only if something lies there that is not found elsewhere: what else it holds would go before the system's.
 */
export async function searchLibraries(
  roots: readonly string[],
  places: Places,
): Promise<LibrarySearch> {
  const found = new Map<string, string>();
  const missing = new Set<string>();
  const folders = new Set<string>();
  const pending = [...roots];
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
    const links = await linksOf(path);
    for (const name of links?.needed ?? []) {
      if (found.has(name) || missing.has(name)) continue;
      const place = await locate(name, path, links?.runPath ?? [], places);
      if (!place) {
        missing.add(name);
        continue;
      }
      found.set(name, place.path);
      if (place.added) folders.add(dirname(place.path));
      pending.push(place.path);
    }
  }
  return { missing: [...missing], folders: [...folders] };
}

async function locate(
  name: string,
  asker: string,
  runPath: readonly string[],
  { path, system, usual }: Places,
): Promise<{ path: string; added: boolean } | undefined> {
  const own = runPath.map((folder) => folder.replace(/\$(ORIGIN|\{ORIGIN\})/, dirname(asker)));
  for (const folder of [...path, ...own]) {
    if (await linksOf(join(folder, name))) return { path: join(folder, name), added: false };
  }
  const cached = system.get(name);
  if (cached !== undefined && (await linksOf(cached))) return { path: cached, added: false };
  for (const folder of DEFAULT_FOLDERS) {
    if (await linksOf(join(folder, name))) return { path: join(folder, name), added: false };
  }
  for (const folder of usual) {
    if (await linksOf(join(folder, name))) return { path: join(folder, name), added: true };
  }
  return undefined;
}

/** Undefined where there is no file that the loader would take. */
export async function linksOf(path: string): Promise<ElfLinks | undefined> {
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    return await readElfLinks(async (position, length) => {
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    });
  } catch {
    // A folder, or an offset that no file has.
    return undefined;
  } finally {
    await file.close();
  }
}

/** `usual` is empty for the process that is to load: it finds only what its loader finds. */
export async function placesOf(
  env: Readonly<NodeJS.ProcessEnv>,
  usual: readonly string[],
): Promise<Places> {
  const path = (env['LD_LIBRARY_PATH'] ?? '').split(/[:;]/).filter((folder) => folder !== '');
  return { path, system: await loaderCache(), usual };
}

/** Folders that exist where CUDA is usually put, in the order they are to be tried. */
export async function usualFolders(env: Readonly<NodeJS.ProcessEnv>): Promise<string[]> {
  const homes = [env['CUDA_HOME'], env['CUDA_PATH']].filter((home) => home !== undefined);
  const pythons = [
    env['VIRTUAL_ENV'],
    env['CONDA_PREFIX'],
    join(homedir(), '.local'),
    '/usr/local',
    '/usr',
  ];
  const patterns = [
    ...homes.map((home) => join(home, 'lib64')),
    ...USUAL_FOLDERS,
    ...pythons
      .filter((home) => home !== undefined)
      .flatMap((home) => PYTHON_FOLDERS.map((folder) => join(home, folder))),
  ];
  const folders: string[] = [];
  for (const pattern of patterns) folders.push(...(await expand(pattern)));
  return [...new Set(folders)];
}

/** Existing paths that the pattern means, versions counted down. */
async function expand(pattern: string): Promise<string[]> {
  let paths = ['/'];
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    const [before = '', after] = segment.split('*');
    const next = await Promise.all(
      paths.map(async (path) => {
        if (after === undefined) return [join(path, segment)];
        const names = await readdir(path).catch(() => []);
        return names
          .filter((name) => name.startsWith(before) && name.endsWith(after))
          .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
          .map((name) => join(path, name));
      }),
    );
    paths = next.flat();
  }
  const exists = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => exists[index]);
}

/** What `ldconfig -p` prints: `libcuda.so.1 (libc6,x86-64) => /usr/lib/x86_64-linux-gnu/libcuda.so.1`. */
async function loaderCache(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const command of ['/sbin/ldconfig', '/usr/sbin/ldconfig', 'ldconfig']) {
    const output = await promisify(execFile)(command, ['-p']).catch(() => undefined);
    if (!output) continue;
    for (const line of output.stdout.split('\n')) {
      const [, name, kind = '', path] = /^\s*(\S+) \(([^)]*)\) => (.+)$/.exec(line) ?? [];
      if (name && path && kind.includes('x86-64') && !files.has(name)) files.set(name, path);
    }
    return files;
  }
  return files;
}
