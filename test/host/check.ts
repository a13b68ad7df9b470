import { ROOT } from './paths';
import { run, tail } from './process';
import type { SuiteReport, TestOutcome } from './report';

const MINUTES = 60_000;

const TOOLS = {
  'every part compiles': ['typescript/bin/tsc', '-b'],
  'no lint warning': ['eslint/bin/eslint.js', '.', '--max-warnings', '0'],
  'every file is formatted': ['prettier/bin/prettier.cjs', '--check', '.'],
} as const;

/** What the tools say of the sources, a test for each tool. */
export async function runChecks(): Promise<SuiteReport> {
  const tests: TestOutcome[] = [];
  for (const [title, [script, ...args]] of Object.entries(TOOLS)) {
    const began = Date.now();
    const options = { cwd: ROOT, timeoutMs: 10 * MINUTES };
    const result = await run(process.execPath, [`node_modules/${script}`, ...args], options);
    const milliseconds = Date.now() - began;
    if (result.code === 0) tests.push({ title, state: 'passed', milliseconds });
    else tests.push({ title, state: 'failed', milliseconds, error: tail(result.output, 60) });
  }
  return { tests };
}
