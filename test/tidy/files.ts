import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Text of files by path from the repository's root, with forward slashes. Every check is a function of this. */
export type Files = ReadonlyMap<string, string>;

export const ROOT = join(__dirname, '..', '..');

/** What is or would be committed: tracked files and new ones that git does not ignore. Binary files are left out. */
export function readFiles(): Files {
  const list = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    },
  );
  const files = new Map<string, string>();
  for (const path of list.split('\0')) {
    if (path === '') continue;
    const text = readIfText(path);
    if (text !== undefined) files.set(path, text);
  }
  if (files.size === 0) throw new Error('git lists no files: the checks would pass on nothing.');
  return files;
}

/** Undefined for binary files and for those that were deleted but not yet committed so. */
function readIfText(path: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(ROOT, path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return bytes.includes(0) ? undefined : bytes.toString('utf8');
}

export function select(files: Files, pattern: RegExp): Files {
  return new Map([...files].filter(([path]) => pattern.test(path)));
}
