import assert from 'node:assert/strict';
import { SAMPLES, sampleTitle } from '../../src/protocol/samples';
import { accessibilityFindings } from '../panel/axe';
import { PanelPage, type PanelPageOptions } from '../panel/panelPage';
import { SHORT_RUN, words, type RunSpec } from '../panel/syntheticRun';
import type { ThemeName } from '../panel/themes';

const THEMES: readonly ThemeName[] = ['dark', 'light', 'highContrast', 'highContrastLight'];
const SPEC: RunSpec = { ...SHORT_RUN, runId: 9, source: words(48) };

describe("the panel's model view", function () {
  this.timeout(240_000);
  let panel: PanelPage;

  async function open(options: Partial<PanelPageOptions> = {}): Promise<void> {
    panel = await PanelPage.open({ spec: SPEC, ...options });
    await panel.tab('model').waitFor();
    await panel.openView('model');
  }

  /** Unfolds the sections with these titles, or all. */
  async function unfold(...titles: string[]): Promise<void> {
    const summaries = panel.page.locator('.model .part:not([open]) > summary');
    for (const title of await summaries.allInnerTexts())
      if (titles.length === 0 || titles.includes(title.trim()))
        await panel.page.locator('.model summary', { hasText: title.trim() }).click();
    await panel.settled();
  }

  const choice = (label: string) =>
    panel.page
      .locator('.model .control')
      .filter({ has: panel.page.getByText(label, { exact: true }) })
      .locator('select');

  const asked = (name: string) =>
    panel.page.evaluate(
      (wanted) => window.fakeHost.sent('query').filter((query) => query['name'] === wanted),
      name,
    );

  afterEach(async function () {
    await panel.finish(this.currentTest);
  });

  for (const theme of THEMES)
    it(`has no serious accessibility finding with everything open: ${theme}`, async () => {
      await open({ theme });
      await unfold();
      await panel.page.getByRole('button', { name: 'Measure here' }).click();
      await panel.page.locator('.cost-chart circle.measured').first().waitFor();
      assert.deepEqual(await accessibilityFindings(panel.page), []);
    });

  it('is no wider than a narrow column with everything open, in Korean too', async () => {
    for (const locale of ['en', 'ko'] as const) {
      if (locale === 'ko') await panel.close();
      await open({ width: 360, height: 800, locale });
      await unfold();
      const width = await panel.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 360, `${locale}: ${width}`);
    }
  });

  it('shows the architecture folded, unfolds it and says what a block does, by keys alone', async () => {
    await open();
    const { page } = panel;
    // Input, position, four of an encoder layer; the same with six of a decoder layer; output and softmax.
    const boxes = page.locator('.architecture .box');
    await boxes.first().waitFor();
    assert.equal(await boxes.count(), 2 + 4 + 2 + 6 + 2);
    await page.locator('.architecture .fold').first().focus();
    await page.keyboard.press('Enter');
    assert.equal(await boxes.count(), 2 + 6 * 4 + 2 + 6 + 2);
    const focused = page.locator(':focus');
    assert.equal(await focused.getAttribute('aria-expanded'), 'true', 'the focus stays');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.equal(await focused.getAttribute('data-block'), 'encoder.0.selfAttention');
    assert.equal(await focused.getAttribute('aria-pressed'), 'true');
    assert.match(await page.locator('.about').innerText(), /softmax\(QKᵀ\/√d_k\)V/);
    const stops = await page.locator('.architecture button[tabindex="0"]').count();
    assert.equal(stops, 1, 'one tab stop');
  });

  it('gives the numbers of its blocks as a table, with their sum', async () => {
    await open();
    await panel.page.locator('.toolbar vscode-checkbox[label=Table]').click();
    const rows = panel.page.locator('.twin table').first().locator('tbody tr');
    await rows.first().waitFor();
    const cells = await rows.evaluateAll((elements) =>
      elements.map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
    );
    const numbers = cells.map((row) => Number(row[3]));
    const sum = numbers.pop();
    assert.equal(
      sum,
      numbers.reduce((total, number) => total + number, 0),
    );
    assert.ok(cells.some(([id]) => id === 'decoder.1.feedForward.norm'));
    const shown = await panel.page.locator('.model-summary').innerText();
    assert.ok(shown.includes(new Intl.NumberFormat('en').format(sum ?? 0)), shown);
  });

  it('judges the encodings of positions by what it computed', async () => {
    await open();
    await unfold('Encodings of positions');
    const table = panel.page.locator('.criteria table');
    await panel.page.waitForFunction(
      () => !(document.querySelector('.criteria table')?.textContent ?? '…').includes('…'),
    );
    const verdicts = await table
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) =>
          [...row.querySelectorAll('td')].map((cell) => (cell.textContent ?? '').slice(0, 1)),
        ),
      );
    assert.deepEqual(verdicts, [
      ['✓', '✓', '✓', '✓'],
      ['✓', '✗', '✗', '✓'],
      ['✗', '✗', '✓', '✓'],
      ['✓', '✓', '✓', '✓'],
      ['✗', '✓', '✓', '✓'],
    ]);
    assert.equal(await panel.page.locator('canvas.encoding').count(), 4);
  });

  it('opens the head that the panel has chosen, for the query and key that are chosen', async () => {
    await open();
    assert.deepEqual(await asked('headDetail'), [], 'nothing is asked before it is wanted');
    await unfold('One head, step by step');
    await panel.page.locator('.open-head .key-name').first().waitFor();
    assert.equal(await panel.page.locator('.keys-table tbody tr').count(), 40);
    await panel.page.getByRole('button', { name: 'Show all keys' }).click();
    assert.equal(await panel.page.locator('.keys-table tbody tr').count(), 50);
    await choice('Query token').selectOption('7');
    await choice('Head').selectOption('4');
    await panel.settled();
    const last = (await asked('headDetail')).at(-1)?.['params'];
    assert.deepEqual(last, { kind: 'cross', layer: 0, head: 4, query: 7 });
    await panel.page.locator('[data-key="3"]').click();
    assert.equal(await panel.page.locator(':focus').getAttribute('data-key'), '3');
    // Eight channels of the made-up head, and the sum of their products.
    assert.equal(await panel.page.locator('.pair-table tbody tr').count(), 1 + 8);
  });

  it('measures when it is told to, not before', async () => {
    await open();
    await unfold('Cost of length');
    await panel.page.locator('.cost-chart').waitFor();
    assert.deepEqual(await asked('cost'), []);
    await panel.page.getByRole('button', { name: 'Measure here' }).click();
    await panel.page.locator('.cost-chart circle.measured').first().waitFor();
    assert.equal((await asked('cost')).length, 1);
    assert.equal(await panel.page.locator('.cost-chart circle.measured').count(), 3);
    assert.match(await panel.page.locator('.cost-chart').textContent().then(String), /n = d = 64/);
  });

  it('lists the samples where there is no run, and in the header beside one', async () => {
    panel = await PanelPage.open({});
    const { page } = panel;
    const samples = page.locator('.sample');
    await samples.first().waitFor();
    assert.deepEqual(await samples.allInnerTexts(), SAMPLES.map(sampleTitle));
    assert.deepEqual(await accessibilityFindings(page), []);
    await samples.nth(2).click();
    await page.evaluate((spec) => window.fakeHost.show(spec), SPEC);
    await page.locator('header .samples:not([open])').waitFor();
    await page.locator('.samples summary').click();
    await samples.nth(4).click();
    const sent = await page.evaluate(() => window.fakeHost.sent('sample'));
    assert.deepEqual(
      sent.map(({ index }) => index),
      [2, 4],
    );
  });

  it('keeps the list of samples inside the panel at any width', async () => {
    for (const width of [360, 460, 700]) {
      if (width > 360) await panel.close();
      await open({ width });
      await panel.page.locator('.samples summary').click();
      const box = await panel.page.locator('.samples-list').boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= width, `${width}: ${box?.x}`);
    }
  });
});
