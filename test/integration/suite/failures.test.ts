import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, RESULT_SCHEME, Setting } from '../../../src/host/ids';
import {
  activeDocument,
  closeEditors,
  command,
  ENGLISH_SENTENCE,
  expectOutcome,
  KOREAN,
  openText,
  select,
  setSetting,
  shownText,
  textOnce,
} from '../support';

suite('failures', () => {
  let folder: string;

  suiteSetup(() => {
    folder = mkdtempSync(join(tmpdir(), 'headlight-model-'));
  });
  suiteTeardown(() => rmSync(folder, { recursive: true, force: true }));
  teardown(async () => {
    await setSetting(Setting.modelPath, undefined);
    await closeEditors();
  });

  const failThenRecover = async (path: string): Promise<void> => {
    const editor = await openText(ENGLISH_SENTENCE);
    select(editor, ENGLISH_SENTENCE);
    await setSetting(Setting.modelPath, path);
    await expectOutcome(Command.translateAndReplace, 'failed');
    assert.equal(editor.document.getText(), ENGLISH_SENTENCE);
    await setSetting(Setting.modelPath, undefined);
    await expectOutcome(Command.translateSelection, 'shown');
    assert.match(await shownText(editor), KOREAN);
  };

  test('a model folder that does not exist', () => failThenRecover(join(folder, 'missing')));

  test('a model folder whose config.json is nonsense', async () => {
    writeFileSync(join(folder, 'config.json'), '{ "d_model": -1 }');
    await failThenRecover(folder);
  });

  test('the diagnostics say what is wrong with the model', async () => {
    await setSetting(Setting.modelPath, join(folder, 'missing'));
    await command(Command.runDiagnostics);
    const report = await activeDocument(({ uri }) => uri.scheme === RESULT_SCHEME);
    // The document may have been open before; VS Code then asks for its new text by and by.
    const text = await textOnce(report, /Failed: modelNotFound/u);
    assert.ok(text.includes(join(folder, 'missing')));
  });
});
