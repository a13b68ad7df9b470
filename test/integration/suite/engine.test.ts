import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command, RESULT_SCHEME, Setting } from '../../../src/host/ids';
import {
  activeDocument,
  closeEditors,
  command,
  ENGLISH_SENTENCE,
  enginePids,
  expectOutcome,
  KOREAN,
  manySentences,
  openText,
  select,
  setSetting,
  shownText,
  textOnce,
} from '../support';

suite('engine', () => {
  teardown(closeEditors);

  const translate = async (): Promise<void> => {
    const editor = await openText(ENGLISH_SENTENCE);
    select(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.translateSelection, 'shown');
    assert.match(await shownText(editor), KOREAN);
  };

  test('one process serves all calls', async () => {
    await translate();
    const pids = enginePids();
    await translate();
    assert.equal(pids.length, 1);
    assert.deepEqual(enginePids(), pids);
  });

  test('is there again after it was killed', async () => {
    await translate();
    const [before] = enginePids();
    assert.ok(before);
    process.kill(before, 'SIGKILL');
    await translate();
    const [after] = enginePids();
    assert.ok(after && after !== before, 'another process answered');
  });

  test('killed in the middle of a call, answers it all the same', async () => {
    await translate();
    const text = manySentences(15, 'killed');
    const editor = await openText(text);
    select(editor, text);
    const call = command(Command.translateAndReplace);
    const [pid] = enginePids();
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    assert.equal(await call, 'replaced');
    assert.match(editor.document.getText(), KOREAN);
    assert.equal(editor.document.lineCount, 15);
  });

  test('unloads the model and loads it again', async () => {
    await translate();
    assert.equal(await command(Command.unloadModel), true);
    assert.equal(await command(Command.unloadModel), false);
    await translate();
  });

  test('Select Device writes the setting and loads the model there', async () => {
    try {
      assert.equal(await command(Command.selectDevice, 'cpu'), 'cpu');
      const settings = vscode.workspace.getConfiguration('headlight');
      assert.equal(settings.inspect(Setting.device)?.globalValue, 'cpu');
      await translate();
    } finally {
      await setSetting(Setting.device, undefined);
    }
  });

  test('the diagnostics tell of the machine and the model, and hold no text of the user', async () => {
    await translate();
    await command(Command.runDiagnostics);
    const report = await activeDocument(({ uri }) => uri.scheme === RESULT_SCHEME);
    assert.equal(report.languageId, 'markdown');
    // An older report may stand there until the editor asks for the new one.
    const text = await textOnce(report, new RegExp(`\\| Process +\\| ${enginePids()[0]} `, 'u'));
    for (const expected of [
      `| VS Code | ${vscode.version}`,
      `| Platform | ${process.platform} ${process.arch}`,
      '| cpu | yes |',
      '| Parameters |',
      `| Process | ${enginePids()[0]} |`,
    ]) {
      assert.ok(text.replace(/ +/g, ' ').includes(expected), `${expected}\n${text}`);
    }
    assert.doesNotMatch(text, /The cache|[가-힣]/);
  });
});
