import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { EngineClient } from '../../../src/host/engine/client';
import { mapIndex } from '../../../src/protocol/attentionRun';
import {
  clientOf,
  DEFAULT_MODEL,
  GREEDY,
  loadParams,
  translateParams,
} from '../../engine/support/engine';
import { quantile, row, type Row } from './row';

const STARTS = 7;
const SENTENCES = 60;
const MIB = 2 ** 20;

export const DOCUMENT = readFileSync(join(__dirname, '..', 'workload', 'document.md'), 'utf8');
const LOAD = loadParams({ threads: 0 });

/** Sentences that differ, of about 20 source tokens. */
export function sentence(index: number): string {
  return `The file number ${index} cannot be opened because another program of the project still writes to it.`;
}

/** A client with the model in memory and the first sentence behind it. */
export async function warmClient(enginePath: string): Promise<EngineClient> {
  const client = clientOf(enginePath);
  await client.request('load', LOAD);
  for (let index = 0; index < 5; index++)
    await client.request('translate', translateParams([sentence(100_000 + index)]));
  return client;
}

/** From the fork to the first translated sentence, the files in the system's cache. */
export async function coldStart(enginePath: string): Promise<Row> {
  const times: number[] = [];
  for (let start = 0; start <= STARTS; start++) {
    const client = clientOf(enginePath);
    const begin = performance.now();
    await client.request('load', LOAD);
    await client.request('translate', translateParams([sentence(start)]));
    // The first one brings the files into the cache.
    if (start > 0) times.push(performance.now() - begin);
    await client.stop();
  }
  return row(
    'fork to first translated sentence, median',
    `${quantile(times, 0.5).toFixed(0)} ms`,
    'under 500 ms',
    ...times,
  );
}

/** One sentence in the engine by its own clock, and what the way over the channel adds for the host. */
export async function channel(enginePath: string): Promise<Row[]> {
  const client = await warmClient(enginePath);
  const inEngine: number[] = [];
  const added: number[] = [];
  for (let index = 0; index < SENTENCES; index++) {
    const begin = performance.now();
    const { milliseconds } = await client.request('translate', translateParams([sentence(index)]));
    inEngine.push(milliseconds);
    added.push(performance.now() - begin - milliseconds);
  }
  await client.stop();
  return [
    row(
      'one sentence of about 20 tokens, in the engine, p50',
      `${quantile(inEngine, 0.5).toFixed(1)} ms`,
      '',
      ...inEngine,
    ),
    row(
      'the same from the host, over IPC, p50',
      `${quantile(added, 0.5).toFixed(2)} ms more`,
      'at most 3 ms more',
      ...added,
    ),
  ];
}

/** A document and ten of them: time and memory; peak memory over the weights file. */
export async function documents(enginePath: string): Promise<Row[]> {
  const client = await warmClient(enginePath);
  // Ten different ones: equal sentences would be translated once.
  const copies = Array.from({ length: 10 }, () => DOCUMENT);
  const one = await timed(client, [DOCUMENT]);
  const afterOne = peakBytes(client);
  const ten = await timed(client, copies.map(numbered));
  const afterTen = peakBytes(client);
  await client.stop();
  const weights = statSync(join(DEFAULT_MODEL, 'model.safetensors')).size;
  const perToken = ten.seconds / ten.tokens / (one.seconds / one.tokens);
  return [
    row(
      'document of 10 KB, greedy, from the host',
      `${(one.tokens / one.seconds).toFixed(0)} tokens/s`,
      '',
      one.tokens,
      one.seconds,
    ),
    row(
      'ten times the text: time for a source token, relative',
      perToken.toFixed(2),
      'at most 1.05',
      ten.tokens,
      ten.seconds,
    ),
    row(
      'peak memory of the engine after one document, and over the weights file',
      `${(afterOne / MIB).toFixed(0)} MiB, ${(afterOne / weights).toFixed(1)} times`,
      'at most 2.5 times',
      afterOne,
      weights,
    ),
    row(
      'peak memory after ten times the text',
      `${(afterTen / MIB).toFixed(0)} MiB`,
      'the same',
      afterTen,
    ),
  ];
}

/** Numbers in every sentence make its copies different texts of the same length. */
export function numbered(text: string, copy: number): string {
  return text.replaceAll(/\. /gu, ` ${copy}. `);
}

async function timed(
  client: EngineClient,
  texts: readonly string[],
): Promise<{ seconds: number; tokens: number }> {
  const result = await client.request('translate', translateParams(texts, { decoding: GREEDY }));
  return { seconds: result.milliseconds / 1000, tokens: result.sourceTokens };
}

/** The most memory that the process ever had resident. Linux only. */
export function peakBytes(client: EngineClient): number {
  const status = readFileSync(`/proc/${client.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

/** What the host's own loop waits, beyond the timer's resolution, while it hears of a document and reads every map of a run. */
export async function hostDelay(enginePath: string): Promise<Row[]> {
  const client = await warmClient(enginePath);
  const resolution = 1;
  const watch = async (what: string, work: () => Promise<unknown>): Promise<Row> => {
    const delay = monitorEventLoopDelay({ resolution });
    delay.enable();
    await work();
    delay.disable();
    const p99 = delay.percentile(99) / 1e6 - resolution;
    return row(what, `${p99.toFixed(1)} ms`, 'under 10 ms', p99);
  };
  const text = await watch('event loop of the host, p99, while a document is translated', () =>
    client.request('translate', translateParams([DOCUMENT], { stream: true })),
  );
  const request = { text: sentence(1).repeat(8), target: 'ko', protectPatterns: [] } as const;
  const run = await client.request('inspect', { ...request, decoding: GREEDY });
  const maps = await watch('the same, while all attention maps of a run are read', async () => {
    for (const kind of ['encoder', 'decoder', 'cross'] as const) {
      const layers = kind === 'encoder' ? run.encoderLayers : run.decoderLayers;
      for (let layer = 0; layer < layers; layer++)
        for (let head = 0; head < run.heads; head++) {
          if (mapIndex(run, kind, layer, head) < 0) throw new Error('no such map');
          await client.request('attentionQuery', {
            runId: run.runId,
            name: 'head',
            params: { kind, layer, head },
          });
        }
    }
  });
  await client.stop();
  return [text, maps];
}
