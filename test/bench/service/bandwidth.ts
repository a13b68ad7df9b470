import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { availableParallelism } from 'node:os';
import { DEFAULT_MODEL, translateParams } from '../../engine/support/engine';
import { sentence, warmClient } from './measures';
import { quantile, row, type Row } from './row';

const SENTENCES = 40;
const COPIED_BYTES = 256 * 2 ** 20;
const COPIES = 6;

/**
 * Bytes of weights that a decoded token needs (every matrix of the decoder but the keys and values of the source, and the
 * output projection), times the tokens a second of batch 1, over the memory bandwidth measured beside it.
 */
export async function bandwidth(enginePath: string): Promise<Row> {
  const client = await warmClient(enginePath);
  const perToken: number[] = [];
  for (let index = 0; index < SENTENCES; index++) {
    const text = sentence(50_000 + index);
    const whole = await client.request('translate', translateParams([text]));
    // One token is the encoder's pass and the first step; what is over it is decoding.
    const decoding = { beam: 1, lengthPenalty: 1, maxTokens: 1 };
    const first = await client.request('translate', translateParams([text], { decoding }));
    perToken.push((whole.milliseconds - first.milliseconds / 2) / (whole.targetTokens - 1));
  }
  await client.stop();
  const bytes = decoderBytes();
  const read = (bytes / quantile(perToken, 0.5)) * 1000;
  const available = await memoryBandwidth();
  return row(
    'weights read for a decoded token over the memory bandwidth, batch 1',
    `${((100 * read) / available).toFixed(0)} % of ${(available / 1e9).toFixed(1)} GB/s`,
    '40 % or more',
    bytes,
    read,
    available,
  );
}

/** From the header of the weights file. */
function decoderBytes(): number {
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
    .filter(([name]) => /^model\.decoder\.|^lm_head\./u.test(name) && !name.includes('kv_proj'))
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
