/** `npm run bench -- [options]`: our engine beside others, on the same weights, in the same run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readTokenizer } from '../../src/engine/folder';
import { listEngines } from './engines';
import { IDLE_LOAD, loadAverage } from './load';
import { measure, type Settings } from './measure';
import { benchPanel } from './panel/main';
import { markdown, type Report } from './report';
import { prepare } from './setup';
import { readWorkload } from './workload';

const HELP = `npm run bench -- [options]
  --quick          a few minutes: fewer sentences and rounds, one batch size
  --limit N        at most N sentences, alone and in the document, and one round: a trial of the bench itself
  --model DIR      int8 model (default models/default); its float weights are what all others use
  --threads N      threads of one operator (default: all cores)
  --only NAMES     engines to run, by parts of "name type", separated by commas
  --prepare        only set up the peers and convert the weights
  --venv DIR       an existing Python environment with torch, ctranslate2, tokenizers and safetensors
  --panel          the attention panel instead: its budgets at 16 to 512 tokens; with --quick few repetitions and no editor
  --out NAME       name of the result files in test/bench/results (default latest, or panel)
`;

const FULL: Settings & { sentences: number } = {
  rounds: 5,
  batches: [8, 32],
  beams: [1, 4],
  starts: 3,
  sentences: 60,
};
const QUICK: typeof FULL = { rounds: 3, batches: [16], beams: [1, 4], starts: 1, sentences: 24 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      prepare: { type: 'boolean', default: false },
      panel: { type: 'boolean', default: false },
      limit: { type: 'string', default: 'Infinity' },
      help: { type: 'boolean', default: false },
      model: { type: 'string', default: join(__dirname, '..', '..', 'models', 'default') },
      threads: { type: 'string', default: String(availableParallelism()) },
      only: { type: 'string', default: '' },
      venv: { type: 'string' },
      out: { type: 'string' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  if (values.panel) {
    const repetitions = values.quick ? 3 : 30;
    await benchPanel({ repetitions, pageOnly: values.quick, out: values.out ?? 'panel' });
    return;
  }
  const model = resolve(values.model);
  // Converting weights for the peers is no other work.
  const before = loadAverage();
  const prepared = prepare(model, values.venv);
  if (values.prepare) return;
  const limit = Number(values.limit);
  const chosen = values.quick ? QUICK : FULL;
  const settings = Number.isFinite(limit) ? { ...chosen, rounds: 1 } : chosen;
  const workload = readWorkload(await readTokenizer(model), settings.sentences, limit);
  const wanted = values.only.toLowerCase().split(',');
  const engines = listEngines(prepared, Number(values.threads)).filter((engine) =>
    wanted.some((part) => `${engine.name} ${engine.type}`.toLowerCase().includes(part)),
  );
  const results = await measure(engines, workload, settings, (line) =>
    process.stderr.write(`bench: ${line}\n`),
  );
  const report: Report = {
    date: new Date().toISOString(),
    cpu: `${cpus()[0]?.model ?? 'unknown processor'} (${cpus().length} cores)`,
    threads: Number(values.threads),
    node: process.version,
    load: [before, loadAverage()],
    busy: before > IDLE_LOAD,
    quick: values.quick,
    sentences: workload.sentences.length,
    rounds: settings.rounds,
    documentBytes: workload.documentBytes,
    documentSentences: workload.document.length,
    documentTokens: workload.documentTokens,
    engines: results,
  };
  write(values.out ?? 'latest', report);
}

function write(name: string, report: Report): void {
  const folder = join(__dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const text = markdown(report);
  writeFileSync(join(folder, `${name}.md`), text);
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(report, null, 1)}\n`);
  process.stdout.write(text);
}

void main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
