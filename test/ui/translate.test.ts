import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SAMPLE_WORKSPACE } from '../host/paths';
import { Workbench } from './workbench';

const SENTENCE = 'When it grows too large, the oldest entries are removed.';
const KOREAN_SENTENCE = '내일 회의에서 이 문제를 다시 이야기합시다.';
const HANGUL = /[가-힣]/;

describe('the workbench', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let english: string;

  before(async () => {
    english = await readFile(join(SAMPLE_WORKSPACE, 'english.md'), 'utf8');
    workbench = await Workbench.open();
  });
  after(() => workbench?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await workbench.screenshot(`failed ${this.currentTest.title}`);
    }
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Escape');
  });

  async function translateByMouse(file: string, sentence: string): Promise<string> {
    await workbench.openFile(file);
    await workbench.selectByMouse(sentence);
    await workbench.runCommand('Headlight: Translate Selection');
    await workbench.widgetAction('Replace').waitFor();
    return workbench.widget().innerText();
  }

  it('shows a translation at a sentence selected with the mouse', async () => {
    const text = await translateByMouse('english.md', SENTENCE);
    assert.match(text, /English → Korean/);
    assert.match(text, HANGUL);
    await workbench
      .statusItem()
      .filter({ hasText: /Headlight: \w+/ })
      .waitFor();
  });

  it('translates Korean into English', async () => {
    const text = await translateByMouse('korean.md', KOREAN_SENTENCE);
    assert.match(text, /Korean → English/);
    assert.match(text, /[A-Za-z]{3,} [A-Za-z]+/);
  });

  it('replaces from the widget, and one undo brings the text back', async () => {
    await translateByMouse('english.md', SENTENCE);
    await workbench.widgetAction('Replace').click();
    const replaced = await workbench.savedText('english.md', (text) => text !== english);
    const [before, after] = english.split(SENTENCE) as [string, string];
    assert.ok(replaced.startsWith(before) && replaced.endsWith(after), replaced);
    const inserted = replaced.slice(before.length, replaced.length - after.length);
    assert.match(inserted, HANGUL);
    await workbench.page.keyboard.press('Control+Z');
    assert.equal(await workbench.savedText('english.md', (text) => text === english), english);
  });

  it('inserts the translation below, and one undo brings the text back', async () => {
    await translateByMouse('english.md', SENTENCE);
    await workbench.widgetAction('Insert Below').click();
    const text = await workbench.savedText('english.md', (saved) => saved !== english);
    const lines = text.split('\n');
    const inserted = lines.splice(lines.indexOf(SENTENCE) + 1, 1)[0] ?? '';
    assert.match(inserted, HANGUL);
    assert.equal(lines.join('\n'), english);
    await workbench.page.keyboard.press('Control+Z');
    assert.equal(await workbench.savedText('english.md', (saved) => saved === english), english);
  });

  it('copies the translation', async () => {
    const shown = await translateByMouse('english.md', SENTENCE);
    await workbench.widgetAction('Copy').click();
    await workbench.page.locator('.statusbar-item', { hasText: 'Translation copied' }).waitFor();
    const copied = await workbench.page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, HANGUL);
    assert.ok(shown.includes(copied), `${copied} is not in ${shown}`);
  });

  it('works by the keyboard alone: line, key chord, Tab to an action, Enter', async () => {
    await workbench.openFile('english.md');
    await workbench.selectLineByKeyboard(SENTENCE);
    await workbench.page.keyboard.press('Control+K');
    await workbench.page.keyboard.press('Control+Y');
    const replace = workbench.widgetAction('Replace');
    await replace.waitFor();
    for (let steps = 0; steps < 10; steps++) {
      if (await replace.evaluate((element) => element === document.activeElement)) break;
      await workbench.page.keyboard.press('Tab');
    }
    await workbench.page.keyboard.press('Enter');
    const replaced = await workbench.savedText('english.md', (text) => text !== english);
    assert.ok(!replaced.includes(SENTENCE), replaced);
    await workbench.page.keyboard.press('Control+Z');
    assert.equal(await workbench.savedText('english.md', (text) => text === english), english);
  });

  it('takes the comment under the cursor when nothing is selected', async () => {
    await workbench.openFile('comments.ts');
    await workbench.placeCursor('잠시 기다린 뒤');
    await workbench.runCommand('Headlight: Translate Selection');
    await workbench.widgetAction('Replace').waitFor();
    const text = await workbench.widget().innerText();
    assert.match(text, /Korean → English/);
    assert.doesNotMatch(text, /\/\//);
  });

  it('opens a menu from the status bar', async () => {
    await workbench.statusItem().click();
    const labels = ['Translate Selection', 'Switch Direction', 'Select Device', 'Show Log'];
    for (const label of labels) {
      await workbench.quickRows().filter({ hasText: label }).first().waitFor();
    }
    await workbench.screenshot('menu');
  });

  it('cancels a long translation without a word of failure', async () => {
    const lines = Array.from(
      { length: 400 },
      (_, index) => `Number ${index} of the long list tells how the program behaves under load.`,
    );
    await workbench.addFile('long.txt', lines.join('\n'));
    await workbench.openFile('long.txt');
    await workbench.placeCursor('Number 0 of');
    await workbench.page.keyboard.press('Control+A');
    await workbench.runCommand('Headlight: Translate and Replace');
    const progress = workbench.notifications().filter({ hasText: 'Translating' });
    await progress.waitFor();
    await workbench.screenshot('progress');
    await workbench.runCommand('Headlight: Cancel');
    await progress.waitFor({ state: 'detached' });
    assert.equal(await workbench.notifications().count(), 0);
    assert.equal(await workbench.savedText('long.txt', () => true), lines.join('\n'));
    await workbench.page
      .locator('.statusbar-item[id^="headlight.headlight"][aria-label*="Ready"]')
      .waitFor();
  });

  for (const theme of ['light', 'dark', 'highContrast'] as const) {
    it(`is readable in the ${theme} theme (screenshot)`, async () => {
      await workbench.openFile('english.md');
      await workbench.setTheme(theme);
      await translateByMouse('english.md', SENTENCE);
      const { text, background } = await workbench.widgetColours();
      assert.notEqual(text, background);
      await workbench.screenshot(`translation-${theme}`);
    });
  }
});
