import assert from 'node:assert/strict';
import { HANGUL, KoreanTexts } from './koreanTexts';
import { Workbench } from './workbench';

describe('the workbench in Korean', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let korean: KoreanTexts;

  before(async () => {
    korean = await KoreanTexts.read();
    workbench = await Workbench.open({ locale: 'ko' });
  });
  after(() => workbench?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('failed korean');
  });

  it('names commands, direction and actions in Korean', async () => {
    await workbench.openFile('english.md');
    await workbench.selectByMouse('Check that the `config.json` file exists.');
    await workbench.runCommand(korean.command('translateSelection'));
    await workbench.widgetAction(korean.sentence('Replace')).waitFor();
    const text = await workbench.widget().innerText();
    const direction = `${korean.sentence('English')} → ${korean.sentence('Korean')}`;
    assert.ok(text.includes(direction), text);
    assert.match(text, /config\.json/);
    await workbench.screenshot('translation-korean');
  });

  it('shows the attention panel in Korean', async () => {
    await workbench.page.keyboard.press('Escape');
    await workbench.placeCursor('Check that');
    await workbench.runCommand(korean.command('showAttention'));
    const frame = await workbench.panelFrame();
    const tabs = frame.locator('[role=tab]');
    await tabs.first().waitFor();
    const known = new Set(Object.values(korean.sentences));
    for (const text of await tabs.allInnerTexts()) {
      assert.match(text, HANGUL);
      assert.ok(known.has(text.trim()), text);
    }
    assert.equal(await frame.locator('html').getAttribute('lang'), 'ko');
    await workbench.screenshot('attention-korean');
  });

  it('says in Korean which devices there are and why others are not used', async () => {
    await workbench.runCommand(korean.command('runDiagnostics'));
    const heads = ['Provider', 'Found', 'Library or reason', 'Probe (ms)', 'Chosen'];
    const lines = workbench.page.locator('.view-line');
    const provider = new RegExp(korean.sentence('Provider').replaceAll(' ', '\\s'), 'u');
    await lines.filter({ hasText: provider }).waitFor({ timeout: 120_000 });
    // An editor beside the panel draws only as many lines as there is room for; the copied text is whole and not wrapped.
    const text = await workbench.copiedText((copied) =>
      copied.startsWith('# Headlight diagnostics'),
    );
    for (const name of heads) assert.ok(text.includes(korean.sentence(name)), `${name}: ${text}`);
    // The runtime has CUDA for this system alone, and the test's machine has no CUDA support of Headlight's.
    const reason =
      process.platform === 'linux' && process.arch === 'x64'
        ? 'CUDA support is not installed. Run the command Install CUDA Support.'
        : 'no: not found';
    assert.ok(text.includes(korean.sentence(reason)), text);
    await workbench.screenshot('diagnostics-korean');
  });
});
