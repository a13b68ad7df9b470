import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../host/paths';
import { Workbench } from './workbench';

async function readStrings(...path: string[]): Promise<Record<string, string>> {
  return JSON.parse(await readFile(join(ROOT, ...path), 'utf8')) as Record<string, string>;
}

describe('the workbench in Korean', function () {
  this.timeout(240_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({ locale: 'ko' });
  });
  after(() => workbench?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('failed korean');
  });

  it('names commands, direction and actions in Korean', async () => {
    const titles = await readStrings('package.nls.ko.json');
    const sentences = await readStrings('l10n', 'bundle.l10n.ko.json');
    const [title, replace] = [titles['command.translateSelection'], sentences['Replace']];
    assert.ok(title !== undefined && replace !== undefined);
    await workbench.openFile('english.md');
    await workbench.selectByMouse('Check that the `config.json` file exists.');
    await workbench.runCommand(`Headlight: ${title}`);
    await workbench.widgetAction(replace).waitFor();
    const text = await workbench.widget().innerText();
    assert.ok(text.includes(`${sentences['English']} → ${sentences['Korean']}`), text);
    assert.match(text, /config\.json/);
    await workbench.screenshot('translation-korean');
  });

  it('shows the attention panel in Korean', async () => {
    const titles = await readStrings('package.nls.ko.json');
    const sentences = await readStrings('l10n', 'bundle.l10n.ko.json');
    const title = titles['command.showAttention'];
    assert.ok(title !== undefined);
    await workbench.page.keyboard.press('Escape');
    await workbench.placeCursor('Check that');
    await workbench.runCommand(`Headlight: ${title}`);
    const frame = await workbench.panelFrame();
    const tabs = frame.locator('[role=tab]');
    await tabs.first().waitFor();
    const korean = new Set(Object.values(sentences));
    for (const text of await tabs.allInnerTexts()) {
      assert.match(text, /[가-힣]/);
      assert.ok(korean.has(text.trim()), text);
    }
    assert.equal(await frame.locator('html').getAttribute('lang'), 'ko');
    await workbench.screenshot('attention-korean');
  });
});
