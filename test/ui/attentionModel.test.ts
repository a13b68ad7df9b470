import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAMPLES, sampleTitle } from '../../src/protocol/samples';
import { parseSafetensors } from '../../src/transformer/weights';
import { ROOT } from '../host/paths';
import { AttentionPanel } from './attentionPanel';
import { Workbench } from './workbench';

describe('samples and the model view in an editor', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let panel: AttentionPanel;

  before(async () => {
    workbench = await Workbench.open();
    await workbench.openFile('english.md');
    await workbench.placeCursor('The cache keeps the last results in memory.');
    panel = await AttentionPanel.show(workbench);
  });
  after(() => workbench?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await workbench.screenshot(`failed ${this.currentTest.title}`);
  });

  /** The source's tokens as the text view shows them, put together: letters that are no pieces are given as bytes. */
  async function sourceIs(text: string): Promise<void> {
    await panel.openSourceTokens();
    await panel.frame.waitForFunction(
      (wanted) => {
        const bytes: number[] = [];
        for (const token of document.querySelectorAll('[id^="text-key-"]')) {
          const shown = (token.textContent ?? '').replace(/[\s␣]/g, '');
          const [, byte] = /^<0x([0-9A-F]{2})>$/.exec(shown) ?? [];
          if (byte !== undefined) bytes.push(parseInt(byte, 16));
          else if (!/^<.+>$/.test(shown)) bytes.push(...new TextEncoder().encode(shown));
        }
        return new TextDecoder().decode(Uint8Array.from(bytes)) === wanted;
      },
      text.replace(/\s/g, ''),
    );
  }

  it('opens each sample with one click, and its text beside the panel', async () => {
    for (const [index, sample] of SAMPLES.entries()) {
      await panel.frame.locator('.samples > summary').click();
      await panel.frame.locator('.sample').nth(index).click();
      await sourceIs(sampleTitle(sample));
    }
    await workbench.line(/I\sam\sa\sboy/).waitFor();
  });

  it('goes from one bank to the other by the list of sentences', async () => {
    await panel.frame.locator('.samples > summary').click();
    await panel.frame.locator('.sample').nth(1).click();
    await sourceIs('I went to the bank to deposit money');
    // A label's text has the list's in it: getByLabel would find the other list, too.
    await panel.frame
      .locator('.toolbar .control:has(.control-label:text-is("sentence")) select')
      .selectOption('1');
    await sourceIs('I sat on the bank of the river');
    await workbench.line(/I\swent\sto\sthe\sbank/).waitFor();
    await workbench.line(/I\ssat\son\sthe\sbank/).waitFor();
  });

  it('shows the shipped model in numbers that sum to its file', async () => {
    await panel.openView('model');
    const bytes = readFileSync(join(ROOT, 'models/default/model.safetensors'));
    const sizes = [...parseSafetensors(bytes, bytes.length).values()].map(({ shape }) =>
      shape.reduce((product, size) => product * size, 1),
    );
    const stored = sizes.reduce((sum, size) => sum + size, 0);
    const summary = panel.frame.locator('.model-summary');
    await summary.filter({ hasText: new Intl.NumberFormat('en').format(stored) }).waitFor();
    await workbench.screenshot('attention model architecture');
  });

  it('opens a head of it, whose weights sum to 1, and names neighbours of a token', async () => {
    const parts = panel.frame.locator('.model .part');
    await parts.nth(3).locator('summary').click();
    await parts.nth(3).locator('tbody tr').nth(9).waitFor();
    await parts.nth(4).locator('summary').click();
    const weights = parts.nth(4).locator('.keys-table .with-bar');
    await weights.first().waitFor();
    const sum = (await weights.allInnerTexts()).reduce((total, text) => total + Number(text), 0);
    assert.ok(Math.abs(sum - 1) < 0.01, String(sum));
  });

  it('measures the encoder here when it is told to', async () => {
    const part = panel.frame.locator('.model .part').last();
    await part.locator('summary').click();
    await part.locator('vscode-button').click();
    await part.locator('tbody tr').nth(5).waitFor();
    const times = await part
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => Number((row.lastElementChild?.textContent ?? '').replace(',', ''))),
      );
    assert.equal(times.length, 6);
    assert.ok(
      times.every((time) => time > 0),
      times.join(),
    );
    await workbench.screenshot('attention model cost');
  });
});
