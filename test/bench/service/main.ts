/**
 * `npm run bench:service [-- --soak N]`: the engine's process as the editor has it, through the editor's own client: the start,
 * the way over the channel, memory, ten times the text, many requests at once, and with --soak N translations one after
 * another. Writes results/service.md and results/service.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildEngine } from '../../engine/support/engine';
import { loadAverage } from '../load';
import { bandwidth } from './bandwidth';
import { flood, soak } from './crowd';
import { channel, coldStart, documents, hostDelay } from './measures';
import type { Row } from './row';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { soak: { type: 'string', default: '0' } } });
  const before = loadAverage();
  const engine = await buildEngine();
  const rows: Row[] = [];
  const add = (...more: Row[]): void => {
    rows.push(...more);
    for (const { what, figure, goal } of more)
      process.stderr.write(`bench: ${what}: ${figure}${goal === '' ? '' : ` (goal ${goal})`}\n`);
  };
  try {
    add(await coldStart(engine.path));
    add(...(await channel(engine.path)));
    add(...(await bandwidth(engine.path)));
    add(...(await documents(engine.path)));
    add(...(await hostDelay(engine.path)));
    add(...(await flood(engine.path)));
    const count = Number(values.soak);
    if (count > 0) add(...(await soak(engine.path, count)));
  } finally {
    await engine.remove();
  }
  const head =
    `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? 'unknown processor'} (${cpus().length} cores), ` +
    `Node ${process.version}, load ${before} before and ${loadAverage()} after`;
  const table = rows.map(({ what, figure, goal }) => `| ${what} | ${figure} | ${goal} |`);
  const text = [head, '', '| what | measured | goal |', '|---|---:|---:|', ...table, ''].join('\n');
  const folder = join(__dirname, '..', 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'service.md'), text);
  writeFileSync(join(folder, 'service.json'), `${JSON.stringify({ head, rows }, null, 1)}\n`);
  process.stdout.write(text);
}

void main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
