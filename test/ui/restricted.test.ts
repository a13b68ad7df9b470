import assert from 'node:assert/strict';
import { Workbench } from './workbench';

const SENTENCE = 'The cache keeps the last results in memory.';
const HANGUL = /[가-힣]/;
/** What the folder's pattern protects: no rule of Headlight's own would keep these words. */
const PROTECTED = 'last results';
const MISSING_MODEL = '/headlight-no-such-model';

describe('a folder that is not trusted', function () {
  this.timeout(240_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({
      restricted: true,
      folderSettings: {
        'headlight.protect.patterns': [PROTECTED],
        'headlight.model.path': MISSING_MODEL,
        'headlight.device': 'cuda',
      },
    });
  });
  after(() => workbench?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await workbench.screenshot(`failed ${this.currentTest.title}`);
    }
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Escape');
  });

  async function translate(): Promise<string> {
    await workbench.openFile('english.md');
    await workbench.selectByMouse(SENTENCE);
    await workbench.runCommand('Headlight: Translate Selection');
    await workbench.widgetAction('Replace').waitFor();
    return workbench.widget().innerText();
  }

  it('opens in Restricted Mode, with the extension active', async () => {
    await workbench.restrictedItem().waitFor();
    assert.match(await workbench.statusItem().innerText(), /Headlight/);
    await workbench.screenshot('restricted');
  });

  it('is translated by the default model, whatever model and patterns the folder names', async () => {
    const text = await translate();
    assert.match(text, /English → Korean/);
    assert.match(text, HANGUL);
    assert.ok(!text.includes(PROTECTED), text);
    await workbench.screenshot('restricted translation');
  });

  it('is told in the diagnostics, with the settings in force', async () => {
    // The editor draws the lines that are on the screen alone.
    await workbench.page.setViewportSize({ width: 1280, height: 1600 });
    await workbench.runCommand('Headlight: Run Diagnostics');
    await workbench.line(/Workspace\strusted\s+\|\sfalse/).waitFor();
    await workbench.line(/modelPath\s+\|\s\S+\/models\/default\s/).waitFor();
    await workbench.line(/device\s+\|\sauto/).waitFor();
  });

  it('has its patterns followed once it is trusted, but never its model', async () => {
    await workbench.runCommand('Workspaces: Manage Workspace Trust');
    await workbench.page.getByRole('button', { name: 'Trust', exact: true }).click();
    await workbench.restrictedItem().waitFor({ state: 'detached' });
    await workbench.page.locator('.monaco-modal-editor-block .codicon-close').first().click();
    const text = await translate();
    assert.match(text, HANGUL);
    assert.ok(text.includes(PROTECTED), text);
  });
});
