import { readdirSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { isCancelled } from '../../../src/common/errors';
import { translateParams } from '../../engine/support/engine';
import { sentence, warmClient, peakBytes } from './measures';
import { quantile, row, type Row } from './row';

const REQUESTS = 200;
const MIB = 2 ** 20;
const KNOWN = 1000;
const PIECE = 100;

/** The same numbers in every run. */
function* random(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** 200 requests at once, hovers and documents mixed, a random half of them cancelled. */
export async function flood(enginePath: string): Promise<Row[]> {
  const client = await warmClient(enginePath);
  const chance = random(7);
  const times = { hover: [] as number[], background: [] as number[] };
  const settled = { done: 0, cancelled: 0, failed: 0 };
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: REQUESTS }, async (_, index) => {
      const priority = index % 2 === 0 ? 'hover' : 'background';
      const count = priority === 'hover' ? 1 : 10;
      const text = Array.from({ length: count }, (_none, part) => sentence(index * 10 + part)).join(
        '\n',
      );
      const abort = new AbortController();
      const cancels = chance.next().value < 0.5;
      if (cancels) setTimeout(() => abort.abort(), 4000 * chance.next().value);
      try {
        await client.request('translate', translateParams([text], { priority }), abort.signal);
        settled.done++;
        times[priority].push(performance.now() - begin);
      } catch (error) {
        if (isCancelled(error)) settled.cancelled++;
        else settled.failed++;
      }
    }),
  );
  await client.stop();
  const { done, cancelled, failed } = settled;
  return [
    row(
      `${REQUESTS} requests at once, half of them cancelled`,
      `${done} done, ${cancelled} cancelled, ${failed} failed`,
      'every one settles',
      done,
      cancelled,
      failed,
    ),
    row(
      'last hover of them against the first document',
      `${(quantile(times.hover, 1) / 1000).toFixed(1)} s, ${(quantile(times.background, 0) / 1000).toFixed(1)} s`,
      'hovers first',
      ...times.hover,
    ),
  ];
}

/** Many translations through one engine: memory and open files after the first thousand and at the end. */
export async function soak(enginePath: string, count: number): Promise<Row[]> {
  const client = await warmClient(enginePath);
  const pieces = Math.ceil(count / PIECE);
  let known = { resident: 0, handles: 0 };
  for (let piece = 0; piece < pieces; piece++) {
    const texts = Array.from(
      { length: PIECE },
      (_, index) => `Open file ${piece * PIECE + index}.`,
    );
    await client.request('translate', translateParams(texts));
    if ((piece + 1) * PIECE === KNOWN) known = await state();
  }
  const end = await state();
  const peak = peakBytes(client);
  await client.stop();
  return [
    row(
      `${pieces * PIECE} translations: memory after the first ${KNOWN} and at the end`,
      `${(known.resident / MIB).toFixed(0)} and ${(end.resident / MIB).toFixed(0)} MiB, peak ${(peak / MIB).toFixed(0)}`,
      'within 10 %',
      known.resident,
      end.resident,
    ),
    row('open files then', `${known.handles} and ${end.handles}`, 'the same', known.handles),
  ];

  async function state(): Promise<{ resident: number; handles: number }> {
    const { residentBytes } = await client.request('status', {});
    return { resident: residentBytes, handles: readdirSync(`/proc/${client.pid}/fd`).length };
  }
}
