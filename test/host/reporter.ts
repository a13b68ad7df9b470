import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { followOutcomes } from './outcomes';
import { REPORT_VARIABLE, type SuiteReport } from './report';

/** Time that open handles may take to close after the last test, before they are reported and the process is ended. */
const GRACE_MS = 15_000;

/**
 * Mocha reporter: prints as `spec` does and writes a SuiteReport to the file that HEADLIGHT_TEST_RESULT names.
 */
export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const tests = followOutcomes(runner);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
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
