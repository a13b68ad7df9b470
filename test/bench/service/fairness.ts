import { performance } from 'node:perf_hooks';
import type { EngineClient } from '../../../src/host/engine/client';
import { GREEDY, translateParams } from '../../engine/support/engine';
import { DOCUMENT, numbered, sentence, warmClient } from './measures';
import { quantile, row, type Row } from './row';

/** Hovers that wait at any time while the document is under way. */
const HOVERS = 2;
const ALONE = 20;

/** A document while hovers keep coming, which wins every turn it can, and one sentence asked for behind a document. */
export async function fairness(enginePath: string): Promise<Row[]> {
  const client = await warmClient(enginePath);
  const document = watched(client);
  const hoversAlone: number[] = [];
  for (let index = 0; index < ALONE; index++)
    hoversAlone.push(await hover(client, sentence(20_000 + index)));
  const alone = await document.translate(1).over;
  const crowded = document.translate(2);
  const hovers: number[] = [];
  let over = false;
  const keepComing = async (stream: number): Promise<void> => {
    for (let index = 0; !over; index++)
      hovers.push(await hover(client, sentence(30_000 + index * HOVERS + stream)));
  };
  const streams = Array.from({ length: HOVERS }, (_, stream) => keepComing(stream));
  const among = await crowded.over;
  over = true;
  await Promise.all(streams);
  const long = document.translate(3);
  await long.begun;
  const begin = performance.now();
  await client.request('translate', translateParams([sentence(40_000)]));
  const behind = performance.now() - begin;
  const rest = await long.over;
  await client.stop();
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
  return [
    row(
      `document of 10 KB alone, and while ${HOVERS} hovers always wait`,
      `${seconds(alone.milliseconds)}, ${seconds(among.milliseconds)} among ${hovers.length} hovers`,
      'it ends',
      alone.milliseconds,
      among.milliseconds,
      hovers.length,
    ),
    row(
      'longest time without progress of it, alone and then',
      `${seconds(alone.longest)}, ${seconds(among.longest)}`,
      'bounded',
      alone.longest,
      among.longest,
    ),
    row(
      'hover alone, p50; then, p50 and longest',
      `${quantile(hoversAlone, 0.5).toFixed(0)}; ${quantile(hovers, 0.5).toFixed(0)}, ${quantile(hovers, 1).toFixed(0)} ms`,
      '',
      ...hovers,
    ),
    row(
      'one sentence of a command behind a document that has begun; the document',
      `${behind.toFixed(0)} ms; ${seconds(rest.milliseconds)}`,
      'before its end',
      behind,
      rest.milliseconds,
    ),
  ];
}

async function hover(client: EngineClient, text: string): Promise<number> {
  const begin = performance.now();
  await client.request('translate', translateParams([text], { priority: 'hover' }));
  return performance.now() - begin;
}

interface Watched {
  readonly milliseconds: number;
  /** Between two of its sentences. */
  readonly longest: number;
}

/** Translates copies of the document, told apart by their number, and watches how they get on. */
function watched(client: EngineClient): {
  translate(copy: number): { begun: Promise<void>; over: Promise<Watched> };
} {
  return {
    translate(copy) {
      const params = translateParams([numbered(DOCUMENT, copy)], { decoding: GREEDY });
      const begin = performance.now();
      let last = begin;
      let known = 0;
      let longest = 0;
      let begins = (): void => undefined;
      const begun = new Promise<void>((resolve) => (begins = resolve));
      const listener = client.onNotification('progress', ({ call, done }) => {
        if (call !== params.call || done === known) return;
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
        // What stands as it is counts as done at once.
        if (known > 0) begins();
        known = done;
      });
      const over = client.request('translate', params).then(() => {
        listener.dispose();
        begins();
        return { milliseconds: performance.now() - begin, longest };
      });
      return { begun, over };
    },
  };
}
