import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { enginePids, logText } from '../support';

suite('activation', () => {
  test('is done when the editor is up, without starting the engine', async () => {
    const extension = vscode.extensions.getExtension('headlight.headlight');
    assert.ok(extension, 'the extension is installed');
    await extension.activate();
    assert.deepEqual(enginePids(), []);
  });

  test('loads no native code into the extension host', () => {
    const loaded = process.report.getReport() as { sharedObjects?: readonly string[] };
    const native = (loaded.sharedObjects ?? []).filter((path) => /onnxruntime/.test(path));
    assert.deepEqual(native, []);
  });

  test('writes how long it took to the log, which a command shows', async () => {
    assert.match(await logText(), /Activated in \d+\.\d ms/);
  });
});
