import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command, LinkCommand } from '../../../src/host/ids';
import { follow, hoverOver, hoversOver, said } from '../hovers';
import {
  accepted,
  closeEditors,
  command,
  ENGLISH_SENTENCE,
  expectOutcome,
  KOREAN,
  openText,
  putCursor,
  select,
  setSetting,
} from '../support';

const CODE = `// ${ENGLISH_SENTENCE}\nlet text = "The file could not be opened.";\n`;

suite('hover settings', () => {
  const changed = new Set<string>();
  const set = async (name: string, value: unknown): Promise<void> => {
    changed.add(name);
    await setSetting(name, value);
  };
  const setEditor = (value: unknown): Thenable<void> =>
    vscode.workspace
      .getConfiguration('editor')
      .update('hover.enabled', value, vscode.ConfigurationTarget.Global);
  const count = async (document: vscode.TextDocument, text = ENGLISH_SENTENCE) =>
    (await hoversOver(document, text)).length;

  setup(() => set('targetLanguage', 'ko'));
  teardown(async () => {
    await closeEditors();
    for (const name of changed) await setSetting(name, undefined);
    changed.clear();
    await setEditor(undefined);
  });

  test('all of them can be switched off, by the setting and by the command', async () => {
    const { document } = await openText(CODE, 'javascript');
    assert.equal(await count(document), 1);
    changed.add('hover.enabled');
    assert.equal(await command(Command.toggleHover), false);
    assert.equal(await count(document), 0);
    assert.equal(await command(Command.toggleHover), true);
    assert.equal(await count(document), 1);
  });

  test('languages have their own switch', async () => {
    const script = await openText(CODE, 'javascript');
    const python = await openText(`# ${ENGLISH_SENTENCE}\n`, 'python');
    await set('hover.languages', { python: false });
    assert.equal(await count(script.document), 1);
    assert.equal(await count(python.document), 0);
    await set('hover.languages', { '*': false, python: true });
    assert.equal(await count(script.document), 0);
    assert.equal(await count(python.document), 1);
  });

  test('comments and strings have their own switch', async () => {
    const { document } = await openText(CODE, 'javascript');
    await set('hover.comments', false);
    assert.deepEqual([await count(document), await count(document, 'The file could')], [0, 1]);
    await set('hover.comments', true);
    await set('hover.strings', false);
    assert.deepEqual([await count(document), await count(document, 'The file could')], [1, 0]);
  });

  test('the trigger selection answers over a selection only', async () => {
    const editor = await openText(CODE, 'javascript');
    await set('hover.trigger', 'selection');
    assert.equal(await count(editor.document), 0);
    select(editor, ENGLISH_SENTENCE);
    assert.match(said(await hoverOver(editor.document, ENGLISH_SENTENCE)), KOREAN);
  });

  test('the trigger command answers the command only', async () => {
    const editor = await openText(CODE, 'javascript');
    await set('hover.trigger', 'command');
    select(editor, ENGLISH_SENTENCE);
    assert.equal(await count(editor.document), 0);
    putCursor(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.explainAtCursor, 'shown');
    assert.match(said(await hoverOver(editor.document, ENGLISH_SENTENCE)), KOREAN);
  });

  test('the trigger modifier answers where VS Code asks with a key only', async () => {
    const { document } = await openText(CODE, 'javascript');
    await set('hover.trigger', 'modifier');
    assert.equal(await count(document), 0);
    await setEditor('onKeyboardModifier');
    assert.equal(await count(document), 1);
  });

  test('a delay does not hold what is in the cache, and the model answers after it', async () => {
    const { document } = await openText(CODE, 'javascript');
    await set('hover.delay', 50);
    assert.equal(await count(document), 1);
    await set('hover.delay', 10_000);
    assert.equal(await count(document), 1);
  });

  test('Turn Off Here writes the setting that was chosen', async () => {
    const { document } = await openText(CODE, 'javascript');
    changed.add('hover.languages');
    const hover = await hoverOver(document, ENGLISH_SENTENCE);
    // The first entry of the picker.
    assert.equal(await accepted(follow(hover, LinkCommand.turnOffHover)), 'language');
    assert.equal(await count(document), 0);
    const python = await openText(`# ${ENGLISH_SENTENCE}\n`, 'python');
    assert.equal(await count(python.document), 1);
  });
});
