import assert from 'node:assert/strict';
import { PANEL_VIEWS, type PanelState } from '../../src/protocol/panelState';
import { accessibilityFindings } from '../panel/axe';
import { PanelPage, type PanelPageOptions } from '../panel/panelPage';
import { SHORT_RUN } from '../panel/syntheticRun';

describe("the panel's views of how the output came to be", function () {
  this.timeout(120_000);
  let panel: PanelPage;

  async function open(options: Partial<PanelPageOptions> = {}): Promise<void> {
    panel = await PanelPage.open({ spec: SHORT_RUN, ...options });
    await panel.tab('overview').waitFor();
  }

  afterEach(async function () {
    await panel.finish(this.currentTest);
  });

  describe('generation steps', () => {
    it('go by slider, button and click; each has its candidates and what it looks at', async () => {
      await open();
      await panel.openView('steps');
      const slider = panel.page.locator('.steps-view input[type=range]');
      await slider.focus();
      await panel.page.keyboard.press('ArrowRight');
      assert.equal((await panel.state()).step, 1);
      assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /^2 of 13: /);
      await panel.page.getByText('Next step').click();
      assert.equal((await panel.state()).step, 2);
      await panel.said('3 of 13');
      await panel.page.locator('#step-output-6').click();
      assert.equal((await panel.state()).step, 5);
      await panel.page.getByText('Previous step').click();
      assert.equal((await panel.state()).step, 4);
      assert.equal(await panel.page.locator('.candidates tbody tr').count(), 10);
      const chosen = await panel.text('.candidates tr.chosen');
      assert.match(chosen, /^1\s+.+ \(chosen\)\s+50%/);
      assert.match((await panel.classesOf('step-output-5')) ?? '', /anchor/);
      assert.match((await panel.classesOf('step-output-6')) ?? '', /faint/);
      assert.match((await panel.classesOf('step-source-1')) ?? '', /bar-/);
      assert.equal(await panel.page.locator('.steps-view .table tbody tr').count(), 4);
    });

    it('play when asked to, and stop at the end', async () => {
      await open();
      await panel.restore({ view: 'steps', step: 10 });
      await panel.page.getByText('Play', { exact: true }).click();
      await panel.page.waitForFunction(() => (window.fakeHost.state as PanelState).step === 12);
      await panel.page.getByText('Play', { exact: true }).waitFor();
    });

    it('show another hypothesis in all views on demand, marked as one, and go back', async () => {
      await open();
      await panel.openView('steps');
      const rows = panel.page.locator('.steps-view .table tbody tr');
      assert.match(await rows.nth(0).innerText(), /✓ Shown/);
      await rows.nth(2).getByText('Show hypothesis 3').click();
      await panel.page.waitForFunction(() => window.fakeHost.sent('rerun').length === 1);
      const rerun = { type: 'rerun', runId: SHORT_RUN.runId };
      assert.deepEqual((await panel.sent('rerun'))[0], { ...rerun, hypothesis: 2 });
      const hypothesis = { number: 2, count: 4, logProbability: -9, score: -0.3 };
      const note = panel.page.locator('.run-note');
      assert.equal(await note.isHidden(), true);
      const runId = SHORT_RUN.runId + 1;
      await panel.page.evaluate((spec) => window.fakeHost.show(spec), {
        ...SHORT_RUN,
        runId,
        hypothesis,
      });
      await panel.settled();
      assert.match(await rows.nth(2).innerText(), /✓ Shown/);
      for (const view of PANEL_VIEWS) {
        await panel.openView(view);
        assert.match(
          await note.innerText(),
          /^Hypothesis 3 of 4, score -0\.3, log probability -9: not what Headlight uses\./,
          view,
        );
      }
      assert.deepEqual(await accessibilityFindings(panel.page), []);
      await note.getByText('Back to what is used').click();
      await panel.page.waitForFunction(() => window.fakeHost.sent('rerun').length === 2);
      assert.deepEqual((await panel.sent('rerun'))[1], { type: 'rerun', runId });
      await panel.page.evaluate((spec) => window.fakeHost.show(spec), {
        ...SHORT_RUN,
        runId: runId + 1,
      });
      await panel.settled();
      await note.waitFor({ state: 'hidden' });
    });

    it('follow the filters: hidden keys have neither shade nor coverage, and it says what is left', async () => {
      await open();
      await panel.restore({ view: 'steps', step: 4, specials: 'show' });
      const shaded = (id: string) => panel.classesOf(id).then((name) => /shade-/.test(name ?? ''));
      assert.equal(await shaded('step-source-0'), true);
      assert.match((await panel.classesOf('step-source-0')) ?? '', /bar-[1-9]/);
      await panel.restore({ specials: 'dim' });
      assert.match((await panel.classesOf('step-source-0')) ?? '', /faint/);
      await panel.restore({ specials: 'hide' });
      assert.equal(await shaded('step-source-0'), false);
      assert.match((await panel.classesOf('step-source-0')) ?? '', /bar-0/);
      assert.match(await panel.text('.texts-of-step .note'), /% of the weight is shown/);
      await panel.restore({ specials: 'show', threshold: { mode: 'top', value: 1 }, tables: true });
      const shades = await panel.page
        .locator('[id^=step-source-]')
        .evaluateAll(
          (spans) => spans.filter(({ classList }) => /shade-/.test(classList.value)).length,
        );
      assert.equal(shades, 1);
    });

    it('do not play where motion is reduced', async () => {
      await open({ classes: ['vscode-reduce-motion'] });
      await panel.openView('steps');
      const play = panel.page.locator('vscode-button', { hasText: 'Play' });
      assert.notEqual(await play.getAttribute('disabled'), null);
      assert.ok((await panel.text('.steps-view .note')).includes('motion is reduced'));
    });
  });

  describe('flow', () => {
    it('shows two distributions of an output token, each by itself, and no share between them', async () => {
      await open();
      await panel.restore({ view: 'flow', flow: 'source', step: 5, tables: true });
      const titles = await panel.page.locator('.flow-view .block-title:visible').allInnerTexts();
      assert.equal(titles.filter((title) => title.includes('(adds up to 1)')).length, 2);
      assert.equal(await panel.page.locator('.twin tbody tr').count(), SHORT_RUN.decoderLayers);
      assert.ok(!/%/.test(await panel.text('.flow-view')));
      await panel.page.locator('.flow-view [role=listbox]:visible').first().focus();
      await panel.page.keyboard.press('ArrowRight');
      assert.equal((await panel.state()).step, 6);
    });

    it('follows the filter of special tokens in every layer', async () => {
      await open();
      await panel.restore({ view: 'flow', flow: 'encoder', tables: true, specials: 'show' });
      const cells = () => panel.page.locator('.twin tbody td').allInnerTexts();
      assert.ok((await cells()).some((cell) => /<2ko>|<\/s>/.test(cell)));
      await panel.restore({ specials: 'hide' });
      const hidden = await cells();
      assert.equal(hidden.length, SHORT_RUN.encoderLayers);
      assert.ok(
        hidden.every((cell) => cell !== '' && !/<2ko>|<\/s>/.test(cell)),
        hidden[0],
      );
      await panel.restore({ specials: 'dim' });
      assert.match((await panel.classesOf('flow-source-0')) ?? '', /faint/);
    });

    it('shows the encoder layer by layer for the token chosen', async () => {
      await open();
      await panel.restore({ view: 'flow', flow: 'encoder', flowLayer: 2, tables: true });
      assert.equal(await panel.page.locator('.twin tbody tr').count(), SHORT_RUN.encoderLayers);
      await panel.page.locator('#flow-source-4').click();
      assert.deepEqual((await panel.state()).pins, { side: 'source', indices: [4] });
      assert.match((await panel.classesOf('flow-source-4')) ?? '', /pinned/);
      const asked = (await panel.sent('query')).filter(({ name }) => name === 'flow');
      assert.equal(asked.length, SHORT_RUN.encoderLayers, 'each map is asked for once');
    });
  });
});
