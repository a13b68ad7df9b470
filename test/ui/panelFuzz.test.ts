import assert from 'node:assert/strict';
import { PANEL_VIEWS } from '../../src/protocol/panelState';
import { hostMessages, tampered } from '../panel/messages';
import { PanelPage } from '../panel/panelPage';
import { seeded } from '../panel/random';
import { syntheticRun, words, type RunSpec } from '../panel/syntheticRun';

const SPEC: RunSpec = {
  runId: 7,
  encoderLayers: 2,
  decoderLayers: 2,
  heads: 2,
  source: words(6),
  target: words(5),
};
const ROUNDS = 120;

describe("the panel's page under messages that somebody tampered with", function () {
  this.timeout(240_000);
  let panel: PanelPage;

  before(async () => {
    panel = await PanelPage.open({ spec: SPEC });
    await panel.tab('overview').waitFor();
  });
  after(() => panel?.close());

  it('never fails, whatever comes and whatever is shown', async () => {
    const random = seeded(20261121);
    const messages = hostMessages(syntheticRun(SPEC));
    let sent = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const batch = messages.map((message) => tampered(message, random));
      sent += batch.length;
      await panel.page.evaluate((all) => {
        for (const message of all) window.fakeHost.send(message);
      }, batch);
      const view = PANEL_VIEWS[round % PANEL_VIEWS.length] ?? 'overview';
      await panel.openView(view);
    }
    assert.ok(sent > 2000, String(sent));
    assert.deepEqual(await panel.faults(), []);
  });

  it('shows the next honest text as if nothing had been', async () => {
    await panel.page.evaluate((spec) => window.fakeHost.show(spec), { ...SPEC, runId: 8 });
    await panel.settled();
    for (const view of PANEL_VIEWS) await panel.openView(view);
    const tabs = await panel.page.locator('[role=tab]').count();
    assert.equal(tabs, PANEL_VIEWS.length);
    const state = await panel.page.evaluate(() => window.fakeHost.state as { runId: number });
    assert.equal(state.runId, 8);
    assert.deepEqual(await panel.faults(), []);
  });
});
