import assert from 'node:assert/strict';
import { decodeHalf } from '../../src/attention/half';
import { PanelPage, type PanelPageOptions } from '../panel/panelPage';
import { SHORT_RUN, words } from '../panel/syntheticRun';

describe("the panel's heads", function () {
  this.timeout(240_000);
  let panel: PanelPage;

  async function open(options: Partial<PanelPageOptions> = {}): Promise<void> {
    panel = await PanelPage.open({ spec: SHORT_RUN, ...options });
    await panel.openView('overview');
  }

  afterEach(async function () {
    await panel.finish(this.currentTest);
  });

  const grid = () => panel.page.locator('.view [role=grid]');
  const line = () => panel.page.locator('.stage .exact');
  const panes = () => panel.page.locator('.pane .title');
  const bytesOf = (selector: string) =>
    panel.page.locator(selector).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

  /** The weight that the page has been given. */
  const given = (kind: 'encoder' | 'decoder' | 'cross', head: number, query: number, key: number) =>
    panel.page.evaluate(
      (at) => {
        const run = window.fakeHost.run;
        if (!run) throw new Error('no run');
        const { weights, keys } = window.fakeHost.map(run, at.kind, 0, at.head);
        return weights[at.query * keys + at.key] ?? NaN;
      },
      { kind, head, query, key },
    );

  /** Where a head is drawn in the first block. */
  async function clickHead(row: number, column: number, modifiers: 'Control'[] = []) {
    const canvas = panel.page.locator('.block canvas').first();
    const box = await canvas.boundingBox();
    assert.ok(box);
    const across = (box.width - 22) / 8;
    const down = (box.height - 22) / 6;
    const position = { x: 22 + (column + 0.4) * across, y: 22 + (row + 0.4) * down };
    await canvas.click({ position, modifiers });
    await panel.settled();
  }

  it('are opened with a click, and up to four beside each other or as their mean', async () => {
    await open();
    await clickHead(2, 4);
    assert.deepEqual(await panes().allInnerTexts(), ['Encoder self-attention 3.5']);
    await panel.openView('overview');
    for (const column of [0, 1, 2]) await clickHead(0, column, ['Control']);
    await panel.page.getByText('Open chosen heads').click();
    await panel.settled();
    const titles = await panes().allInnerTexts();
    assert.deepEqual(
      titles.map((title) => title.split(' ').at(-1)),
      ['3.5', '1.1', '1.2', '1.3'],
    );
    await grid().focus();
    await grid().press('Control+Home');
    assert.match(await line().innerText(), /Weight 3\.5: [\d.]+, 1\.1: [\d.]+, 1\.2: .*, 1\.3: /);
    await panel.openView('overview');
    await clickHead(2, 4, ['Control']);
    await clickHead(0, 2, ['Control']);
    await panel.page.locator('vscode-checkbox[label="Show their mean"]').click();
    await panel.openView('matrix');
    assert.deepEqual(await panes().allInnerTexts(), ['Encoder self-attention 1.1 + 1.2']);
    await grid().focus();
    await grid().press('Control+Home');
    const mean = ((await given('encoder', 0, 0, 0)) + (await given('encoder', 1, 0, 0))) / 2;
    const shown = /Weight ([\d.]+)/.exec(await line().innerText())?.[1];
    assert.ok(Math.abs(Number(shown) - mean) < 0.001, `${shown} for ${mean}`);
  });

  it('tell the exact weight of a cell, and what a query cannot see', async () => {
    await open();
    await panel.openView('matrix');
    await panel.page.getByLabel('Kind').selectOption('decoder');
    await panel.settled();
    await grid().focus();
    await grid().press('Control+Home');
    for (let step = 0; step < 3; step++) await grid().press('ArrowDown');
    await grid().press('ArrowRight');
    const weight = await given('decoder', 0, 3, 1);
    const text = await line().innerText();
    assert.match(text, /^Predicts \w+ \(input \w+\), 4 of 13\. Key word0, 2 of 13\. Weight /);
    const numbers = /Weight ([\d.]+), ([\d.]+) × uniform, rank (\d+)/.exec(text);
    assert.ok(Math.abs(Number(numbers?.[1]) - weight) < 0.001);
    assert.ok(Math.abs(Number(numbers?.[2]) - 4 * weight) < 0.006);
    await grid().press('End');
    assert.match(await line().innerText(), /Not visible to the query/);
    const spoken = panel.page.locator('[role=status].hidden');
    await spoken.filter({ hasText: 'Decoder self-attention, layer 1, head 1.' }).waitFor();
  });

  it('call the rows of the decoder by what they read if that is wanted', async () => {
    await open();
    await panel.openView('matrix');
    await panel.page.getByLabel('Kind').selectOption('decoder');
    await panel.openFilters();
    await panel.page.getByLabel('Decoder rows named by').selectOption('input');
    await panel.settled();
    await grid().focus();
    await grid().press('Control+Home');
    await grid().press('ArrowDown');
    assert.match(
      await line().innerText(),
      /^Reads word0 \(predicts word1\), 2 of 13\. Key <s>, 1 of 13\./,
    );
    await panel.page.getByLabel('Decoder rows named by').selectOption('predicted');
    await panel.settled();
    assert.match(await line().innerText(), /^Predicts word1 \(input word0\), 2 of 13\./);
  });

  it('keep a query pinned from view to view, here and in the editor, until it is let go', async () => {
    await open();
    await panel.openView('matrix');
    await panel.page.getByLabel('Kind').selectOption('cross');
    await panel.settled();
    await grid().focus();
    await grid().press('Control+Home');
    await grid().press('ArrowDown');
    await grid().press('p');
    await panel.settled();
    const pins = (side: string) =>
      panel.page.evaluate(
        (name) =>
          window.fakeHost
            .sent('pin')
            .filter((pin) => pin['side'] === name)
            .at(-1)?.['indices'] as number[],
        side,
      );
    // Row 1 predicts what is decoder input 2.
    assert.deepEqual(await pins('target'), [2]);
    assert.ok((await pins('source')).length > 0);
    await panel.openView('text');
    const pinned = panel.page.locator('.view .token.pinned, .view .pinned');
    assert.deepEqual(await pinned.evaluateAll((spans) => spans.map(({ id }) => id)), [
      'text-query-1',
    ]);
    await panel.openView('matrix');
    await grid().press('Escape');
    await panel.settled();
    assert.deepEqual([await pins('source'), await pins('target')], [[], []]);
  });

  it('move the crosshair alone under the mouse, and mark the keys in the text', async () => {
    await open();
    await panel.openView('matrix');
    const base = await bytesOf('.stack > .base');
    const overlay = await bytesOf('.stack > .overlay');
    const box = await panel.page.locator('.stack > .overlay').boundingBox();
    assert.ok(box);
    await panel.page.mouse.move(box.x + 200, box.y + 180);
    await panel.page.waitForFunction(() => window.fakeHost.sent('mark').length > 0);
    assert.equal(await bytesOf('.stack > .base'), base, 'the map is not drawn again');
    assert.notEqual(await bytesOf('.stack > .overlay'), overlay);
    const mark = await panel.page.evaluate(() => window.fakeHost.sent('mark').at(-1));
    assert.equal(mark?.['side'], 'source');
    assert.ok((mark?.['indices'] as number[]).length > 0);
    assert.equal(await panel.page.locator('.tooltip').innerText(), await line().innerText());
    await panel.page.mouse.move(2, 2);
    await panel.page.waitForFunction(
      () => (window.fakeHost.sent('mark').at(-1)?.['indices'] as number[]).length === 0,
    );
    assert.ok(await panel.page.locator('.tooltip').isHidden());
  });

  it('say in the legend what the colours stand for, whatever is chosen', async () => {
    await open();
    await panel.openView('matrix');
    await panel.openFilters();
    const legend = panel.page.locator('.legend');
    const seen = new Set<string>();
    for (const scale of ['sqrt', 'linear', 'log', 'uniform'])
      for (const domain of ['fixed', 'map', 'row']) {
        await panel.page.getByLabel('Colour scale').selectOption(scale);
        await panel.page.getByLabel('Colour range').selectOption(domain);
        await panel.settled();
        const text = await legend.innerText();
        assert.match(text, /^Attention weight, .+: .+ to .+ \(.+\)$/);
        seen.add(text);
      }
    assert.equal(seen.size, 12);
    assert.ok(
      seen.has('Attention weight, square root: 0 to 1 (fixed range)'),
      [...seen].join('\n'),
    );
    await panel.page.locator('vscode-checkbox[label="Weight by value norms"]').click();
    await panel.settled();
    assert.match(await legend.innerText(), /times the value norm/);
  });

  it('show how much a threshold leaves, and find heads by what is measured', async () => {
    await open();
    await panel.page.locator('.overview vscode-textfield input').fill('layer=1 & entropy>0');
    await panel.page.locator('.found').filter({ hasText: '24 of 80 heads match' }).waitFor();
    await panel.page.locator('.overview vscode-textfield input').fill('entropy>>');
    await panel.page.locator('.found').filter({ hasText: 'Not understood' }).waitFor();
    await panel.page.getByLabel('Sort heads by').selectOption('similarity');
    await panel.settled();
    const asked = await panel.page.evaluate(() =>
      window.fakeHost.sent('query').filter((query) => query['name'] === 'similarity'),
    );
    assert.equal(asked.length, 1);
    await panel.openView('matrix');
    await panel.openFilters();
    const kept = panel.page.locator('.matrix .hint').first();
    assert.equal(await kept.innerText(), '100% of the weight is shown');
    await panel.page.getByLabel('Threshold').selectOption('cumulative');
    await panel.settled();
    const share = Number(/^([\d.]+)%/.exec(await kept.innerText())?.[1]);
    assert.ok(share >= 75 && share < 100, String(share));
  });

  it('zoom, move and show where they are in the whole', async () => {
    await open({ spec: { ...SHORT_RUN, source: words(126), target: words(126) } });
    await panel.openView('matrix');
    const minimap = panel.page.locator('.minimap');
    assert.ok(await minimap.isHidden());
    await grid().focus();
    for (let step = 0; step < 8; step++) await grid().press('+');
    assert.ok(await minimap.isVisible());
    const before = await bytesOf('.stack > .base');
    const box = await panel.page.locator('.stack > .overlay').boundingBox();
    assert.ok(box);
    await panel.page.mouse.move(box.x + 300, box.y + 300);
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + 200, box.y + 220, { steps: 4 });
    await panel.page.mouse.up();
    assert.notEqual(await bytesOf('.stack > .base'), before, 'dragging moves the map');
    const pinned = await panel.page.evaluate(() => window.fakeHost.sent('pin').length);
    assert.equal(pinned, 0, 'a drag is no click');
    await grid().focus();
    await grid().press('Control+End');
    assert.match(await line().innerText(), /127 of 127\. Key <\/s>, 128 of 128/);
    await grid().press('0');
    assert.ok(await minimap.isHidden());
  });

  it('zoom by the wheel in quick pictures, and are drawn exactly when it stops', async () => {
    await open({ spec: { ...SHORT_RUN, source: words(126), target: words(127) } });
    await panel.openView('matrix');
    const whole = await bytesOf('.stack > .base');
    const box = await panel.page.locator('.stack > .overlay').boundingBox();
    assert.ok(box);
    await panel.page.mouse.move(box.x + 300, box.y + 200);
    await panel.page.evaluate(() => {
      addEventListener('wheel', () => (document.body.dataset['turns'] += 'x'));
    });
    await panel.page.keyboard.down('Control');
    for (let step = 0; step < 12; step++) await panel.page.mouse.wheel(0, -120);
    await panel.page.keyboard.up('Control');
    // A busy page is told of them later.
    await panel.page.locator(`body[data-turns$="${'x'.repeat(12)}"]`).waitFor();
    await panel.page.locator('.stage:not([aria-busy="true"])').waitFor();
    assert.ok(await panel.page.locator('.minimap').isVisible());
    const exact = await bytesOf('.stack > .base');
    assert.notEqual(exact, whole);
    await panel.page.evaluate(() => document.body.classList.toggle('again'));
    await panel.settled();
    assert.equal(await bytesOf('.stack > .base'), exact);
  });

  it('take the colours of another theme at once', async () => {
    await open();
    await panel.openView('matrix');
    const dark = await bytesOf('.stack > .base');
    await panel.setTheme('light');
    await panel.settled();
    await panel.page.waitForFunction(
      (before) =>
        document.querySelector<HTMLCanvasElement>('.stack > .base')?.toDataURL() !== before,
      dark,
    );
  });

  it('export what is shown, which is read back to the last bit', async () => {
    await open();
    await panel.openView('matrix');
    await panel.page.getByRole('button', { name: 'Export' }).click();
    await panel.page.locator('dialog.export [data-format=json]').click();
    await panel.page.waitForFunction(() => window.fakeHost.sent('export').length > 0);
    const [message] = await panel.page.evaluate(() => window.fakeHost.sent('export'));
    assert.equal(message?.['format'], 'json');
    assert.equal(message?.['name'], 'headlight-cross-1.1-00000000');
    const file = JSON.parse(String(message?.['data'])) as {
      schema: string;
      data: { weights: { base64: string; shape: number[] }; keys: { text: string }[] }[];
    };
    assert.equal(file.schema, 'headlight.attention/1');
    const [map] = file.data;
    assert.ok(map);
    const bytes = Buffer.from(map.weights.base64, 'base64');
    const halves = new Uint16Array(bytes.length / 2);
    for (let at = 0; at < halves.length; at++) halves[at] = bytes.readUInt16LE(2 * at);
    const [queries, keys] = map.weights.shape;
    assert.deepEqual([queries, keys], [13, 16]);
    const weights = decodeHalf(halves);
    assert.ok(Math.abs((weights[5 * 16 + 3] ?? NaN) - (await given('cross', 0, 5, 3))) < 5e-4);
    assert.equal(map.keys[1]?.text, 'word0');
  });

  it('export without a word of the text if that is wanted', async () => {
    await open();
    await panel.openView('matrix');
    for (const format of ['json', 'csv', 'svg']) {
      await panel.page.getByRole('button', { name: 'Export' }).click();
      const omit = panel.page.locator('dialog.export vscode-checkbox');
      if (format === 'json') await omit.click();
      await panel.page.locator(`dialog.export [data-format=${format}]`).click();
      await panel.page.waitForFunction(
        (wanted) => window.fakeHost.sent('export').some((one) => one['format'] === wanted),
        format,
      );
    }
    const texts = await panel.page.evaluate(() =>
      window.fakeHost.sent('export').map((one) => String(one['data'])),
    );
    assert.equal(texts.length, 4, 'JSON, two tables, SVG');
    for (const text of texts) assert.doesNotMatch(text, /word\d/);
  });
});
