import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { PanelPage } from '../../panel/panelPage';
import { words } from '../../panel/syntheticRun';
import type { BudgetName } from './budgets';

/** The base model of the paper: 6 + 6 layers of 8 heads. */
const LAYERS = 6;
const HEADS = 8;
/** The special tokens at both ends of the source. */
const SPECIAL = 2;

export interface Samples {
  readonly tokens: number;
  readonly times: Partial<Record<BudgetName, readonly number[]>>;
  /** An element for each cell of one kind's maps, as other tools draw. */
  readonly lines: LinesResult;
}

export interface LinesResult {
  /** Until they are on the screen, or until it was given up. */
  readonly milliseconds: number;
  readonly drawn: number;
  readonly all: number;
  readonly hover: readonly number[];
}

export interface PageSettings {
  readonly repetitions: number;
  readonly frames: number;
  /** Milliseconds after which drawing with elements is given up. */
  readonly limit: number;
}

/** The panel's page with texts of `tokens` tokens, then the same maps as one element per cell in an empty page. */
export async function measurePage(tokens: number, settings: PageSettings): Promise<Samples> {
  const { repetitions, frames } = settings;
  const spec = {
    runId: 1,
    encoderLayers: LAYERS,
    decoderLayers: LAYERS,
    heads: HEADS,
    source: words(tokens - SPECIAL),
    target: words(tokens - 1),
  };
  // 1,800 device pixels a side, as the budget for moving the map has it.
  const panel = await PanelPage.open({ spec, width: 1800, height: 1800 });
  try {
    const { page } = panel;
    await page.evaluate(script());
    await panel.tab('overview').waitFor();
    await panel.settled();
    const times: Partial<Record<BudgetName, readonly number[]>> = {};
    times.pictures = await page.evaluate((n) => window.panelBench.paintPictures(n), repetitions);
    times.overview = await page.evaluate((n) => window.panelBench.redraw(n), repetitions);
    times.decode = await page.evaluate(([s, n]) => window.panelBench.decode(s, n), [
      tokens,
      repetitions,
    ] as const);
    times.paint = await page.evaluate(([s, n]) => window.panelBench.paintHead(s, n), [
      tokens,
      repetitions,
    ] as const);
    times.restyle = await page.evaluate(([s, n]) => window.panelBench.restyle(s, n), [
      tokens,
      repetitions,
    ] as const);
    await panel.openView('matrix');
    times.matrix = await page.evaluate((n) => window.panelBench.redraw(n), repetitions);
    const moved = await page.evaluate((n) => window.panelBench.frames(n), frames);
    Object.assign(times, moved);
    // As many as the page keeps: its heap is measured when they are all there.
    times.openHead = await page.evaluate((n) => window.panelBench.openHeads(n), 64);
    times.heap = [await heapMebibytes(panel)];
    const faults = await panel.faults();
    if (faults.length > 0) throw new Error(`The page is not well: ${faults.join('; ')}`);
    const lines = await measureLines(panel, tokens, settings);
    return { tokens, times, lines };
  } finally {
    await panel.close();
  }
}

async function measureLines(
  panel: PanelPage,
  tokens: number,
  { limit, repetitions }: PageSettings,
): Promise<LinesResult> {
  const { page } = panel;
  page.setDefaultTimeout(0);
  try {
    const drawing = await page.evaluate(([n, most]) => window.panelBench.drawLines(n, 48, most), [
      tokens,
      limit,
    ] as const);
    const hover =
      drawing.drawn === drawing.all
        ? await page.evaluate((n) => window.panelBench.hoverLines(n), Math.min(5, repetitions))
        : [];
    return { ...drawing, hover };
  } catch {
    // The page ran out of memory.
    return { milliseconds: limit, drawn: 0, all: 48 * tokens * tokens, hover: [] };
  }
}

/** What is left after the garbage is collected, buffers of typed arrays included. */
async function heapMebibytes({ page }: PanelPage): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage: { usedSize: number; backingStorageSize?: number } =
    await session.send('Runtime.getHeapUsage');
  await session.detach();
  return (usage.usedSize + (usage.backingStorageSize ?? 0)) / 2 ** 20;
}

function script(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, 'inPage.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
  });
  return outputFiles[0]?.text ?? '';
}
