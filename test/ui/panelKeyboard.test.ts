import assert from 'node:assert/strict';
import { PANEL_VIEWS } from '../../src/protocol/panelState';
import { PanelPage } from '../panel/panelPage';
import { words } from '../panel/syntheticRun';

/** More stops than any view has: a focus that does not come by then never comes. */
const MOST_STOPS = 60;

describe('the panel by the keyboard alone', function () {
  this.timeout(240_000);
  let panel: PanelPage;

  beforeEach(async () => {
    panel = await PanelPage.open({
      spec: {
        runId: 7,
        encoderLayers: 3,
        decoderLayers: 2,
        heads: 4,
        source: words(10),
        target: words(9),
      },
    });
    await panel.tab('overview').waitFor();
  });
  afterEach(async function () {
    await panel.finish(this.currentTest);
  });

  const press = (key: string): Promise<void> => panel.page.keyboard.press(key);

  /** Whether the focus is on, or inside of, what the selector names. */
  const isFocused = (selector: string): Promise<boolean> =>
    panel.page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector);

  async function tabTo(selector: string, key = 'Tab'): Promise<number> {
    for (let stops = 0; stops < MOST_STOPS; stops++) {
      if (await isFocused(selector)) return stops;
      await press(key);
    }
    assert.fail(`${selector} is never focused`);
  }

  /** What a screen reader would be at: the active descendant's words, or those of the focused element. */
  const reading = (): Promise<string> =>
    panel.page.evaluate(() => {
      const focused = document.activeElement;
      const id = focused?.getAttribute('aria-activedescendant');
      const at = id ? document.getElementById(id) : focused;
      return `${id ?? ''} ${at?.getAttribute('aria-label') ?? at?.textContent ?? ''}`;
    });

  it('reaches every view, and in each what there is to look at', async () => {
    await tabTo('[role=tab]');
    for (const view of PANEL_VIEWS) {
      assert.ok(await isFocused(`#tab-${view}[aria-selected=true]`), view);
      await panel.settled();
      await tabTo('.view');
      assert.notEqual((await reading()).trim(), '', `${view} has words for what is focused`);
      await tabTo('[role=tab]', 'Shift+Tab');
      assert.ok(await isFocused(`#tab-${view}`), `${view}'s tab is the one stop of the tabs`);
      await press('ArrowRight');
    }
    assert.ok(await isFocused(`#tab-${PANEL_VIEWS[0]}`), 'the tabs go round');
  });

  for (const view of ['overview', 'matrix', 'alignment'] as const)
    it(`moves in the grid of the ${view} view, which is one stop`, async () => {
      await panel.openView(view);
      await tabTo('.view [role=grid]');
      const seen = [await reading()];
      for (const key of ['ArrowDown', 'ArrowRight', 'End', 'Control+End', 'Home']) {
        await press(key);
        assert.ok(await isFocused('.view [role=grid]'));
        seen.push(await reading());
      }
      assert.equal(new Set(seen).size, seen.length, seen.join('\n'));
      await press('Control+Home');
      assert.equal(await reading(), seen[0]);
      const built = await panel.page.locator('.view [role=gridcell]').count();
      assert.ok(
        built <= 3 * 17,
        `${built} cells are built, a row on either side of the focused one`,
      );
      await press('Tab');
      assert.ok(!(await isFocused('.view [role=grid]')));
    });

  it('opens the head that is chosen in the overview', async () => {
    await tabTo('.view [role=grid]');
    await press('ArrowRight');
    await press('Enter');
    await panel.page.locator('#tab-matrix[aria-selected=true]').waitFor();
    await panel.settled();
    assert.equal((await panel.page.evaluate(() => window.fakeHost.sent('query'))).length > 0, true);
  });

  it('changes head, layer, kind, special tokens and words with single keys, and says so', async () => {
    await panel.openView('matrix');
    await tabTo('.view [role=grid]');
    const state = (): Promise<Record<string, unknown>> =>
      panel.page.evaluate(() => window.fakeHost.state as Record<string, unknown>);
    const spoken = panel.page.locator('[aria-live=polite], [role=status]');
    for (const [key, field] of [
      [']', 'head'],
      ['}', 'layer'],
      ['k', 'kind'],
      ['s', 'specials'],
      ['w', 'words'],
    ] as const) {
      const before = (await state())[field];
      await press(key);
      assert.notEqual((await state())[field], before, key);
      assert.ok(await isFocused('.view [role=grid]'), `${key} leaves the focus where it is`);
    }
    await panel.page.waitForFunction(() =>
      [...document.querySelectorAll('[aria-live=polite]')].some(({ textContent }) =>
        /layer/i.test(textContent ?? ''),
      ),
    );
    assert.ok((await spoken.count()) > 0);
  });

  it('opens help, search and export with single keys, and Escape leads back', async () => {
    await panel.openView('matrix');
    for (const key of ['?', 'e']) {
      await tabTo('.view [role=grid]');
      await press(key);
      await panel.page.locator('dialog[open]').waitFor();
      assert.ok(await isFocused('dialog[open]'), key);
      await press('Escape');
      await panel.page.locator('dialog[open]').waitFor({ state: 'detached' });
      assert.ok(await isFocused('.view [role=grid]'), `after ${key} the focus is back`);
    }
    await press('/');
    await panel.page.locator('#filters').waitFor();
    assert.ok(await isFocused('#filters'));
  });

  it('takes single keys in views without a grid, too', async () => {
    for (const [view, stop] of [
      ['steps', 'input[type=range]'],
      ['flow', '[role=listbox]'],
    ] as const) {
      await panel.openView(view);
      await tabTo(`.view ${stop}`);
      await press('e');
      await panel.page.locator('dialog[open]').waitFor();
      await press('Escape');
      await panel.page.locator('dialog[open]').waitFor({ state: 'detached' });
      assert.ok(await isFocused(`.view ${stop}`), view);
    }
  });

  it('does nothing on single keys when they are turned off', async () => {
    await panel.openView('matrix');
    await panel.page.evaluate(() => window.fakeHost.send({ type: 'settings', singleKeys: false }));
    await tabTo('.view [role=grid]');
    await panel.settled();
    const state = (): Promise<string> =>
      panel.page.evaluate(() => JSON.stringify(window.fakeHost.state));
    const before = await state();
    for (const key of ['[', ']', '{', '}', 'k', 's', 'w', 'p', '/', 'e', '?']) await press(key);
    assert.equal(await state(), before);
    assert.equal(await panel.page.locator('dialog[open], #filters:not([hidden])').count(), 0);
    await press('ArrowDown');
    assert.ok(await isFocused('.view [role=grid]'));
  });

  it('reveals a token in the text on Enter', async () => {
    await panel.openView('text');
    await tabTo('.view [role=listbox]');
    await press('ArrowRight');
    await press('ArrowRight');
    await press('Enter');
    const sent = await panel.page.evaluate(() => window.fakeHost.sent('reveal'));
    assert.equal(sent.length, 1);
  });
});
