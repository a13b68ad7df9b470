import assert from 'node:assert/strict';
import { PANEL_VIEWS } from '../../src/protocol/panelState';
import { AttentionPanel } from './attentionPanel';
import type { Workbench } from './workbench';

const SENTENCE = 'When it grows too large, the oldest entries are removed.';
/** More digits than the model copies without a fault. */
const NUMBERS =
  'The values 918273, 5647382910, 102938475 and 6758493021 are the sums of 31415926535 and 2718281828.';
const OTHER = 'The cache keeps the last results in memory.';

describe('the attention panel and the editor', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let panel: AttentionPanel;

  before(async () => {
    panel = await AttentionPanel.openFor(SENTENCE);
    workbench = panel.workbench;
  });
  after(() => workbench?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await workbench.screenshot(`failed ${this.currentTest.title}`);
    }
  });

  it('open beside each other from the palette, with every view', async () => {
    const ids = await panel.frame
      .locator('[role=tab]')
      .evaluateAll((tabs) => tabs.map(({ id }) => id));
    assert.deepEqual(
      ids,
      PANEL_VIEWS.map((view) => `tab-${view}`),
    );
    const grid = panel.frame.locator('.view [role=grid]');
    await grid.waitFor();
    assert.equal(await grid.getAttribute('aria-rowcount'), String(6 + 2 + 2));
    assert.equal(await grid.getAttribute('aria-colcount'), '8');
    assert.ok(await workbench.line(/When\sit\sgrows/).isVisible(), 'the text stays on the screen');
  });

  it('mark a token in the text while the mouse is on it in the panel', async () => {
    const { token, word } = await panel.wholeWord(SENTENCE);
    await panel.expectNoMark();
    await token.hover();
    await panel.expectMarkOn(word);
    await panel.tab('text').hover();
    await panel.expectNoMark();
  });

  it('keep the mark of a token that is pinned, until it is let go', async () => {
    const { token, word } = await panel.wholeWord(SENTENCE);
    await token.click();
    await panel.tab('text').hover();
    await panel.expectMarkOn(word);
    await panel.frame.locator('.view [role=listbox]').press('Escape');
    await panel.tab('text').hover();
    await panel.expectNoMark();
  });

  it('show the token of the cursor in the panel, and that of the mouse', async () => {
    const tokens = await panel.openSourceTokens();
    const current = panel.frame.locator('[id^="text-key-"].cursor');
    await workbench.placeCursor('oldest');
    await current.first().waitFor();
    const text = (await current.allInnerTexts()).join('').trim();
    assert.ok(text !== '' && 'oldest'.startsWith(text), text);
    assert.ok((await tokens.count()) > (await current.count()));
    const { x, y, width, height } = await workbench.textBox('removed');
    await workbench.page.mouse.move(x + width / 2, y + height / 2, { steps: 3 });
    await panel.frame.waitForFunction(() => {
      const shown = document.querySelector('[id^="text-key-"].cursor');
      return shown !== null && 'removed'.includes((shown.textContent ?? '-').trim());
    });
    await workbench.placeCursor(OTHER);
    await current.first().waitFor({ state: 'detached' });
  });

  it('mark the shifted place after an edit elsewhere', async () => {
    await workbench.placeCursor(OTHER);
    await workbench.page.keyboard.type('Note. ');
    await workbench.page.keyboard.press('Home');
    await workbench.page.keyboard.press('Enter');
    const { token, word } = await panel.wholeWord(SENTENCE);
    await token.hover();
    await panel.expectMarkOn(word);
    await panel.tab('text').hover();
    await panel.expectNoMark();
    assert.equal((await panel.notice().innerText()).trim(), '');
  });

  it('mark every editor that shows the text', async () => {
    await panel.focusText();
    await workbench.runCommand('View: Split Editor Down');
    const { token } = await panel.wholeWord(SENTENCE);
    await token.hover();
    await workbench.page.waitForFunction(
      () => document.querySelectorAll('.monaco-editor .view-overlays [class*="ced-"]').length === 2,
    );
    await panel.tab('text').hover();
    await workbench.placeCursor(OTHER);
    await workbench.runCommand('View: Close Editor');
  });

  it('scroll the text on Enter only', async () => {
    await workbench.addFile('long.md', `${SENTENCE}\n${'\nAnother line.'.repeat(200)}\n`);
    await panel.focusText();
    await workbench.openFile('long.md');
    await workbench.placeCursor(SENTENCE);
    panel = await AttentionPanel.show(workbench);
    const { token } = await panel.wholeWord(SENTENCE);
    await workbench.line(/When\sit\sgrows/).click();
    await workbench.page.keyboard.press('Control+End');
    const first = workbench.line(/When\sit\sgrows/);
    await first.waitFor({ state: 'detached' });
    await token.hover();
    await token.click();
    await panel.frame.locator('.view .token.pinned').first().waitFor();
    assert.equal(await first.count(), 0, 'neither hovering nor pinning scrolls');
    await panel.frame.locator('.view [role=listbox]').press('Enter');
    await first.waitFor();
    await panel.frame.locator('.view [role=listbox]').press('Escape');
  });

  it('say that the document is closed, and go on when it is open again', async () => {
    const { token, word } = await panel.wholeWord(SENTENCE);
    await panel.focusText();
    await workbench.runCommand('View: Close Editor');
    await panel.notice().filter({ hasText: 'The document is closed' }).waitFor();
    await panel.focusText();
    await workbench.openFile('long.md');
    await panel.notice().filter({ hasText: 'closed' }).waitFor({ state: 'hidden' });
    await token.hover();
    await panel.expectMarkOn(word);
  });

  it('are apart after an edit inside: Stale, no mark, and run again on demand', async () => {
    const { token } = await panel.wholeWord(SENTENCE);
    await token.click();
    await workbench.placeCursor('oldest');
    await workbench.page.keyboard.type('very ');
    const notice = panel.notice().filter({ hasText: 'The text was edited since' });
    await notice.waitFor();
    assert.equal(await panel.notice().getAttribute('data-kind'), 'stale');
    await panel.expectNoMark();
    await token.hover();
    await panel.tab('text').hover();
    assert.deepEqual(await panel.marks(), []);
    await workbench.screenshot('attention stale');
    await notice.locator('vscode-button').click();
    await notice.waitFor({ state: 'hidden' });
    await panel.frame.locator('[id^="text-key-"]').filter({ hasText: 'very' }).waitFor();
    const again = await panel.wholeWord('When it grows too large');
    await again.token.hover();
    await panel.expectMarkOn(again.word);
  });

  it('show another hypothesis and a title of the same text, each marked as such, and go back', async () => {
    await workbench.addFile('other.md', `${OTHER}\n`);
    await panel.focusText();
    await workbench.openFile('other.md');
    await workbench.placeCursor(OTHER);
    panel = await AttentionPanel.show(workbench);
    await panel.frame.locator('.run-note').waitFor({ state: 'hidden' });
    await panel.openView('steps');
    const rows = panel.frame.locator('.steps-view .table tbody tr');
    await rows.nth(0).filter({ hasText: '✓ Shown' }).waitFor();
    const second = (await rows.nth(1).locator('td').first().innerText()).trim();
    await rows.nth(1).getByText('Show hypothesis 2').click();
    const note = panel.frame.locator('.run-note');
    await note.filter({ hasText: /^Hypothesis 2 of 4, score -/ }).waitFor();
    await rows.nth(1).filter({ hasText: '✓ Shown' }).waitFor();
    const output = panel.frame.locator('[id^="step-output-"]:not(.special)');
    const shown = (await output.allInnerTexts()).join('').replaceAll(/[\s␣]/g, '');
    assert.equal(shown, second.replaceAll(/\s/g, ''));
    await panel.openView('overview');
    await workbench.screenshot('attention hypothesis');
    await note.getByText('Back to what is used').click();
    await note.waitFor({ state: 'hidden' });
    await panel.frame.getByLabel('The model writes').selectOption('title');
    await note.filter({ hasText: 'Here the model writes a title, no translation.' }).waitFor();
    const { token, word } = await panel.wholeWord(OTHER);
    await token.hover();
    await panel.expectMarkOn(word);
    assert.equal(await panel.frame.locator('#text-key-0').innerText(), '<title>');
    await panel.tab('text').hover();
    await panel.frame.getByLabel('The model writes').selectOption('translation');
    await note.waitFor({ state: 'hidden' });
  });

  it('show an output that changed a number, and say that it is not used', async () => {
    await workbench.addFile('figures.md', `${NUMBERS}\n`);
    await panel.focusText();
    await workbench.openFile('figures.md');
    await workbench.placeCursor('The values');
    panel = await AttentionPanel.show(workbench);
    const notice = panel.notice();
    await notice.filter({ hasText: 'is not used when translating' }).waitFor();
    assert.match(await notice.innerText(), /the model changed a number/);
    assert.equal(await notice.getAttribute('data-kind'), 'info');
    assert.ok((await (await panel.openSourceTokens()).count()) > 15, 'its attention is shown');
  });

  it('say why there is nothing to look at, and what to do', async () => {
    await workbench.addFile('numbers.md', '12345\n');
    await panel.focusText();
    await workbench.openFile('numbers.md');
    await workbench.placeCursor('12345');
    await workbench.runCommand('Headlight: Show Attention');
    await workbench.notifications().filter({ hasText: 'only code, numbers or signs' }).waitFor();
  });
});
