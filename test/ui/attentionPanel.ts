/** The attention panel in a real editor: its document inside the workbench's frames, and what it marks in the text. */
import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import type { ExportFormat } from '../../src/protocol/panel';
import type { ViewId } from '../../src/protocol/panelState';
import { Workbench } from './workbench';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A window in which the sentences of the samples stand on one line each, beside the panel. */
const WIDE = { width: 1700, height: 900 };

export class AttentionPanel {
  private constructor(
    readonly workbench: Workbench,
    readonly frame: Frame,
  ) {}

  /** A workbench of its own, wide enough for both, with the panel for a sentence of the sample. */
  static async openFor(sentence: string): Promise<AttentionPanel> {
    const workbench = await Workbench.open();
    try {
      await workbench.page.setViewportSize(WIDE);
      await workbench.openFile('english.md');
      await workbench.placeCursor(sentence);
      return await AttentionPanel.show(workbench);
    } catch (error) {
      await workbench.close();
      throw error;
    }
  }

  /** The panel that is open, once it shows a text or says something. */
  static async find(workbench: Workbench): Promise<AttentionPanel> {
    return new AttentionPanel(workbench, await workbench.panelFrame());
  }

  /** Runs the command for the sentence or selection at the cursor, and waits for what it shows. */
  static async show(workbench: Workbench): Promise<AttentionPanel> {
    await workbench.runCommand('Headlight: Show Attention');
    try {
      const panel = await AttentionPanel.find(workbench);
      await panel.frame.locator('[role=tab]').first().waitFor();
      return panel;
    } catch (error) {
      const told = await workbench.notifications().allInnerTexts();
      throw new Error(`No panel. ${told.join(' ')}\n${await workbench.server.log()}`, {
        cause: error,
      });
    }
  }

  /** Gives the focus to the text: what is opened, split or closed next is there, and not in the panel's group. */
  async focusText(): Promise<void> {
    await this.workbench.runCommand('View: Focus First Editor Group');
  }

  tab(view: ViewId): Locator {
    return this.frame.locator(`#tab-${view}`);
  }

  async openView(view: ViewId): Promise<void> {
    await this.tab(view).click();
    await this.frame.locator(`#tab-${view}[aria-selected=true]`).waitFor();
  }

  notice(): Locator {
    return this.frame.locator('.notice');
  }

  /** Source tokens of the text view, as keys of the encoder-decoder attention. */
  async openSourceTokens(): Promise<Locator> {
    await this.openView('text');
    const tokens = this.frame.locator('[id^="text-key-"]');
    await tokens.first().waitFor();
    return tokens;
  }

  /** A token that is a whole word of the text, so that its place on the screen is known. */
  async wholeWord(text: string): Promise<{ token: Locator; word: string }> {
    const tokens = await this.openSourceTokens();
    const texts = (await tokens.allInnerTexts()).map((token) => token.trim());
    const words = text.match(/\w{4,}/g) ?? [];
    const word = words.find((one) => texts.filter((token) => token === one).length === 1);
    assert.ok(word !== undefined, `a word of ${text} is one of ${texts.join('|')}`);
    return { token: tokens.nth(texts.indexOf(word)), word };
  }

  /** Places of the marks in the editor. */
  async marks(): Promise<Box[]> {
    return this.workbench.page
      .locator('.monaco-editor .view-overlays [class*="ced-"]')
      .evaluateAll((marks) =>
        marks.map((mark) => {
          const { x, y, width, height } = mark.getBoundingClientRect();
          return { x, y, width, height };
        }),
      );
  }

  /** Waits for exactly one mark and checks that it is on the word and nowhere else. */
  async expectMarkOn(word: string): Promise<void> {
    const { page } = this.workbench;
    await page.waitForFunction(
      () => document.querySelectorAll('.monaco-editor .view-overlays [class*="ced-"]').length === 1,
    );
    const [mark] = await this.marks();
    const box = await this.workbench.textBox(word);
    assert.ok(mark, 'there is a mark');
    // A token may have the blank before its word.
    const blank = box.width / word.length + 1;
    const about = JSON.stringify({ mark, box });
    assert.ok(mark.x >= box.x - blank && mark.x <= box.x + 2, about);
    assert.ok(Math.abs(mark.x + mark.width - (box.x + box.width)) <= 2, about);
    assert.ok(Math.abs(mark.y - box.y) < box.height / 2, about);
  }

  async expectNoMark(): Promise<void> {
    await this.workbench.page.waitForFunction(
      () => document.querySelectorAll('.monaco-editor .view-overlays [class*="ced-"]').length === 0,
    );
  }

  /** Exports what the view shows; every file that is offered is saved under its suggested name. */
  async export(format: ExportFormat): Promise<void> {
    await this.frame.locator('.toolbar').getByText('Export', { exact: true }).first().click();
    await this.frame.locator(`dialog[open] [data-format=${format}]`).click();
    await this.frame.locator('dialog.export').waitFor({ state: 'hidden' });
  }
}
