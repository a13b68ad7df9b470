import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { followOutcomes } from '../host/outcomes';
import { GREP_VARIABLE, REPORT_VARIABLE, type TestOutcome } from '../host/report';
import { mocha } from './mochaSetup';
import './suite/activation.test';
import './suite/manifest.test';
import './suite/pieces.test';
import './suite/translate.test';
import './suite/edits.test';
import './suite/stale.test';
import './suite/anchors.test';
import './suite/documents.test';
import './suite/documentView.test';
import './suite/writing.test';
import './suite/virtual.test';
import './suite/kinds.test';
import './suite/stages.test';
import './suite/git.test';
import './suite/settings.test';
import './suite/engine.test';
import './suite/failures.test';
import './suite/cuda.test';
import './suite/hovers.test';
import './suite/hoverSettings.test';
import './suite/hoverOthers.test';
import './suite/hoverPieces.test';
import './suite/keystrokes.test';
import './suite/explain.test';
import './suite/commentIndex.test';
import './suite/comments.test';
import './suite/bilingual.test';
import './suite/terms.test';
import './suite/reach.test';

/** Called by VS Code. Writes every test's outcome to the file that HEADLIGHT_TEST_RESULT names; rejects if one failed. */
export async function run(): Promise<void> {
  // For one's own suite while it is written; a whole run has no such variable.
  const only = process.env['HEADLIGHT_TEST_GREP'];
  if (only) mocha.grep(only);
  let tests: readonly TestOutcome[] = [];
  const selected = process.env[GREP_VARIABLE];
  if (selected) mocha.grep(new RegExp(selected));
  const failures = await new Promise<number>((resolve) => {
    tests = followOutcomes(mocha.run(resolve));
  });
  const path = process.env[REPORT_VARIABLE];
  const host = `VS Code ${vscode.version}, Node ${process.versions.node}`;
  if (path !== undefined) writeFileSync(path, JSON.stringify({ tests, host }, undefined, 1));
  if (failures > 0) throw new Error(`${failures} of ${tests.length} tests failed.`);
}
