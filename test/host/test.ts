/** `npm test`, `npm run test:SUITE`: runs suites one after another and ends with `N passed, N failed`. */
import { mkdir } from 'node:fs/promises';
import { ensureCurrentEditor } from './install/current';
import { ensureFloorEditor } from './install/floor';
import { ensureSystemPackages } from './install/systemPackages';
import { ARTIFACTS, ROOT } from './paths';
import { run } from './process';
import { countTests, failedReport, type SuiteReport } from './report';
import { STANDARD, SUITES, type Suite, type SuiteName } from './suites';

async function esbuild(...args: string[]): Promise<void> {
  const options = { cwd: ROOT, timeoutMs: 120_000, echo: true };
  const { code } = await run(process.execPath, ['esbuild.js', ...args], options);
  if (code !== 0) throw new Error(`esbuild.js ${args.join(' ')} failed`);
}

const PREPARATIONS: Record<Suite['needs'][number], () => Promise<unknown>> = {
  build: () => esbuild(),
  testBundles: () => esbuild('--tests'),
  browser: () => ensureSystemPackages(['chromium']),
  parallel: () => ensureSystemPackages(['parallel']),
  editor: ensureCurrentEditor,
  floorEditor: ensureFloorEditor,
};

const prepared = new Map<string, Promise<unknown>>();

/** Does a preparation once; every suite that needs it fails with it. */
function prepare(name: Suite['needs'][number]): Promise<unknown> {
  const done = prepared.get(name) ?? PREPARATIONS[name]();
  prepared.set(name, done);
  return done;
}

async function runSuite(suite: Suite): Promise<SuiteReport> {
  try {
    for (const need of suite.needs) await prepare(need);
    const report = await suite.run();
    return report.tests.length > 0 ? report : failedReport('has tests', 'No test was found.');
  } catch (error) {
    return failedReport(
      'the suite can run',
      error instanceof Error ? error.message : String(error),
    );
  }
}

function isSuiteName(name: string): name is SuiteName {
  return Object.hasOwn(SUITES, name);
}

/** Inside an extension host a suite cannot print; its failures are shown here for all suites alike. */
function printReport(name: SuiteName, report: SuiteReport, began: number): void {
  const { passed, failed } = countTests(report);
  for (const test of report.tests) {
    if (test.state !== 'passed') {
      console.log(`${test.state.toUpperCase()}: ${name}: ${test.title}\n${test.error ?? ''}`);
    }
  }
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  const host = report.host === undefined ? '' : `, ${report.host}`;
  console.log(`${name}: ${passed} of ${passed + failed} in ${seconds} s${host}`);
}

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !isSuiteName(name));
  if (unknown.length > 0) {
    console.error(
      `No such suite: ${unknown.join(', ')}. There are: ${Object.keys(SUITES).join(', ')}`,
    );
    process.exit(2);
  }
  const names = asked.length > 0 ? asked.filter(isSuiteName) : [...STANDARD];
  if (asked.length === 0 && process.env['VSCODE_EXECUTABLE']) names.push('desktop');
  await mkdir(ARTIFACTS, { recursive: true });

  const total = { passed: 0, failed: 0 };
  const summary: string[] = [];
  for (const name of names) {
    console.log(`\n=== ${name}`);
    const began = Date.now();
    const report = await runSuite(SUITES[name]);
    printReport(name, report, began);
    const { passed, failed } = countTests(report);
    total.passed += passed;
    total.failed += failed;
    summary.push(`${name.padEnd(12)} ${passed} passed, ${failed} failed, ${Date.now() - began} ms`);
  }
  console.log(`\n${summary.join('\n')}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed === 0 ? 0 : 1);
}

void main();
