import assert from 'node:assert/strict';
import type { PanelState } from '../../src/protocol/panelState';
import { PanelPage } from '../panel/panelPage';
import { SHORT_RUN } from '../panel/syntheticRun';

describe("exports of the panel's views of texts", function () {
  this.timeout(120_000);
  let panel: PanelPage;

  beforeEach(async () => {
    panel = await PanelPage.open({ spec: SHORT_RUN });
    await panel.tab('overview').waitFor();
  });

  afterEach(async function () {
    await panel.finish(this.currentTest);
  });

  const sent = (type: string) => panel.sent(type);
  const restore = (change: Partial<PanelState>) => panel.restore(change);

  /** Every format that the view offers, as it was sent, by format. */
  const exportAll = async (omitText: boolean) => {
    await panel.page.getByRole('button', { name: 'Export' }).click();
    const dialog = panel.page.locator('dialog.export');
    const formats = await dialog
      .locator('[data-format]')
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('data-format')));
    if (omitText) await dialog.locator('vscode-checkbox').click();
    const before = (await sent('export')).length;
    for (const format of formats) {
      if (!(await dialog.isVisible())) {
        await panel.page.getByRole('button', { name: 'Export' }).click();
      }
      await dialog.locator(`[data-format=${format}]`).click();
      await panel.page.waitForFunction(
        ([name, from]) =>
          window.fakeHost
            .sent('export')
            .slice(Number(from))
            .some((one) => one['format'] === name && one['chunk'] === Number(one['chunks']) - 1),
        [format, before] as const,
      );
    }
    const messages = await panel.page.evaluate(
      (from) =>
        window.fakeHost
          .sent('export')
          .slice(from)
          .map((one) => {
            const data = one['data'];
            const isText = typeof data === 'string';
            const bytes = isText ? [] : [...(data as Uint8Array).subarray(0, 8)];
            return { format: String(one['format']), text: isText ? data : '', bytes };
          }),
      before,
    );
    return messages;
  };

  for (const [view, formats] of [
    ['text', ['csv', 'json', 'png', 'svg']],
    ['alignment', ['csv', 'json', 'pharaoh', 'png', 'svg']],
    ['steps', ['csv', 'json']],
    ['flow', ['csv', 'json', 'png', 'svg']],
  ] as const)
    it(`${view}: hold what is shown, and not a word of it if that is wanted`, async () => {
      const pins = { side: 'target', indices: [3] } as const;
      await restore({ view, kind: 'cross', curves: true, flow: 'source', step: 3, pins });
      const files = await exportAll(false);
      assert.deepEqual([...new Set(files.map(({ format }) => format))].sort(), [...formats]);
      for (const { format, text, bytes } of files) {
        if (format === 'png') assert.deepEqual(bytes, [137, 80, 78, 71, 13, 10, 26, 10]);
        else if (format === 'json') assert.ok(JSON.parse(text));
        else if (format === 'svg') {
          const isSvg = await panel.page.evaluate(
            (svg) => new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement.nodeName,
            text,
          );
          assert.equal(isSvg, 'svg');
        } else if (format === 'pharaoh') assert.match(text, /^(\d+-\d+ ?)+\n$/);
      }
      assert.ok(files.some(({ format, text }) => format === 'csv' && /word\d/.test(text)));
      for (const { format, text } of await exportAll(true)) {
        assert.doesNotMatch(text, /word\d|other\d/, format);
      }
    });
});
