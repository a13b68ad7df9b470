import assert from 'node:assert/strict';
import { PANEL_VIEWS, type ViewId } from '../../src/protocol/panelState';
import { accessibilityFindings } from '../panel/axe';
import { PanelPage, type PanelPageOptions } from '../panel/panelPage';
import { SHORT_RUN } from '../panel/syntheticRun';
import type { ThemeName } from '../panel/themes';

const THEMES: readonly ThemeName[] = ['dark', 'light', 'highContrast', 'highContrastLight'];

function hasWebGl({ page }: PanelPage): Promise<boolean> {
  return page.evaluate(() => document.createElement('canvas').getContext('webgl2') !== null);
}

/** Would each run something if it ever became markup. */
const HOSTILE = [
  ' <img src=x onerror="window.hacked=1">',
  ' <script>window.hacked=1</script>',
  ' "><svg onload=window.hacked=1>',
  " ';window.hacked=1//",
  ' {{constructor.constructor("window.hacked=1")()}}',
  ' javascript:window.hacked=1',
];

describe("the panel's page", function () {
  this.timeout(240_000);
  let panel: PanelPage;

  async function open(options: Partial<PanelPageOptions> = {}): Promise<PanelPage> {
    panel = await PanelPage.open({ spec: SHORT_RUN, ...options });
    await panel.tab('overview').waitFor();
    return panel;
  }

  afterEach(async function () {
    await panel.finish(this.currentTest);
  });

  for (const theme of THEMES)
    it(`has no serious accessibility finding in any view, with tables and without: ${theme}`, async () => {
      await open({ theme });
      const findings: string[] = [];
      for (const view of PANEL_VIEWS) {
        await panel.openView(view);
        const found = await accessibilityFindings(panel.page);
        findings.push(...found.map((finding) => `${view}: ${finding}`));
      }
      await panel.openFilters();
      findings.push(...(await accessibilityFindings(panel.page)));
      assert.deepEqual(findings, []);
    });

  it('shows tables to a screen reader from the start', async () => {
    await open({ classes: ['vscode-using-screen-reader'] });
    const bare: ViewId[] = [];
    for (const view of PANEL_VIEWS) {
      await panel.openView(view);
      if ((await panel.page.locator('.twin table, .view table').count()) === 0) bare.push(view);
    }
    assert.deepEqual(bare, []);
    assert.deepEqual(await accessibilityFindings(panel.page), []);
  });

  it('shows hostile tokens as the text that they are, in every view', async () => {
    await open({ spec: { ...SHORT_RUN, source: HOSTILE, target: HOSTILE } });
    let seen = 0;
    for (const view of PANEL_VIEWS) {
      await panel.openView(view);
      await panel.page.locator('vscode-checkbox[label]').first().waitFor();
      seen += await panel.page.getByText('onerror').count();
      const made = await panel.page.evaluate(() => ({
        hacked: 'hacked' in window,
        elements: document.querySelectorAll('#panel img, #panel script, #panel [onload]').length,
      }));
      assert.deepEqual(made, { hacked: false, elements: 0 }, view);
    }
    assert.ok(seen > 0, 'the text is there to be read');
  });

  it('is the same to the last pixel without WebGL, which it does not use', async () => {
    const classes = ['vscode-reduce-motion'];
    // Drawn again in part, the corner of a box may differ by a level of 255 from one drawn as a whole.
    const whole = '--disable-partial-raster';
    const without = await open({ flags: [whole, '--disable-3d-apis'], classes });
    const having = await open({ flags: [whole, '--enable-unsafe-swiftshader'], classes });
    try {
      assert.ok(await hasWebGl(having), 'the flag does what it says');
      assert.ok(!(await hasWebGl(without)), 'the flag does what it says');
      const different: ViewId[] = [];
      for (const view of PANEL_VIEWS) if (!(await looksAlike(view))) different.push(view);
      assert.deepEqual(different, []);
    } finally {
      await without.close();
    }

    /** A page may still be drawing when its picture is taken: they have some seconds to come to the same. */
    async function looksAlike(view: ViewId): Promise<boolean> {
      const pages = [without, having];
      for (let tries = 0; tries < 20; tries++) {
        await Promise.all(pages.map((page) => page.openView(view)));
        const [one, other] = await Promise.all(pages.map(({ page }) => page.screenshot()));
        if (one && other?.equals(one)) return true;
      }
      return false;
    }
  });

  it('fits a narrow column, in Korean too', async () => {
    for (const locale of ['en', 'ko'] as const) {
      if (locale === 'ko') await panel.close();
      await open({ width: 360, height: 800, locale });
      for (const view of PANEL_VIEWS) {
        await panel.openView(view);
        const over = await panel.page.evaluate(
          () => document.documentElement.scrollWidth - window.innerWidth,
        );
        assert.ok(over <= 0, `${locale} ${view} is ${over} pixels too wide`);
      }
    }
    const tabs = await panel.page.locator('[role=tab]').allInnerTexts();
    assert.ok(
      tabs.every((text) => /[가-힣]/.test(text)),
      tabs.join(),
    );
  });
});
