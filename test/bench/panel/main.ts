/** `npm run bench -- --panel`: what the attention panel takes, beside its budgets and beside drawing an element per cell. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../../host/browser';
import { IDLE_LOAD, loadAverage } from '../load';
import { measureEditor } from './measureEditor';
import { measureEngine } from './measureEngine';
import { measurePage, type Samples } from './measurePage';
import { panelMarkdown, type PanelReport } from './report';

const TOKENS = [16, 64, 128, 512];

export interface PanelBenchOptions {
  /** Repetitions, for a trial of the bench itself; 30 by default. */
  readonly repetitions: number;
  /** Without the real editor. */
  readonly pageOnly: boolean;
  readonly out: string;
}

export async function benchPanel({ repetitions, pageOnly, out }: PanelBenchOptions): Promise<void> {
  const before = loadAverage();
  const settings = {
    repetitions,
    frames: 4 * repetitions,
    limit: repetitions < 10 ? 5000 : 60_000,
  };
  // Before there is a browser, which goes on tidying up after its last picture.
  const engines = TOKENS.map((tokens) => measureEngine(tokens, Math.min(5, repetitions)));
  const pages: Samples[] = [];
  for (const [index, tokens] of TOKENS.entries()) {
    process.stderr.write(`bench: the panel with ${tokens} tokens\n`);
    const page = await measurePage(tokens, settings);
    pages.push({ ...page, times: { ...page.times, ...engines[index] } });
  }
  process.stderr.write('bench: the panel in an editor\n');
  const editor = pageOnly ? undefined : await measureEditor(repetitions);
  const report: PanelReport = {
    date: new Date().toISOString(),
    cpu: `${cpus()[0]?.model ?? 'unknown processor'} (${cpus().length} cores)`,
    browser: await browserName(),
    load: [before, loadAverage()],
    busy: before > IDLE_LOAD,
    repetitions,
    pages,
    ...(editor ? { editor } : {}),
  };
  const folder = join(__dirname, '..', 'results');
  mkdirSync(folder, { recursive: true });
  const text = panelMarkdown(report);
  writeFileSync(join(folder, `${out}.md`), text);
  writeFileSync(join(folder, `${out}.json`), `${JSON.stringify(report, null, 1)}\n`);
  process.stdout.write(text);
}

async function browserName(): Promise<string> {
  const browser = await launchBrowser();
  const version = browser.version();
  await browser.close();
  return `Chromium ${version.split('.')[0] ?? ''}`;
}
