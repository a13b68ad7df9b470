import assert from 'node:assert/strict';
import type { PanelState } from '../../src/protocol/panelState';
import { accessibilityFindings } from '../panel/axe';
import { PanelPage, type PanelPageOptions } from '../panel/panelPage';
import { SHORT_RUN, words } from '../panel/syntheticRun';

interface Mark {
  readonly side: string;
  readonly indices: readonly number[];
  readonly steps: readonly number[];
}

describe("the panel's views of texts", function () {
  this.timeout(120_000);
  let panel: PanelPage;

  async function open(options: Partial<PanelPageOptions> = {}): Promise<void> {
    panel = await PanelPage.open({ spec: SHORT_RUN, ...options });
    await panel.tab('overview').waitFor();
  }

  afterEach(async function () {
    await panel.finish(this.currentTest);
  });

  /** The last marks of a side that the page has sent. */
  const lastMark = async (type: 'mark' | 'pin', side: string) =>
    ((await panel.sent(type)) as unknown as Mark[]).filter((mark) => mark.side === side).at(-1);
  /** Marks are sent at most 30 times a second. */
  const marked = (side: string, count: number) =>
    panel.page.waitForFunction(
      ([name, least]) => {
        const marks = window.fakeHost.sent('mark').filter((mark) => mark['side'] === name);
        const indices = marks.at(-1)?.['indices'] as unknown[] | undefined;
        return least === 0 ? indices?.length === 0 : (indices?.length ?? 0) >= Number(least);
      },
      [side, count] as const,
    );

  describe('linked text', () => {
    it('shows what a token attends to while the mouse is on it, here and in the editor', async () => {
      await open();
      await panel.openView('text');
      await panel.page.locator('#text-query-3').hover();
      await marked('source', 1);
      assert.match((await panel.classesOf('text-query-3')) ?? '', /\banchor\b/);
      const shaded = await panel.page.locator('#view [id^=text-key-][class*=shade-]').count();
      assert.ok(shaded > 0);
      assert.equal(await panel.page.locator('[id^=text-query-][class*=shade-]').count(), 0);
      const marks = await lastMark('mark', 'source');
      assert.ok(marks?.steps.every((step) => step >= 1 && step <= 5));
      // Row 3 predicts what is decoder input 4.
      assert.deepEqual((await lastMark('mark', 'target'))?.indices, [4]);
      assert.deepEqual(await panel.sent('reveal'), []);
      await panel.page.mouse.move(2, 2);
      await marked('source', 0);
      assert.equal(await panel.page.locator('[id^=text-key-][class*=shade-]').count(), 0);
    });

    it('pins by click, adds by Shift+click, clears by Escape, reveals by double click', async () => {
      await open();
      await panel.openView('text');
      await panel.page.locator('#text-query-3').click();
      assert.deepEqual((await panel.state()).pins, { side: 'target', indices: [3] });
      await panel.page.locator('#text-query-5').click({ modifiers: ['Shift'] });
      assert.deepEqual((await panel.state()).pins, { side: 'target', indices: [3, 5] });
      await panel.page.mouse.move(2, 2);
      assert.equal(await panel.page.locator('[aria-selected=true][id^=text-query-]').count(), 2);
      // The mean of both rows, from the map itself.
      const weights = await panel.page.evaluate(() => {
        const { run, map } = window.fakeHost;
        const chosen = window.fakeHost.state as PanelState;
        const { weights: all, keys } = map(run!, 'cross', chosen.layer, chosen.head);
        return Array.from(
          { length: keys },
          (_, key) => (all[3 * keys + key]! + all[5 * keys + key]!) / 2,
        );
      });
      const top = weights.indexOf(Math.max(...weights));
      const name = await panel.text(`#text-key-${top}`);
      const reading = await panel.text('.text-view .reading');
      assert.ok(reading.includes(`: “${name}” ${Number(weights[top]?.toPrecision(3))}`), reading);
      assert.ok(((await lastMark('pin', 'source'))?.indices.length ?? 0) > 0);
      await panel.page.keyboard.press('Escape');
      assert.deepEqual((await panel.state()).pins.indices, []);
      assert.deepEqual((await lastMark('pin', 'source'))?.indices, []);
      await panel.page.locator('#text-key-2').dblclick();
      assert.deepEqual((await panel.sent('reveal')).at(-1), {
        type: 'reveal',
        runId: 7,
        side: 'source',
        index: 2,
      });
    });

    it('can be used by the keyboard alone, with one tab stop, and says what it shows', async () => {
      await open();
      await panel.openView('text');
      assert.equal(await panel.page.locator('.text-view [role=listbox][tabindex="0"]').count(), 1);
      assert.equal(await panel.page.locator('.text-view [role=option][tabindex]').count(), 0);
      await panel.page.locator('.texts').focus();
      for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', ' '])
        await panel.page.keyboard.press(key);
      assert.deepEqual((await panel.state()).pins, { side: 'target', indices: [2] });
      await panel.said('pinned');
      // From the last query on to the keys; a key is attended by.
      await panel.page.keyboard.press('Control+End');
      await panel.said('is attended by');
      const active = await panel.page.locator('.texts').getAttribute('aria-activedescendant');
      assert.equal(active, `text-key-${SHORT_RUN.source.length + 1}`);
      await panel.page.keyboard.press('p');
      assert.equal((await panel.state()).direction, 'by');
      await panel.page.keyboard.press('Control+Home');
      await panel.page.keyboard.press('Enter');
      assert.deepEqual((await panel.sent('reveal')).at(-1)?.['index'], 1);
      await panel.page.keyboard.press(']');
      assert.equal((await panel.state()).head, 1, 'the keys of every grid act here, too');
      await panel.page.keyboard.press('Tab');
      const left = await panel.page.evaluate(() => document.activeElement?.closest('.texts'));
      assert.equal(left, null);
    });

    it('turns round: what attends to the token', async () => {
      await open();
      await panel.restore({
        view: 'text',
        kind: 'encoder',
        pins: { side: 'source', indices: [4] },
      });
      assert.match((await panel.classesOf('text-query-4')) ?? '', /pinned/);
      await panel.restore({ view: 'text', direction: 'by' });
      assert.match((await panel.classesOf('text-key-4')) ?? '', /pinned/);
      assert.ok((await panel.text('.text-view .reading')).includes('is attended by'));
    });

    it('shows the token under the cursor of the editor, and sends nothing back', async () => {
      await open();
      await panel.openView('text');
      await panel.page.evaluate(() =>
        window.fakeHost.send({ type: 'cursor', runId: 7, indices: [5] }),
      );
      await panel.page.locator('#text-key-5.cursor').waitFor();
      assert.ok((await panel.page.locator('[id^=text-query-][class*=shade-]').count()) > 0);
      assert.deepEqual(await panel.sent('mark'), []);
      await panel.page.evaluate(() =>
        window.fakeHost.send({ type: 'cursor', runId: 7, indices: [] }),
      );
      await panel.page.waitForFunction(() => document.querySelector('.token.cursor') === null);
    });

    it('draws at most 2,000 links of a long text and says of how many', async () => {
      await open({ spec: { ...SHORT_RUN, source: words(510), target: words(511) } });
      await panel.restore({ view: 'text', curves: true, kind: 'cross', layer: 1, head: 0 });
      const reading = await panel.text('.text-view .reading');
      const [, drawn, all] = /([\d,]+) of ([\d,]+) links/.exec(reading) ?? [];
      const number = (digits = '') => Number(digits.replaceAll(',', ''));
      assert.ok(number(drawn) >= 400 && number(drawn) <= 2000, reading);
      assert.equal(number(all), 512 * 512);
      const nodes = await panel.page.locator('.text-view *').count();
      assert.ok(nodes < 4000, `${nodes} elements`);
    });

    it('shows several heads by the dashes of their lines, or their mean', async () => {
      await open();
      const heads = [0, 1, 2].map((head) => ({ kind: 'cross', layer: 0, head }) as const);
      await panel.restore({ view: 'text', kind: 'cross', layer: 0, head: 0, heads, tables: true });
      await panel.page.locator('#text-query-2').hover();
      assert.equal(await panel.page.locator('.legend-head').count(), 3);
      const columns = await panel.page.locator('.twin thead th').allInnerTexts();
      assert.deepEqual(columns.slice(-3), ['head 1.1', 'head 1.2', 'head 1.3']);
      await panel.restore({ heads, average: true, view: 'text' });
      assert.equal(await panel.page.locator('.legend-head').count(), 0);
    });
  });

  describe('word alignment', () => {
    const pairs = async () => {
      await panel.page.getByText('Copy as Pharaoh').click();
      return String((await panel.sent('copy')).at(-1)?.['text']);
    };

    it('copies Pharaoh lines of the heads and the row that are chosen', async () => {
      await open();
      await panel.openView('alignment');
      assert.deepEqual((await panel.state()).alignment, { layer: 0, heads: [], mode: 'input' });
      const all = await pairs();
      assert.match(all, /^\d+-\d+( \d+-\d+)+$/);
      await panel.restore({
        view: 'alignment',
        alignment: { layer: 1, heads: [3], mode: 'output' },
      });
      // What the map of this one head says, word by word: pieces of a word have no blank before them.
      const expected = await panel.page.evaluate(() => {
        const { run, map } = window.fakeHost;
        if (!run) return '';
        const { weights, keys } = map(run, 'cross', 1, 3);
        const found = new Set<string>();
        run.predicted.forEach((token, row) => {
          if (token.word < 0) return;
          const best = run.source.reduce(
            (most, { word }, key) =>
              word >= 0 && (most < 0 || weights[row * keys + key]! > weights[row * keys + most]!)
                ? key
                : most,
            -1,
          );
          found.add(`${run.source[best]!.word}-${token.word}`);
        });
        return [...found].sort().join();
      });
      assert.equal((await pairs()).split(' ').sort().join(), expected);
      await panel.page.getByText('Use what suits this model').click();
      assert.deepEqual((await panel.state()).alignment, { layer: 0, heads: [], mode: 'input' });
      assert.equal(await pairs(), all);
    });

    it('marks words without a partner, and shows what each word received', async () => {
      await open();
      await panel.restore({ view: 'alignment', tables: true });
      const lonely = await panel.page.locator('#view .token.lonely').count();
      const rows = await panel.page.locator('.twin tbody tr').allInnerTexts();
      assert.equal(rows.filter((row) => row.includes('no partner')).length, lonely);
      const words = await panel.page.locator('#view [id^=align-source-]').count();
      const bars = await panel.page.locator('#view [id^=align-source-][class*=bar-]').count();
      assert.ok(words > 0);
      assert.equal(bars, words);
    });

    it('is a grid for the keyboard that says the pair of words and marks both in the editor', async () => {
      await open();
      await panel.openView('alignment');
      const grid = panel.page.locator('.alignment-view [role=grid]');
      await grid.focus();
      await panel.page.keyboard.press('ArrowDown');
      await panel.page.keyboard.press('ArrowRight');
      const id = await grid.getAttribute('aria-activedescendant');
      const cell = await panel.page.locator(`#${id}`).textContent();
      assert.match(cell ?? '', /^output .+, 2 of \d+\. source .+, 2 of \d+\. weight [\d.e-]+/);
      await panel.said((cell ?? '').slice(0, 20));
      await marked('source', 1);
      await panel.page.keyboard.press('Enter');
      assert.equal((await panel.sent('reveal')).at(-1)?.['side'], 'source');
      assert.ok((await panel.page.locator('.alignment-view *').count()) < 400, 'no node per cell');
    });
  });

  it('has no serious accessibility finding while tokens are shaded, pinned and chosen', async () => {
    await open({ theme: 'light' });
    const findings: string[] = [];
    for (const [view, change] of [
      ['text', { pins: { side: 'target', indices: [2, 3] }, domain: 'row' }],
      ['alignment', {}],
      ['steps', { step: 6 }],
      ['flow', { flow: 'source', step: 6 }],
    ] as const) {
      await panel.restore({ ...change, view, kind: 'cross' });
      const found = await accessibilityFindings(panel.page);
      findings.push(...found.map((finding) => `${view}: ${finding}`));
    }
    assert.deepEqual(findings, []);
  });
});
