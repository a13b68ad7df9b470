/** What a suite reports, whether it ran in plain Node, beside a browser or inside an extension host: one JSON file. */

export interface TestOutcome {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'pending';
  readonly milliseconds: number;
  readonly error?: string;
}

export interface SuiteReport {
  readonly tests: readonly TestOutcome[];
  /** Where it ran, for the reader: "VS Code 1.139.1, Node 24". */
  readonly host?: string;
}

/** Name of the environment variable that tells a suite where to write its report. */
export const REPORT_VARIABLE = 'HEADLIGHT_TEST_RESULT';

/** Name of the environment variable that selects tests by their title, for work on one part; unset, all run. */
export const GREP_VARIABLE = 'HEADLIGHT_TEST_GREP';

/** A suite that could not report is one failed test, so that it cannot be overlooked. */
export function failedReport(title: string, error: string): SuiteReport {
  return { tests: [{ title, state: 'failed', milliseconds: 0, error }] };
}

/** A pending test has shown nothing, so it does not count as passed. */
export function countTests(report: SuiteReport): { passed: number; failed: number } {
  const passed = report.tests.filter((test) => test.state === 'passed').length;
  return { passed, failed: report.tests.length - passed };
}

/** A run that ended badly although no test failed is a failure of its own. */
export function consistentReport(report: SuiteReport, code: number): SuiteReport {
  if (code === 0 || report.tests.some((test) => test.state === 'failed')) return report;
  const failure = failedReport('the run ends well', `It ended with code ${code}.`);
  return { ...report, tests: [...report.tests, ...failure.tests] };
}
