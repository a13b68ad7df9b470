import type { Frame, Page } from 'playwright-core';
import { Workbench } from '../../ui/workbench';
import type { BudgetName } from './budgets';

const SENTENCE = 'When it grows too large, the oldest entries are removed.';

/** The two ways between editor and panel, in a real VS Code with the model that comes with the extension. */
export async function measureEditor(
  repetitions: number,
): Promise<Partial<Record<BudgetName, readonly number[]>>> {
  const workbench = await Workbench.open();
  try {
    await workbench.openFile('english.md');
    await workbench.placeCursor(SENTENCE);
    await workbench.runCommand('Headlight: Show Attention');
    const frame = await workbench.panelFrame();
    await frame.locator('#tab-matrix').click();
    await frame.locator('.view [role=grid]').first().waitFor();
    const openHeadEditor = await openHeads(frame, repetitions);
    await frame.locator('#tab-text').click();
    await frame.locator('.view .token').first().waitFor();
    const echo = await echoes(workbench.page, frame, repetitions);
    return { openHeadEditor, echo };
  } finally {
    await workbench.close();
  }
}

/** The default model's heads of the encoder, which has more of them than the other kinds. */
const HEADS = 48;

/** From the key to the frame after the answer has come, each head for the first time: of a second there is no answer. */
async function openHeads(frame: Frame, count: number): Promise<number[]> {
  return frame.evaluate(
    async (most) => {
      const times: number[] = [];
      const grid = document.querySelector<HTMLElement>('.view [role=grid]');
      grid?.focus();
      for (let index = 0; index < most; index++) {
        const start = performance.now();
        // No named function in here: the loader would wrap it in a helper that the page does not have.
        const heard = new AbortController();
        const answered = new Promise<void>((resolve) =>
          window.addEventListener(
            'message',
            ({ data }: MessageEvent<{ type?: unknown }>) => {
              if (data.type !== 'answer') return;
              heard.abort();
              resolve();
            },
            { signal: heard.signal },
          ),
        );
        // From cross-attention to the encoder, and after the last head of a layer to the next layer.
        const key = index === 0 ? 'k' : index % 8 === 0 ? '}' : ']';
        grid?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        await answered;
        await new Promise((resolve) =>
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined))),
        );
        times.push(performance.now() - start);
      }
      return times;
    },
    Math.min(count, HEADS),
  );
}

/** From the mouse's arrival at a token to the first change of the marks in the editor, by the clock that both share. */
async function echoes(page: Page, frame: Frame, count: number): Promise<number[]> {
  await frame.evaluate(() => {
    const store = window as unknown as { movedAt: number };
    document.addEventListener(
      'pointermove',
      () => (store.movedAt ||= performance.timeOrigin + performance.now()),
      true,
    );
  });
  await page.evaluate(() => {
    const store = window as unknown as { markedAt: number };
    const overlays = document.querySelector('.monaco-editor .view-overlays');
    if (!overlays) throw new Error('There is no editor.');
    const observer = new MutationObserver(() => {
      const marks = overlays.querySelectorAll('[class*="ced-"]').length;
      if (marks > 0) store.markedAt ||= performance.timeOrigin + performance.now();
    });
    observer.observe(overlays, { childList: true, subtree: true, attributes: true });
  });
  const tokens = frame.locator('.view .token:not(.special)');
  const total = await tokens.count();
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    await page.evaluate(() => ((window as unknown as { markedAt: number }).markedAt = 0));
    await frame.evaluate(() => ((window as unknown as { movedAt: number }).movedAt = 0));
    await tokens.nth(index % total).hover();
    await page.waitForFunction(() => (window as unknown as { markedAt: number }).markedAt > 0);
    const marked = await page.evaluate(() => (window as unknown as { markedAt: number }).markedAt);
    const moved = await frame.evaluate(() => (window as unknown as { movedAt: number }).movedAt);
    times.push(marked - moved);
    // Away from the texts, so that the next mark is a new one.
    await frame.locator('#tab-text').hover();
    await page.waitForFunction(
      () => document.querySelectorAll('.view-overlays [class*="ced-"]').length === 0,
    );
  }
  return times;
}
