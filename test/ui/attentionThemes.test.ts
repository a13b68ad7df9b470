import assert from 'node:assert/strict';
import { PANEL_VIEWS } from '../../src/protocol/panelState';
import { accessibilityFindings } from '../panel/axe';
import { AttentionPanel } from './attentionPanel';
import { Workbench } from './workbench';

const SENTENCE = 'When it grows too large, the oldest entries are removed.';

/** Collected in every document from its start; a string, for the loader would wrap functions inside of it. */
const COLLECT_VIOLATIONS = `
  window.violations = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    window.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
`;

describe("the attention panel in the editor's own themes", function () {
  this.timeout(300_000);
  let workbench: Workbench;
  let panel: AttentionPanel;

  before(async () => {
    workbench = await Workbench.open();
    await workbench.page.addInitScript(COLLECT_VIOLATIONS);
    await workbench.openFile('english.md');
    await workbench.placeCursor(SENTENCE);
    panel = await AttentionPanel.show(workbench);
  });
  after(() => workbench?.close());

  for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const)
    it(`has no serious accessibility finding and looks right: ${theme}`, async () => {
      await workbench.setTheme(theme);
      panel = await AttentionPanel.find(workbench);
      const findings: string[] = [];
      for (const view of PANEL_VIEWS) {
        await panel.openView(view);
        const found = await accessibilityFindings(panel.frame);
        findings.push(...found.map((finding) => `${view}: ${finding}`));
        await workbench.screenshot(`attention ${view} ${theme}`);
      }
      assert.deepEqual(findings, []);
    });

  it("has kept to its page's policy in all that", async () => {
    const violations = await panel.frame.evaluate(
      () => (window as unknown as { violations: string[] }).violations,
    );
    assert.deepEqual(violations, []);
  });

  it('has a policy that allows its own bundle and nothing else, with a nonce of its own for each load', async () => {
    const policy = (): Promise<string> =>
      panel.frame.evaluate(
        () =>
          document
            .querySelector('meta[http-equiv="Content-Security-Policy"]')
            ?.getAttribute('content') ?? '',
      );
    const first = await policy();
    assert.match(first, /^default-src 'none'; script-src 'nonce-[A-Za-z0-9+/]{22}=='; /);
    assert.match(first, /worker-src blob:; base-uri 'none'; form-action 'none'$/);
    assert.doesNotMatch(first, /unsafe|connect-src|frame-src/);
    await workbench.page.locator('.tab[aria-label^="Attention"]').first().click();
    await workbench.runCommand('View: Close Editor');
    await workbench.placeCursor(SENTENCE);
    panel = await AttentionPanel.show(workbench);
    assert.notEqual(await policy(), first);
  });
});
