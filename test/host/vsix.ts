/** `npm run package -- [TARGET ...]`: writes headlight-TARGET.vsix for each target into artifacts/; all of them by default. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ARTIFACTS, ROOT } from './paths';
import { run, tail } from './process';

/** Files of the runtime's library for each target: listed one by one, so that nothing else of its folder can slip in. */
const WINDOWS = ['DirectML.dll', 'dxcompiler.dll', 'dxil.dll', 'onnxruntime.dll'];
const LIBRARIES = {
  'linux-x64': ['libonnxruntime.so.1'],
  'linux-arm64': ['libonnxruntime.so.1'],
  'win32-x64': WINDOWS,
  'win32-arm64': WINDOWS,
  // The package has the same library twice, under its version too; this is the name that the binding asks for.
  'darwin-arm64': ['libonnxruntime.1.dylib'],
} as const;

export type Target = keyof typeof LIBRARIES;

export const TARGETS = Object.keys(LIBRARIES) as Target[];

const BINARIES = 'node_modules/onnxruntime-node/bin/napi-v6';

/** Paths of the runtime's binaries in the package of a target. */
export function binariesOf(target: Target): string[] {
  const folder = `${BINARIES}/${target.replace('-', '/')}`;
  return [...LIBRARIES[target], 'onnxruntime_binding.node'].map((name) => `${folder}/${name}`);
}

/** .vscodeignore with another target's binaries in the place of linux-x64's. */
export async function ignoreFileFor(target: Target): Promise<string> {
  const text = await readFile(join(ROOT, '.vscodeignore'), 'utf8');
  const others = text.split('\n').filter((line) => !line.startsWith(`!${BINARIES}/`));
  return [...others, ...binariesOf(target).map((path) => `!${path}`), ''].join('\n');
}

/**
 * Runs vsce with a target's ignore file.
 * @returns what it printed.
 * @throws Error with the end of its output.
 */
export async function vsce(target: Target, ...args: string[]): Promise<string> {
  const ignoreFile = join(ROOT, 'out', `vscodeignore-${target}`);
  await mkdir(join(ROOT, 'out'), { recursive: true });
  await writeFile(ignoreFile, await ignoreFileFor(target));
  const script = join(ROOT, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = { cwd: ROOT, timeoutMs: 300_000 };
  const result = await run(
    process.execPath,
    [script, ...args, '--ignoreFile', ignoreFile],
    options,
  );
  await rm(ignoreFile);
  if (result.code !== 0) throw new Error(`vsce ${args.join(' ')} failed:\n${tail(result.output)}`);
  return result.stdout;
}

/** Builds for production and writes a target's package. @returns its path. */
export async function writePackage(target: Target): Promise<string> {
  const path = join(ARTIFACTS, `headlight-${target}.vsix`);
  await mkdir(ARTIFACTS, { recursive: true });
  await vsce(target, 'package', '--target', target, '--out', path);
  return path;
}

function isTarget(name: string): name is Target {
  return Object.hasOwn(LIBRARIES, name);
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !isTarget(name));
  if (unknown.length > 0) {
    throw new Error(`No such target: ${unknown.join(', ')}. There are: ${TARGETS.join(', ')}`);
  }
  const targets = names.length > 0 ? names.filter(isTarget) : TARGETS;
  for (const target of targets) console.log(await writePackage(target));
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
