/** `npm run bench:hovers`: hovers and typing in a real editor; writes results/hovers.md. Build first. */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { runInExtensionHost } from '../../host/extensionHost';
import { ensureCurrentEditor } from '../../host/install/current';
import { ROOT, SAMPLE_WORKSPACE } from '../../host/paths';
import { removeFolder, temporaryFolder } from '../../host/process';
import { loadAverage } from '../load';
import { hoverReport } from './report';
import {
  EXTENSION_VARIABLE,
  type HoverSamples,
  RESULT_VARIABLE,
  WORKLOAD_VARIABLE,
} from './samples';

const TIMEOUT_MS = 10 * 60_000;

async function main(): Promise<void> {
  const before = loadAverage();
  const folder = temporaryFolder('bench');
  try {
    const tests = join(folder, 'inEditor.js');
    await bundle('inEditor.ts', tests);
    const path = join(folder, 'samples.json');
    const report = await runInExtensionHost({
      editor: await ensureCurrentEditor(),
      extension: await standIn(join(folder, 'extension')),
      tests,
      workspace: SAMPLE_WORKSPACE,
      timeoutMs: TIMEOUT_MS,
      env: {
        [RESULT_VARIABLE]: path,
        [WORKLOAD_VARIABLE]: join(ROOT, 'test/bench/workload/document.md'),
        [EXTENSION_VARIABLE]: join(ROOT, 'dist/extension.js'),
      },
    });
    const failed = report.tests.find(({ state }) => state !== 'passed');
    if (failed) throw new Error(failed.error ?? failed.title);
    const samples = JSON.parse(await readFile(path, 'utf8')) as HoverSamples;
    const text = hoverReport(samples, before);
    const results = join(ROOT, 'test/bench/results');
    await mkdir(results, { recursive: true });
    await writeFile(join(results, 'hovers.md'), text);
    process.stdout.write(text);
  } finally {
    await removeFolder(folder);
  }
}

/** A folder with all that is the extension's, whose program runs the built extension behind what measures it. */
async function standIn(folder: string): Promise<string> {
  await mkdir(folder);
  for (const name of ['dist', 'l10n', 'media', 'models', 'package.nls.json'])
    await symlink(join(ROOT, name), join(folder, name));
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as object;
  const own = { ...manifest, main: './standIn.js' };
  await writeFile(join(folder, 'package.json'), JSON.stringify(own));
  await bundle('standIn.ts', join(folder, 'standIn.js'));
  return folder;
}

async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [join(ROOT, 'test/bench/hovers', entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
