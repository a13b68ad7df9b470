import { performance } from 'node:perf_hooks';
import { isCancelled } from '../../../src/common/errors';
import { translateParams } from '../../engine/support/engine';
import { sentence, warmClient } from './measures';
import { quantile, row, type Row } from './row';

const REQUESTS = 200;

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
