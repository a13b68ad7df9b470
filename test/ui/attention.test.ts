import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import { Workbench } from './workbench';

const SENTENCE = 'When it grows too large, the oldest entries are removed.';

describe('the attention panel', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let panel: FrameLocator;

  before(async () => {
    workbench = await Workbench.open();
    await workbench.openFile('english.md');
    await workbench.placeCursor(SENTENCE);
    await workbench.runCommand('Headlight: Show Attention');
    panel = workbench.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await panel.locator('canvas.map').waitFor();
    await panel.locator('.exact').filter({ hasText: 'weight' }).waitFor();
  });
  after(() => workbench?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await workbench.screenshot(`failed ${this.currentTest.title}`);
    }
  });

  it('has a cell for every head of every kind', async () => {
    assert.equal(await panel.locator('[role=gridcell]').count(), (6 + 2 + 2) * 8);
    assert.deepEqual(await panel.locator('.block h2').allInnerTexts(), [
      'Encoder self-attention',
      'Decoder self-attention',
      'Encoder-decoder attention',
    ]);
  });

  it('moves by keyboard and tells the exact weight', async () => {
    const map = panel.locator('canvas.map');
    await map.focus();
    await map.press('Control+Home');
    const first = await panel.locator('.exact').innerText();
    assert.match(first, /^Query .+ \(1\/\d+\) → Key .+ \(1\/\d+\): weight 0?[.\d]+.*, rank \d+$/);
    await map.press('ArrowDown');
    assert.match(await panel.locator('.exact').innerText(), /\(2\/\d+\) → .+\(1\/\d+\)/);
  });

  it('lists the strongest keys of the query, which add up to no more than one', async () => {
    const weights = await panel.locator('.row-table tbody td:last-child').allInnerTexts();
    assert.ok(weights.length > 5);
    const numbers = weights.map(Number);
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => b - a),
    );
    const sum = numbers.reduce((total, weight) => total + weight, 0);
    assert.ok(sum > 0.3 && sum <= 1.01, String(sum));
  });

  it('shows another head when its cell is chosen', async () => {
    const title = panel.locator('h2.title');
    const before = await title.innerText();
    await panel.locator('[role=gridcell]').nth(13).press('Enter');
    await title.filter({ hasText: 'layer 2, head 6' }).waitFor();
    assert.notEqual(await title.innerText(), before);
    assert.equal(
      await panel.locator('[role=gridcell][aria-selected=true]').getAttribute('tabindex'),
      '0',
    );
  });

  it('marks the key in the editor', async () => {
    const map = panel.locator('canvas.map');
    await map.press('Control+Home');
    await map.press('ArrowRight');
    const text = await panel.locator('.exact').innerText();
    assert.match(text, /Key When/);
    const marked = workbench.page.locator('.monaco-editor .view-overlays [class*="ced-"]').first();
    await marked.waitFor({ state: 'attached' });
  });

  it('looks right in every theme', async () => {
    for (const theme of ['dark', 'light', 'highContrast'] as const) {
      await workbench.setTheme(theme);
      await panel.locator('canvas.map').waitFor();
      await workbench.screenshot(`attention ${theme}`);
    }
  });

  it('says so when the text has changed', async () => {
    await workbench.page.locator('.monaco-editor .view-line').first().click();
    await workbench.page.keyboard.type('x');
    await panel.locator('.notice').filter({ hasText: 'The text has changed' }).waitFor();
  });

  it('asks for a sentence where there is none', async () => {
    await workbench.addFile('numbers.md', '12345\n');
    await workbench.openFile('numbers.md');
    await workbench.placeCursor('12345');
    await workbench.runCommand('Headlight: Show Attention');
    await workbench.notifications().filter({ hasText: 'put the cursor in a sentence' }).waitFor();
  });
});
