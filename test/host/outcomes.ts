import Mocha from 'mocha';
import type { TestOutcome } from './report';

/** Follows a mocha run. The array is complete when the run has ended. */
export function followOutcomes(runner: Mocha.Runner): readonly TestOutcome[] {
  const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Mocha.Runner.constants;
  const tests: TestOutcome[] = [];
  const record = (test: Mocha.Runnable, state: TestOutcome['state'], error?: Error): void => {
    const title = test.titlePath().join(' > ');
    const milliseconds = test.duration ?? 0;
    const words = error && { error: error.stack ?? String(error) };
    tests.push({ title, state, milliseconds, ...words });
  };
  runner.on(EVENT_TEST_PASS, (test) => record(test, 'passed'));
  runner.on(EVENT_TEST_PENDING, (test) => record(test, 'pending'));
  // Hooks come here too: a failed hook is a failure although its tests never ran.
  runner.on(EVENT_TEST_FAIL, (test, error: Error) => record(test, 'failed', error));
  return tests;
}
