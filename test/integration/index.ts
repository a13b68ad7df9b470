import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { followOutcomes } from '../host/outcomes';
import { REPORT_VARIABLE, type TestOutcome } from '../host/report';
import { mocha } from './mochaSetup';
import './suite/activation.test';
import './suite/manifest.test';
import './suite/pieces.test';
import './suite/translate.test';
import './suite/edits.test';
import './suite/stale.test';
import './suite/documents.test';
import './suite/virtual.test';
import './suite/git.test';
import './suite/settings.test';
import './suite/engine.test';
import './suite/failures.test';

/** Called by VS Code. Writes every test's outcome to the file that HEADLIGHT_TEST_RESULT names; rejects if one failed. */
export async function run(): Promise<void> {
  let tests: readonly TestOutcome[] = [];
  const failures = await new Promise<number>((resolve) => {
    tests = followOutcomes(mocha.run(resolve));
  });
  const path = process.env[REPORT_VARIABLE];
  const host = `VS Code ${vscode.version}, Node ${process.versions.node}`;
  if (path !== undefined) writeFileSync(path, JSON.stringify({ tests, host }, undefined, 1));
  if (failures > 0) throw new Error(`${failures} of ${tests.length} tests failed.`);
}
