import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { isCancelled } from '../../../src/common/errors';
import type { EngineClient } from '../../../src/host/engine/client';
import { clientOf, loadParams, translateParams } from '../../engine/support/engine';
import { sentence } from './measures';
import { row, type Row } from './row';
import { shortTexts } from './shortTexts';

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const EVERY = 1000;
/** Requests under way at any time: one is computed, the others wait for their turns. */
const TOGETHER = 4;
/** Texts of one request after the other: half of the requests are small, most of the texts are in large ones. */
const SIZES = [1, 1, 2, 4, 8, 16, 32, 64];
/** One request of so many ends with a paragraph, is searched by a beam, or is cancelled and asked again. */
const PARAGRAPH = 50;
const BEAM = 21;
const CANCELLED = 10;

type TextOf = (index: number) => string;

interface Reading {
  readonly translations: number;
  readonly requests: number;
  readonly resident: number;
  /** Of it what is no file's: the heaps and what onnxruntime takes. */
  readonly anonymous: number;
  readonly handles: number;
  readonly threads: number;
  readonly entries: number;
  readonly cached: number;
  readonly seconds: number;
}

/**
 * Many translations through one engine, of texts that all differ, in requests of 1 to 64. `cacheBytes`: where it holds less
 * than the first thousand, what grows afterwards is no cache.
 */
export async function soak(enginePath: string, count: number, cacheBytes: number): Promise<Row[]> {
  const client = clientOf(enginePath);
  await client.request('load', loadParams({ threads: 0, cacheBytes }));
  const pid = client.pid;
  const textOf = shortTexts();
  const begin = performance.now();
  const readings: Reading[] = [];
  let requests = 0;
  for (let done = 0; done < count; done += EVERY) {
    requests += await translateRange(client, textOf, done, done + EVERY);
    // Another process would have memory of its own: its figures would say nothing of a leak.
    if (client.pid !== pid) throw new Error('The engine was started again during the soak.');
    const reading = await read(client, done + EVERY, requests, (performance.now() - begin) / 1000);
    readings.push(reading);
    process.stderr.write(`bench: soak ${JSON.stringify(reading)}\n`);
  }
  await client.stop();
  return report(readings, cacheBytes);
}

/** From one multiple of EVERY to the next. Gives how many requests that were. */
async function translateRange(
  client: EngineClient,
  textOf: TextOf,
  from: number,
  to: number,
): Promise<number> {
  let next = from;
  let requests = 0;
  const worker = async (): Promise<void> => {
    while (next < to) {
      const first = next;
      next = Math.min(to, first + (SIZES[requests % SIZES.length] ?? 1));
      const texts = Array.from({ length: next - first }, (_, index) => textOf(first + index));
      await translateTexts(client, texts, first, requests++);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, worker));
  return requests;
}

async function translateTexts(
  client: EngineClient,
  texts: string[],
  number: number,
  request: number,
): Promise<void> {
  if (request % PARAGRAPH === PARAGRAPH - 1)
    texts[0] = Array.from({ length: 5 }, (_, part) => sentence(number * 5 + part)).join(' ');
  const beam = request % BEAM === BEAM - 1 ? 4 : 1;
  const params = { decoding: { beam, lengthPenalty: 1, maxTokens: 256 } };
  if (request % CANCELLED === 0) {
    const abort = new AbortController();
    const asked = client.request('translate', translateParams(texts, params), abort.signal);
    abort.abort();
    await asked.catch((error: unknown) => {
      if (!isCancelled(error)) throw error;
    });
  }
  const { fromCache } = await client.request('translate', translateParams(texts, params));
  if (fromCache > 0) throw new Error(`The cache answered: ${texts.join(', ')}`);
}

async function read(
  client: EngineClient,
  translations: number,
  requests: number,
  seconds: number,
): Promise<Reading> {
  const { cacheEntries, cacheBytes } = await client.request('status', {});
  const folder = `/proc/${client.pid}`;
  const status = readFileSync(`${folder}/status`, 'utf8');
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'mu').exec(status)?.[1]) * KIB;
  return {
    translations,
    requests,
    resident: bytes('VmRSS'),
    anonymous: bytes('RssAnon'),
    handles: readdirSync(`${folder}/fd`).length,
    threads: readdirSync(`${folder}/task`).length,
    entries: cacheEntries,
    cached: cacheBytes,
    seconds: Math.round(seconds),
  };
}

function report(readings: readonly Reading[], cacheBytes: number): Row[] {
  const first = readings[0]!;
  const last = readings.at(-1)!;
  const most = Math.max(...readings.map(({ resident }) => resident));
  const mib = (bytes: number): string => (bytes / MIB).toFixed(0);
  const change = (bytes: number): string => {
    const percent = 100 * (bytes / first.resident - 1);
    return `${percent < 0 ? '' : '+'}${percent.toFixed(1)} %`;
  };
  const counted = last.translations.toLocaleString('en');
  return [
    row(
      `${counted} translations in ${last.requests.toLocaleString('en')} requests (cache ${(cacheBytes / MIB).toFixed(1)} MiB): memory after the first ${EVERY}, most, at the end`,
      `${mib(first.resident)}, ${mib(most)} (${change(most)}), ${mib(last.resident)} MiB (${change(last.resident)})`,
      'within 10 %',
      ...readings.map(({ resident }) => resident),
    ),
    row(
      'open files and threads of the process then',
      `${first.handles} and ${last.handles}, ${first.threads} and ${last.threads}`,
      'the same',
      ...readings.map(({ handles }) => handles),
    ),
    row(
      'entries of the cache then',
      `${first.entries} and ${last.entries} (${(last.cached / MIB).toFixed(2)} MiB counted)`,
      'bounded',
      ...readings.map(({ entries }) => entries),
    ),
  ];
}
