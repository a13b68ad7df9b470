import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { REPORT_VARIABLE, type SuiteReport, type TestOutcome } from './report';

/** Time that open handles may take to close after the last test, before they are reported and the process is ended. */
const GRACE_MS = 15_000;

/**
 * Mocha reporter: prints as `spec` does and writes a SuiteReport to the file that HEADLIGHT_TEST_RESULT names.
 */
export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } =
      Mocha.Runner.constants;
    const tests: TestOutcome[] = [];
    const record = (
      test: Mocha.Runnable,
      state: TestOutcome['state'],
      error?: { error: string },
    ): void => {
      const milliseconds = test.duration ?? 0;
      tests.push({ title: test.titlePath().join(' > '), state, milliseconds, ...error });
    };
    runner.on(EVENT_TEST_PASS, (test) => record(test, 'passed'));
    runner.on(EVENT_TEST_PENDING, (test) => record(test, 'pending'));
    // Hooks come here too: a failed hook is a failure although its tests never ran.
    runner.on(EVENT_TEST_FAIL, (test, error: Error) =>
      record(test, 'failed', { error: error.stack ?? String(error) }),
    );
    runner.once(EVENT_RUN_END, () => {
      const path = process.env[REPORT_VARIABLE];
      const report: SuiteReport = { tests, host: `Node ${process.version}` };
      if (path !== undefined) writeFileSync(path, JSON.stringify(report, undefined, 1));
      setTimeout(endWithOpenHandles, GRACE_MS).unref();
    });
  }
}

/** Unreferenced timers fire only when something else keeps the process alive: a leak of the tests or of what they test. */
function endWithOpenHandles(): void {
  const open = process.getActiveResourcesInfo().join(', ');
  process.stderr.write(`The suite's process did not end by itself; still open: ${open}\n`);
  process.exit(97);
}
