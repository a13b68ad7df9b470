import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import * as vscode from 'vscode';
import { mocha } from './mochaSetup';
import './suite/activation.test';
import './suite/manifest.test';
import './suite/pieces.test';
import './suite/translate.test';
import './suite/edits.test';
import './suite/stale.test';
import './suite/documents.test';
import './suite/settings.test';
import './suite/engine.test';
import './suite/failures.test';

interface Outcome {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'pending';
  readonly milliseconds: number;
  readonly error?: string;
}

/** Called by VS Code. Writes every test's outcome to the file that HEADLIGHT_TEST_RESULT names; rejects if one failed. */
export async function run(): Promise<void> {
  const tests: Outcome[] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Mocha.Runner.constants;
    const record = (test: Mocha.Runnable, state: Outcome['state'], error?: Error): void => {
      const title = test.titlePath().join(' > ');
      const milliseconds = test.duration ?? 0;
      const words = error && { error: error.stack ?? String(error) };
      tests.push({ title, state, milliseconds, ...words });
    };
    runner.on(EVENT_TEST_PASS, (test) => record(test, 'passed'));
    runner.on(EVENT_TEST_PENDING, (test) => record(test, 'pending'));
    // Hooks come here too: a failed hook is a failure although its tests never ran.
    runner.on(EVENT_TEST_FAIL, (test, error: Error) => record(test, 'failed', error));
  });
  const path = process.env['HEADLIGHT_TEST_RESULT'];
  const host = `VS Code ${vscode.version}, Node ${process.versions.node}`;
  if (path !== undefined) writeFileSync(path, JSON.stringify({ tests, host }, undefined, 1));
  if (failures > 0) throw new Error(`${failures} of ${tests.length} tests failed.`);
}
