/**
 * `npx tsx test/bench/inspect.ts`: what opening the attention panel costs the engine after the text was translated, for 144
 * maps (6 + 6 layers of 8 heads, random weights of the default model's sizes) and for the default model.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AttentionRuns } from '../../src/engine/attentionRuns';
import { readTokenizer } from '../../src/engine/folder';
import type { Inspection, InspectParts } from '../../src/engine/inspection';
import { openModel } from '../../src/engine/model';
import { TranslationCache } from '../../src/engine/translationCache';
import { Turns } from '../../src/engine/turns';
import type { PanelToken } from '../../src/protocol/attentionRun';
import type { ModelInfo } from '../../src/protocol/engine';
import { writeRandomModel } from '../engine/support/randomModel';

const DEFAULT_MODEL = join(__dirname, '..', '..', 'models', 'default');
const LENGTHS = [16, 64, 128, 512];
const REPETITIONS = 5;
const MIB = 2 ** 20;
const { signal } = new AbortController();
const DECODING = { beam: 1, lengthPenalty: 1, maxTokens: 512 };

const SIZES = {
  vocab_size: 16000,
  d_model: 512,
  encoder_layers: 6,
  decoder_layers: 6,
  encoder_ffn_dim: 2048,
  decoder_ffn_dim: 2048,
  encoder_attention_heads: 8,
  decoder_attention_heads: 8,
  max_position_embeddings: 512,
  pad_token_id: 0,
  eos_token_id: 1,
  decoder_start_token_id: 0,
  static_position_embeddings: true,
  scale_embedding: true,
  activation_function: 'relu',
};

/** One model in a process of its own, so that memory is its own. */
async function measure(name: string, folder: string): Promise<string> {
  const model = await openModel(folder, { device: 'cpu', threads: 2 });
  const tokenizer = await readTokenizer(folder);
  const info = { name, modelPath: folder } as ModelInfo;
  const cache = new TranslationCache(0);
  const parts = { model, tokenizer, info, identity: name, turns: new Turns(), cache };
  const runs = new AttentionRuns();
  const loaded = await settled();
  await open(runs, parts, 16);
  const before = await settled();
  resetPeak();
  // Memory first: what later runs leave behind would be used again and hide what one of them takes.
  const longest = await open(runs, parts, Math.max(...LENGTHS));
  const peak = peakMemory() - before;
  const kept = (await settled()) - before;
  const query = { name: 'head', params: { kind: 'cross', layer: 0, head: 0 } } as const;
  await runs.answer({ ...query, runId: longest.runId }, signal, parts.turns, (work) => work(parts));
  const rows: string[] = [];
  for (const length of LENGTHS) {
    const times: number[] = [];
    const work: number[] = [];
    let opened = longest;
    for (let i = 0; i < REPETITIONS; i++) {
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      opened = await open(runs, parts, length);
      times.push(performance.now() - start);
      const { user, system } = process.cpuUsage(cpu);
      work.push((user + system) / 1000);
      // The steps are made afterwards: no part of this run's time, nor of the next one's.
      const steps = { runId: opened.runId, name: 'steps', params: {} } as const;
      await runs.answer(steps, signal, parts.turns, (ask) => ask(parts));
    }
    rows.push(
      `| ${name} | ${length} | ${spread(times)} | ${spread(work)} | ${kilobytes(opened.bytes)} |`,
    );
  }
  await model.dispose();
  const mebibytes = (size: number): string => (size / MIB).toFixed(0);
  const memory = `kept ${mebibytes(kept)} MiB, at most ${mebibytes(peak)} MiB while it is made`;
  const session = `the session of the pass, made once: ${mebibytes(before - loaded)} MiB`;
  const head =
    '| model | tokens | open, ms | processor time, ms | message, kB |\n| --- | --- | --- | --- | --- |';
  return `${head}\n${rows.join('\n')}\n\n${name}, 512 tokens: ${memory}; ${session}\n`;
}

/** Median and least. */
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return `${(sorted[sorted.length >> 1] ?? NaN).toFixed(0)} (${(sorted[0] ?? NaN).toFixed(0)})`;
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}

/** The run, and the bytes of the message that opens the panel with it. */
async function open(
  runs: AttentionRuns,
  parts: InspectParts,
  length: number,
): Promise<{ runId: number; bytes: number }> {
  const token = (id: number, word: number): PanelToken => {
    return { id, text: ' word', start: 5 * word, end: 5 * word + 5, special: word < 0, word };
  };
  const source = Array.from({ length }, (_, i) => token(100 + i, i));
  const output = [token(0, -1), ...source, token(1, -1)];
  const inspection: Inspection = {
    direction: { source: 'en', target: 'ko' },
    sentences: [{ start: 0, end: 5 * length, tokens: length }],
    sentence: 0,
    sourceText: ' word'.repeat(length),
    targetText: ' word'.repeat(length),
    source,
    target: output.slice(0, length),
    predicted: output.slice(1, length + 1),
    refused: undefined,
    ended: true,
    searched: undefined,
  };
  const params = { text: inspection.targetText, decoding: DECODING };
  const run = await runs.open(parts, params, inspection, signal);
  const { thumbnails, metrics, valueNorms, ...rest } = run;
  const binary = thumbnails.byteLength + metrics.byteLength + valueNorms.byteLength;
  return { runId: run.runId, bytes: binary + Buffer.byteLength(JSON.stringify(rest)) };
}

/** Resident bytes when what can be freed was freed. */
async function settled(): Promise<number> {
  for (let i = 0; i < 8; i++) {
    globalThis.gc?.();
    await setTimeout(200);
  }
  return process.memoryUsage.rss();
}

/** Linux counts the greatest resident size since this was written. */
function resetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5');
}

function peakMemory(): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1]) * 1024;
}

async function main(): Promise<void> {
  const [name, folder] = process.argv.slice(2);
  if (name !== undefined && folder !== undefined) {
    process.stdout.write(`${await measure(name, folder)}\n`);
    return;
  }
  const random = mkdtempSync(join(tmpdir(), 'headlight-inspect-'));
  try {
    writeRandomModel(random, SIZES);
    await copyFile(join(DEFAULT_MODEL, 'tokenizer.json'), join(random, 'tokenizer.json'));
    const [first] = cpus();
    process.stdout.write(
      `${first?.model ?? ''}, ${cpus().length} CPUs, Node ${process.version}\n\n`,
    );
    process.stdout.write(
      `load average before: ${loadavg()[0]?.toFixed(1)}; median (least) of ${REPETITIONS}\n\n`,
    );
    for (const [label, path] of [
      ['144 maps', random],
      ['default, 80 maps', DEFAULT_MODEL],
    ] as const)
      process.stdout.write(
        execFileSync(process.execPath, ['--expose-gc', '--import=tsx', __filename, label, path], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'inherit'],
        }),
      );
  } finally {
    rmSync(random, { recursive: true, force: true });
  }
}

void main();
