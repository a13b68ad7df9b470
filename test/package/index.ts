/** Runs inside an extension host in which the package is installed: its translation must work with what is in it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { REPORT_VARIABLE, type TestOutcome } from '../host/report';

const ID = 'headlight.headlight';
const HANGUL = /[가-힣]/;

const CHECKS: Readonly<Record<string, () => Promise<void>>> = {
  'is installed among the extensions, not run from its sources': async () => {
    const extension = vscode.extensions.getExtension(ID);
    assert.ok(extension);
    assert.equal(basename(dirname(extension.extensionPath)), 'extensions');
    await extension.activate();
  },

  'translates with the model, the library and the programs of the package': async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'markdown',
      content: 'The cache keeps the last results in memory.\n',
    });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, document.lineAt(0).text.length);
    const outcome = await vscode.commands.executeCommand('headlight.translateAndReplace');
    assert.equal(outcome, 'replaced');
    assert.match(document.getText(), HANGUL);
  },
};

/** Called by VS Code. Writes every check's outcome to the file that HEADLIGHT_TEST_RESULT names; rejects if one failed. */
export async function run(): Promise<void> {
  const tests: TestOutcome[] = [];
  for (const [title, check] of Object.entries(CHECKS)) {
    const began = Date.now();
    try {
      await check();
      tests.push({ title, state: 'passed', milliseconds: Date.now() - began });
    } catch (error) {
      const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
      tests.push({ title, state: 'failed', milliseconds: Date.now() - began, error: words });
    }
  }
  const path = process.env[REPORT_VARIABLE];
  const host = `VS Code ${vscode.version}, Node ${process.versions.node}`;
  if (path !== undefined) writeFileSync(path, JSON.stringify({ tests, host }));
  if (tests.some((test) => test.state === 'failed')) throw new Error('A check failed.');
}
