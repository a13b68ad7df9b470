import assert from 'node:assert/strict';
import { AttentionPanel } from './attentionPanel';
import type { Workbench } from './workbench';

const SENTENCE = 'When it grows too large, the oldest entries are removed.';

describe('the attention panel over hiding and reloading', function () {
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

  const panelTab = () => workbench.page.locator('.tab[aria-label^="Attention"]').first();

  const chosenView = () => panel.frame.locator('[role=tab][aria-selected=true]').getAttribute('id');

  it('comes back as it was after it was hidden', async () => {
    await panel.openView('text');
    await panel.frame.locator('[id^="text-key-"]').nth(3).click();
    await panel.frame.locator('.view .token.pinned').first().waitFor();
    await panelTab().click();
    await workbench.runCommand('File: New Untitled Text File');
    await workbench.page.locator('iframe.webview').waitFor({ state: 'hidden' });
    await panelTab().click();
    panel = await AttentionPanel.find(workbench);
    await panel.frame.locator('.view .token.pinned').first().waitFor();
    assert.equal(await chosenView(), 'tab-text');
    assert.equal((await panel.notice().innerText()).trim(), '');
  });

  it('asks before it computes again after the window was reloaded', async () => {
    const { page } = workbench;
    // By the command, which saves what is open before; the browser's own reload would not wait for that.
    const loaded = page.waitForEvent('load');
    await workbench.runCommand('Developer: Reload Window');
    await loaded;
    await workbench.statusItem().waitFor();
    await page.locator('iframe.webview.ready').waitFor();
    panel = await AttentionPanel.find(workbench);
    const notice = panel.notice().filter({ hasText: 'no longer in memory' });
    await notice.waitFor();
    await workbench.screenshot('attention recompute');
    assert.equal(await panel.frame.locator('[role=tab]').first().isVisible(), false);
    assert.doesNotMatch(await workbench.statusItem().innerText(), /Ready/, 'no model was loaded');
    await notice.locator('vscode-button').click();
    await panel.frame.locator('[id^="text-key-"]').first().waitFor();
    assert.equal(await chosenView(), 'tab-text', 'with the view that was shown');
    await panel.frame.locator('.view .token.pinned').first().waitFor();
    const { token, word } = await panel.wholeWord(SENTENCE);
    await panel.frame.locator('.view [role=listbox]').press('Escape');
    await token.hover();
    await panel.expectMarkOn(word);
  });
});
