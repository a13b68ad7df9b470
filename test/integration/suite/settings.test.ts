import assert from 'node:assert/strict';
import { Command, RESULT_SCHEME, Setting } from '../../../src/host/ids';
import {
  closeEditors,
  command,
  ENGLISH_SENTENCE,
  expectOutcome,
  KOREAN,
  KOREAN_SENTENCE,
  openText,
  resultHover,
  select,
  setSetting,
  shownEditor,
  shownText,
  textOnce,
} from '../support';

suite('settings apply at once', () => {
  const changed = new Set<string>();
  const set = async (name: string, value: unknown): Promise<void> => {
    changed.add(name);
    await setSetting(name, value);
  };

  teardown(async () => {
    for (const name of changed) await setSetting(name, undefined);
    changed.clear();
    await closeEditors();
  });

  const translate = async (text: string): Promise<string> => {
    const editor = await openText(text);
    select(editor, text);
    await expectOutcome(Command.translateSelection, 'shown');
    return shownText(editor);
  };

  test('targetLanguage: text that is in it already is kept, and the widget says so', async () => {
    await set(Setting.targetLanguage, 'en');
    const editor = await openText(ENGLISH_SENTENCE);
    select(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.translateSelection, 'shown');
    assert.equal(await shownText(editor), ENGLISH_SENTENCE);
    const parts = await resultHover(editor.document, editor.selection.active);
    assert.match(parts.at(-1)?.value ?? '', /\$\(info\)/);
    assert.doesNotMatch(await translate(KOREAN_SENTENCE), KOREAN);
    await set(Setting.targetLanguage, 'ko');
    assert.match(await translate(ENGLISH_SENTENCE), KOREAN);
  });

  test('Switch Direction goes round automatic, Korean, English', async () => {
    changed.add(Setting.targetLanguage);
    const seen = [];
    for (let i = 0; i < 3; i++) seen.push(await command(Command.switchDirection));
    assert.deepEqual(seen, ['ko', 'en', 'auto']);
  });

  test('output.mode decides what Translate Selection does', async () => {
    await set(Setting.outputMode, 'copy');
    const editor = await openText(ENGLISH_SENTENCE);
    select(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.translateSelection, 'copied');
    await set(Setting.outputMode, 'insertBelow');
    await expectOutcome(Command.translateSelection, 'inserted');
    await set(Setting.outputMode, 'replace');
    select(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.translateSelection, 'replaced');
    const [first, second] = editor.document.getText().split('\n');
    assert.equal(first, second);
    await set(Setting.outputMode, 'document');
    const other = await openText('Open the file.');
    select(other, 'Open the file.');
    await expectOutcome(Command.translateSelection, 'opened');
    await textOnce((await shownEditor(RESULT_SCHEME)).document, KOREAN);
  });

  test('protect.patterns keeps what it matches; a broken entry does no harm', async () => {
    await set(Setting.protectPatterns, ['the [a-z]+ results', '(', '']);
    assert.match(await translate(ENGLISH_SENTENCE), /the last results/);
  });

  test('decoding.beam: greedy search translates too', async () => {
    await set(Setting.beam, 1);
    assert.match(await translate('Close the window before you restart the computer.'), KOREAN);
  });

  test('a value of the wrong kind is as good as the default', async () => {
    await set(Setting.beam, 'many');
    await set(Setting.targetLanguage, 'xx');
    await set(Setting.outputMode, 7);
    assert.match(await translate(ENGLISH_SENTENCE), KOREAN);
  });

  test('threads and cache.maxMegabytes load the model again', async () => {
    await set(Setting.threads, 1);
    await set(Setting.cacheMegabytes, 0);
    assert.match(await translate(ENGLISH_SENTENCE), KOREAN);
  });
});
