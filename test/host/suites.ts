import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChecks } from './check';
import { runInExtensionHost } from './extensionHost';
import { ensureCurrentEditor } from './install/current';
import { ensureFloorEditor } from './install/floor';
import { BUNDLES, ROOT, SAMPLE_WORKSPACE } from './paths';
import { removeFolder, run, tail, temporaryFolder } from './process';
import { runOnDesktop } from './desktop';
import { GREP_VARIABLE, REPORT_VARIABLE, failedReport, type SuiteReport } from './report';

const MINUTES = 60_000;

export interface Suite {
  /** What has to be done first, once for all suites that ask for it. */
  readonly needs: readonly (
    'build' | 'testBundles' | 'browser' | 'parallel' | 'editor' | 'floorEditor'
  )[];
  run(): Promise<SuiteReport>;
}

/** Runs the mocha files of a folder under tsx, in a process of their own. */
async function runMocha(pattern: string, timeoutMs: number): Promise<SuiteReport> {
  const folder = temporaryFolder('mocha');
  const path = join(folder, 'report.json');
  const mocha = join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = join(ROOT, 'test', 'host', 'reporter.ts');
  const colour = process.stdout.isTTY ? '--color' : '--no-color';
  const selected = process.env[GREP_VARIABLE];
  const selection = selected ? ['--grep', selected] : [];
  const result = await run(
    process.execPath,
    [
      // A test without a limit of its own gets a minute: a machine may be busy, and no test is a measurement.
      ...['--import', 'tsx', mocha, '--timeout', '60000', '--forbid-only', colour],
      ...['--reporter', reporter],
      ...selection,
      pattern,
    ],
    { cwd: ROOT, env: { ...process.env, [REPORT_VARIABLE]: path }, timeoutMs, echo: true },
  );
  const text = await readFile(path, 'utf8').catch(() => undefined);
  await removeFolder(folder);
  const how = result.timedOut
    ? 'was stopped: out of time'
    : `ended with code ${result.code ?? 'none'}`;
  const ending = `The suite's process ${how}.\n${tail(result.output)}`;
  if (text === undefined) return failedReport('the suite reports', ending);
  const report = JSON.parse(text) as SuiteReport;
  // Mocha's exit code is the number of failures; any other means that the process itself went wrong.
  const failures = report.tests.filter((test) => test.state === 'failed').length;
  if (result.code === Math.min(failures, 255)) return report;
  return {
    ...report,
    tests: [...report.tests, ...failedReport('the process ends well', ending).tests],
  };
}

const inExtensionHost = async (ensureEditor: typeof ensureCurrentEditor): Promise<SuiteReport> =>
  runInExtensionHost({
    editor: await ensureEditor(),
    extension: ROOT,
    tests: join(BUNDLES, 'integration', 'index.js'),
    workspace: SAMPLE_WORKSPACE,
    timeoutMs: 20 * MINUTES,
  });

/** Every suite by name, in the order of a whole run: the quickest and most telling first. */
export const SUITES = {
  check: {
    needs: [],
    run: () => runChecks(),
  },
  unit: {
    needs: [],
    run: () => runMocha('test/unit/**/*.test.ts', 10 * MINUTES),
  },
  tidy: {
    needs: [],
    run: () => runMocha('test/tidy/**/*.test.ts', 10 * MINUTES),
  },
  engine: {
    needs: ['build', 'browser', 'parallel'],
    run: () => runMocha('test/engine/**/*.test.ts', 15 * MINUTES),
  },
  integration: {
    needs: ['build', 'testBundles', 'browser', 'editor'],
    run: () => inExtensionHost(ensureCurrentEditor),
  },
  ui: {
    needs: ['build', 'browser', 'editor'],
    run: () => runMocha('test/ui/**/*.test.ts', 30 * MINUTES),
  },
  package: {
    needs: ['build', 'testBundles', 'browser', 'editor'],
    run: () => runMocha('test/package/**/*.test.ts', 10 * MINUTES),
  },
  /** The lowest VS Code that the manifest promises to run in. */
  floor: {
    needs: ['build', 'testBundles', 'browser', 'floorEditor'],
    run: () => inExtensionHost(ensureFloorEditor),
  },
  /** The integration suite in a desktop VS Code: VSCODE_EXECUTABLE, or one that is downloaded. */
  desktop: {
    needs: ['build', 'testBundles'],
    run: () => runOnDesktop(),
  },
} satisfies Record<string, Suite>;

export type SuiteName = keyof typeof SUITES;

/** What `npm test` runs; the other two need what not every machine can have. */
export const STANDARD: readonly SuiteName[] = [
  'check',
  'unit',
  'tidy',
  'engine',
  'integration',
  'ui',
  'package',
];
