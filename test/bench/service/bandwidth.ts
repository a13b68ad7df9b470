import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { availableParallelism } from 'node:os';
import { readTokenizer } from '../../../src/engine/folder';
import { readModelFiles } from '../../../src/engine/modelFiles';
import { Shortlist, SHORTLIST_FILE } from '../../../src/engine/shortlist';
import type { EngineClient } from '../../../src/host/engine/client';
import { DEFAULT_MODEL, GREEDY, translateParams } from '../../engine/support/engine';
import { sentence, warmClient } from './measures';
import { quantile, row, type Row } from './row';

const SENTENCES = 40;
const COPIED_BYTES = 256 * 2 ** 20;
const COPIES = 6;

/**
 * Bytes of weights that a decoded token needs (every matrix of the decoder but the keys and values of the source, and the
 * output projection), times the tokens a second of batch 1, over the memory bandwidth measured beside it: with the output
 * projection to the whole vocabulary, and with the columns of the shortlist alone.
 */
export async function bandwidth(enginePath: string): Promise<Row[]> {
  const client = await warmClient(enginePath);
  const whole: number[] = [];
  const listed: number[] = [];
  for (let index = 0; index < SENTENCES; index++) {
    const text = sentence(50_000 + index);
    whole.push(await tokenTime(client, text, true));
    listed.push(await tokenTime(client, text, false));
  }
  await client.stop();
  const available = await memoryBandwidth();
  const { columns, vocabulary } = await shortlistSize();
  const output = matrixBytes(/^lm_head\./u);
  const rest = matrixBytes(/^model\.decoder\.(?!.*kv_proj)/u);
  const share = (what: string, goal: string, bytes: number, times: readonly number[]): Row => {
    const read = (bytes / quantile(times, 0.5)) * 1000;
    const figure = `${((100 * read) / available).toFixed(0)} % of ${(available / 1e9).toFixed(1)} GB/s`;
    return row(what, figure, goal, bytes, read, available);
  };
  const what = 'weights read for a decoded token over the memory bandwidth, batch 1';
  const listedBytes = rest + (output * columns) / vocabulary;
  return [
    share(`${what}, whole vocabulary`, '40 % or more', rest + output, whole),
    share(`${what}, shortlist of ${columns.toFixed(0)} pieces`, '', listedBytes, listed),
  ];
}

async function tokenTime(
  client: EngineClient,
  text: string,
  wholeVocabulary: boolean,
): Promise<number> {
  const decoding = { ...GREEDY, wholeVocabulary };
  const all = await client.request('translate', translateParams([text], { decoding }));
  // One token is the encoder's pass and the first step; what is over it is decoding.
  const one = { ...decoding, maxTokens: 1 };
  const first = await client.request('translate', translateParams([text], { decoding: one }));
  return (all.milliseconds - first.milliseconds / 2) / (all.targetTokens - 1);
}

/** Pieces that the shortlist names for one of the sentences, on average. */
async function shortlistSize(): Promise<{ columns: number; vocabulary: number }> {
  const { config } = await readModelFiles(DEFAULT_MODEL);
  const tokenizer = await readTokenizer(DEFAULT_MODEL);
  const bytes = readFileSync(join(DEFAULT_MODEL, SHORTLIST_FILE));
  const shortlist = Shortlist.parse(bytes, config.vocabularySize);
  const counts = Array.from({ length: SENTENCES }, (_, index) => {
    const { ids } = tokenizer.encode(`<2ko> ${sentence(50_000 + index)}`);
    return shortlist.candidates([ids], [])?.length ?? NaN;
  });
  const sum = counts.reduce((total, count) => total + count, 0);
  return { columns: sum / SENTENCES, vocabulary: config.vocabularySize };
}

/** From the header of the weights file. */
function matrixBytes(names: RegExp): number {
  const file = openSync(join(DEFAULT_MODEL, 'model.safetensors'), 'r');
  const length = Buffer.alloc(8);
  readSync(file, length, 0, 8, 0);
  const header = Buffer.alloc(Number(length.readBigUInt64LE()));
  readSync(file, header, 0, header.length, 8);
  closeSync(file);
  const tensors = JSON.parse(header.toString('utf8')) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  return Object.entries(tensors)
    .filter(([name]) => names.test(name))
    .reduce(
      (
        sum,
        [
          ,
          {
            data_offsets: [from, to],
          },
        ],
      ) => sum + to - from,
      0,
    );
}

/** Bytes a second that all cores together copy out of memory: each byte is read once and written once; both count. */
async function memoryBandwidth(): Promise<number> {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    const from = Buffer.alloc(workerData.bytes, 1), to = Buffer.alloc(workerData.bytes);
    from.copy(to);
    parentPort.once('message', () => {
      for (let copy = 0; copy < workerData.copies; copy++) from.copy(to);
      parentPort.postMessage('done');
    });
    parentPort.postMessage('ready');`;
  const cores = availableParallelism();
  const bytes = Math.floor(COPIED_BYTES / cores);
  const workers = Array.from(
    { length: cores },
    () => new Worker(code, { eval: true, workerData: { bytes, copies: COPIES } }),
  );
  const heard = () =>
    Promise.all(workers.map((worker) => new Promise((done) => worker.once('message', done))));
  await heard();
  const done = heard();
  const begin = performance.now();
  for (const worker of workers) worker.postMessage('go');
  await done;
  const seconds = (performance.now() - begin) / 1000;
  await Promise.all(workers.map((worker) => worker.terminate()));
  return (2 * bytes * cores * COPIES) / seconds;
}
