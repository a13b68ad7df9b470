/** `npm run bench:hovers`: hovers and typing in a real editor; writes results/hovers.md. Build first. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { runInExtensionHost } from '../../host/extensionHost';
import { ensureCurrentEditor } from '../../host/install/current';
import { ROOT, SAMPLE_WORKSPACE } from '../../host/paths';
import { removeFolder, temporaryFolder } from '../../host/process';
import { IDLE_LOAD, loadAverage } from '../load';
import { type HoverSamples, RESULT_VARIABLE, WORKLOAD_VARIABLE } from './samples';

const TIMEOUT_MS = 5 * 60_000;
/** Milliseconds: a hover from the cache, and the median of a comment of about 20 words that nobody asked for before. */
const MOST_CACHED = 10;
const MOST_COLD = 150;

async function main(): Promise<void> {
  const before = loadAverage();
  const folder = temporaryFolder('bench');
  try {
    const bundle = join(folder, 'inEditor.js');
    await build({
      entryPoints: [join(ROOT, 'test/bench/hovers/inEditor.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['vscode'],
    });
    const path = join(folder, 'samples.json');
    const report = await runInExtensionHost({
      editor: await ensureCurrentEditor(),
      extension: ROOT,
      tests: bundle,
      workspace: SAMPLE_WORKSPACE,
      timeoutMs: TIMEOUT_MS,
      env: {
        [RESULT_VARIABLE]: path,
        [WORKLOAD_VARIABLE]: join(ROOT, 'test/bench/workload/document.md'),
      },
    });
    const failed = report.tests.find(({ state }) => state !== 'passed');
    if (failed) throw new Error(failed.error ?? failed.title);
    const samples = JSON.parse(await readFile(path, 'utf8')) as HoverSamples;
    const text = markdown(samples, before);
    const results = join(ROOT, 'test/bench/results');
    await mkdir(results, { recursive: true });
    await writeFile(join(results, 'hovers.md'), text);
    process.stdout.write(text);
  } finally {
    await removeFolder(folder);
  }
}

function markdown(samples: HoverSamples, before: number): string {
  const { cold, cached, typing, words } = samples;
  const { long, minified } = typing;
  const processor = `${cpus()[0]?.model ?? 'unknown processor'} (${cpus().length} cores)`;
  const busy = before > IDLE_LOAD ? ', **busy: not to be compared**' : '';
  return [
    '# Hovers',
    `${new Date().toISOString().slice(0, 10)}, VS Code ${samples.editor}, ${processor}, load before ${before.toFixed(2)}${busy}.`,
    `Comments of ${Math.min(...words)} to ${Math.max(...words)} words, from the editor's call to the answer of all providers.`,
    [
      '| | median ms | p95 ms | at most |',
      '| --- | ---: | ---: | ---: |',
      row('hover from the cache', cached, `${MOST_CACHED} median`),
      row('cold hover, greedy', cold, `${MOST_COLD} median`),
      row('keystroke in 100,000 lines, hovers on', long.on, 'as off'),
      row('keystroke in 100,000 lines, bilingual reading on', long.bilingual, 'as off'),
      row('keystroke in 100,000 lines, both off', long.off, ''),
      row('keystroke in one line of 1 MB, hovers on', minified.on, 'as off'),
      row('keystroke in one line of 1 MB, bilingual reading on', minified.bilingual, 'as off'),
      row('keystroke in one line of 1 MB, both off', minified.off, ''),
    ].join('\n'),
    '',
  ].join('\n\n');
}

function row(name: string, values: readonly number[], most: string): string {
  return `| ${name} | ${quantile(values, 0.5)} | ${quantile(values, 0.95)} | ${most} |`;
}

function quantile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
