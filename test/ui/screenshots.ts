/**
 * `npm run screenshots`: pictures of every view of the attention panel in a real VS Code, in four themes, into artifacts/,
 * and of the window as a whole. To be looked at.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PANEL_VIEWS } from '../../src/protocol/panelState';
import { ARTIFACTS } from '../host/paths';
import { AttentionPanel } from './attentionPanel';
import { Workbench } from './workbench';

const SENTENCE = 'When it grows too large, the oldest entries are removed.';
const THEMES = ['dark', 'light', 'highContrast', 'highContrastLight'] as const;
/** Time for what comes by itself after a view was opened: answers and drawings. */
const REST_MS = 1500;

async function main(): Promise<void> {
  const folder = join(ARTIFACTS, 'screenshots', 'panel');
  await mkdir(folder, { recursive: true });
  const workbench = await Workbench.open();
  const { page } = workbench;
  try {
    await page.setViewportSize({ width: 1500, height: 950 });
    await workbench.openFile('english.md');
    await workbench.placeCursor(SENTENCE);
    await AttentionPanel.show(workbench);
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    for (const theme of THEMES) {
      await workbench.setTheme(theme);
      const panel = await AttentionPanel.find(workbench);
      for (const view of PANEL_VIEWS) {
        await panel.openView(view);
        if (view === 'text') await panel.frame.locator('[id^="text-key-"]').nth(9).hover();
        await page.waitForTimeout(REST_MS);
        await page.screenshot({ path: join(folder, `${view}-${theme}.png`) });
      }
    }
  } finally {
    await workbench.close();
  }
  process.stdout.write(`The pictures are in ${folder}.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
