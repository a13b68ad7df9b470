/**
 * `npm run bench:service [-- [PART...] [--soak N]]`: the engine's process as the editor has it, through the editor's own client.
 * Measures the named parts, by default all but the soak, which is N translations one after another and takes long. Keeps the
 * figures of the other parts in results/service.json and writes the table of all in results/service.md. Linux only.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildEngine } from '../../engine/support/engine';
import { loadAverage } from '../load';
import { bandwidth } from './bandwidth';
import { cacheCost } from './cacheCost';
import { flood } from './crowd';
import { fairness } from './fairness';
import { channel, coldStart, documents, hostDelay } from './measures';
import { megabyte } from './megabyte';
import type { Row } from './row';
import { soak } from './soak';

const RESULTS = join(__dirname, '..', 'results');
/** Full within the first thousand texts, so that what grows after them is no cache. */
const SOAK_CACHE_BYTES = 2 ** 18;

interface Part {
  /** When, on what and beside how much other load it was measured. */
  readonly head: string;
  readonly rows: readonly Row[];
}

type Measure = (enginePath: string) => Promise<Row[]>;

function measuresOf(soaked: number): Readonly<Record<string, Measure>> {
  return {
    start: async (path) => [await coldStart(path)],
    channel,
    bandwidth,
    documents,
    host: hostDelay,
    crowd: flood,
    fairness,
    megabyte,
    cache: () => Promise.resolve(cacheCost()),
    soak: (path) => soak(path, soaked, SOAK_CACHE_BYTES),
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { soak: { type: 'string' } },
    allowPositionals: true,
  });
  const measures = measuresOf(Number(values.soak ?? 100_000));
  const all = Object.keys(measures).filter((name) => name !== 'soak' || values.soak !== undefined);
  const names = positionals.length > 0 ? positionals : all;
  const unknown = names.find((name) => !(name in measures));
  if (unknown !== undefined)
    throw new Error(`There is no part ${unknown}, only ${Object.keys(measures).join(', ')}.`);
  const parts = knownParts();
  const engine = await buildEngine();
  try {
    for (const name of names) {
      const before = loadAverage();
      const rows = await measures[name]!(engine.path);
      parts[name] = { head: describe(before), rows };
      for (const { what, figure, goal } of rows)
        process.stderr.write(`bench: ${what}: ${figure}${goal === '' ? '' : ` (goal ${goal})`}\n`);
      write(parts, Object.keys(measures));
    }
  } finally {
    await engine.remove();
  }
}

function knownParts(): Record<string, Part> {
  const file = join(RESULTS, 'service.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Part>) : {};
}

function describe(before: number): string {
  return (
    `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? 'unknown processor'} (${cpus().length} cores), ` +
    `Node ${process.version}, load ${before} before and ${loadAverage()} after`
  );
}

function write(parts: Readonly<Record<string, Part>>, order: readonly string[]): void {
  const known = order.filter((name) => parts[name]);
  const rows = known.flatMap((name) => parts[name]?.rows ?? []);
  const heads = known.map((name) => `- ${name}: ${parts[name]?.head}`);
  const text = [
    '| what | measured | goal |',
    '|---|---:|---:|',
    ...rows.map(({ what, figure, goal }) => `| ${what} | ${figure} | ${goal} |`),
    '',
    'Measured, part by part:',
    '',
    ...heads,
    '',
  ].join('\n');
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'service.md'), text);
  const sorted = Object.fromEntries(known.map((name) => [name, parts[name]]));
  writeFileSync(join(RESULTS, 'service.json'), `${JSON.stringify(sorted, null, 1)}\n`);
}

void main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
