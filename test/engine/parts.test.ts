import assert from 'node:assert/strict';
import { makeBatches } from '../../src/engine/batches';
import { defaultModelFolder, modelIdentity, readModelName } from '../../src/engine/folder';
import { TranslationCache, type Outcome } from '../../src/engine/translationCache';
import { Turns } from '../../src/engine/turns';
import { DEFAULT_MODEL, REPOSITORY } from './support/engine';
import { join } from 'node:path';

const outcome = (text: string): Outcome => ({
  kind: 'translated',
  text,
  logProbability: -1,
  ids: Int32Array.of(5, 6, 1),
});

describe('Turns', () => {
  /** Takes a turn and notes the name when it has come. */
  async function enter(
    turns: Turns,
    work: number,
    name: string,
    order: string[],
  ): Promise<() => void> {
    const release = await turns.take(work);
    order.push(name);
    return release;
  }

  it('gives one at a time, the least work first, the earlier of equals', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const first = await turns.take(1000);
    const waiting = [
      enter(turns, 500, 'document', order),
      enter(turns, 5, 'hover', order),
      enter(turns, 5, 'second hover', order),
      enter(turns, 50, 'paragraph', order),
    ];
    assert.deepEqual(order, []);
    first();
    for (const turn of [waiting[1], waiting[2], waiting[3], waiting[0]]) (await turn)?.();
    assert.deepEqual(order, ['hover', 'second hover', 'paragraph', 'document']);
  });

  it('lets nobody wait for ever: a document overtakes an endless row of hovers', async () => {
    const turns = new Turns();
    const order: string[] = [];
    let release = await turns.take(1);
    const document = enter(turns, 4000, 'document', order);
    for (let i = 0; i < 40 && order.length === 0; i++) {
      const hover = turns.take(5);
      release();
      release = await Promise.race([document, hover]);
    }
    assert.deepEqual(order, ['document']);
  });

  it('forgets who gives up waiting, and a turn ends once only', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const release = await turns.take(1);
    const abort = new AbortController();
    const given = turns.take(1, abort.signal);
    const next = enter(turns, 9, 'next', order);
    abort.abort();
    await assert.rejects(given, { code: 'cancelled' });
    await assert.rejects(turns.take(1, abort.signal), { code: 'cancelled' });
    release();
    const last = enter(turns, 9, 'last', order);
    const endNext = await next;
    release();
    assert.deepEqual(order, ['next'], 'ending an old turn again ends nobody else’s');
    endNext();
    (await last)();
    assert.deepEqual(order, ['next', 'last']);
  });
});

describe('TranslationCache', () => {
  it('is bounded by bytes: what was used last stays', () => {
    const cache = new TranslationCache(4000);
    for (let i = 0; i < 50; i++) {
      cache.set(`key ${i}`, outcome('번역'.repeat(20)));
      cache.get('key 0');
    }
    assert.ok(cache.bytes <= 4000);
    assert.ok(cache.size > 3 && cache.size < 50);
    assert.ok(cache.get('key 0'));
    assert.ok(cache.get('key 49'));
    assert.equal(cache.get('key 10'), undefined);
    cache.set('huge', outcome('x'.repeat(5000)));
    assert.equal(cache.get('huge'), undefined, 'what is larger than the cache is not kept');
    cache.clear();
    assert.deepEqual([cache.size, cache.bytes], [0, 0]);
  });

  it('of 0 bytes keeps nothing', () => {
    const cache = new TranslationCache(0);
    cache.set('key', outcome('x'));
    assert.equal(cache.get('key'), undefined);
    assert.deepEqual([cache.size, cache.bytes], [0, 0]);
  });
});

describe('makeBatches', () => {
  const lengths = [200, 3, 60, 5, 300, 64, 61, 4, 1500, 62];

  it('keeps every item, shortest first, within the budget of cells', () => {
    for (const beam of [1, 4]) {
      const batches = makeBatches(lengths, (length) => length, beam);
      assert.deepEqual(
        batches.flat(),
        lengths.toSorted((a, b) => a - b),
      );
      for (const batch of batches) {
        const cells = batch.length * Math.max(...batch) * beam;
        assert.ok(batch.length === 1 || cells <= 512, `${cells} cells`);
      }
    }
    assert.deepEqual(
      makeBatches([], () => 1, 1),
      [],
    );
  });

  it('bounds the rows of very short items too', () => {
    const rows = makeBatches(new Array<number>(100).fill(2), (length) => length, 1);
    assert.deepEqual(
      rows.map((batch) => batch.length),
      [32, 32, 32, 4],
    );
  });
});

describe('model folder', () => {
  it('is found beside the bundle, and says its name and what state it is in', async () => {
    assert.equal(defaultModelFolder(join(REPOSITORY, 'dist')), DEFAULT_MODEL);
    assert.match(await readModelName(DEFAULT_MODEL), /^headlight/u);
    const identity = await modelIdentity(DEFAULT_MODEL);
    assert.equal(identity, await modelIdentity(DEFAULT_MODEL));
    assert.ok(identity.startsWith(DEFAULT_MODEL));
    await assert.rejects(modelIdentity(REPOSITORY), { code: 'modelNotFound' });
  });
});
