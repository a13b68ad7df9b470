import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { isCancelled, toAppError } from '../../src/common/errors';
import { readTokenizer } from '../../src/engine/folder';
import { Translator } from '../../src/engine/translator';
import { Turns } from '../../src/engine/turns';
import type { Priority } from '../../src/protocol/engine';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';
import { DEFAULT_MODEL, translateParams } from './support/engine';
import { FakeModel } from './support/fakeModel';

const PRIORITIES: readonly Priority[] = ['hover', 'command', 'background'];

describe('priorities of turns', () => {
  /** Takes a turn, notes the name when it has come, and ends it at once. */
  async function enter(
    turns: Turns,
    work: number,
    priority: Priority,
    name: string,
    order: string[],
  ): Promise<void> {
    const release = await turns.take(work, undefined, priority);
    order.push(name);
    release();
  }

  it('a hover of a paragraph goes before a title, and both before the background', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const release = await turns.take(1);
    const all = [
      enter(turns, 2, 'background', 'prefetch', order),
      enter(turns, 5, 'command', 'title', order),
      enter(turns, 900, 'command', 'document', order),
      enter(turns, 200, 'hover', 'hover', order),
    ];
    release();
    await Promise.all(all);
    assert.deepEqual(order, ['hover', 'title', 'document', 'prefetch']);
  });

  it('a document gets its turn among an endless row of hovers', async () => {
    const turns = new Turns();
    const order: string[] = [];
    let release = await turns.take(1);
    const document = turns.take(2000).then((done) => {
      order.push('document');
      return done;
    });
    for (let hovers = 0; hovers < 40 && order.length === 0; hovers++) {
      const hover = turns.take(20, undefined, 'hover');
      release();
      release = await Promise.race([hover, document]);
    }
    assert.deepEqual(order, ['document']);
  });

  it('the background waits however long something else is there', async () => {
    const turns = new Turns();
    const order: string[] = [];
    let release = await turns.take(1);
    const prefetch = enter(turns, 1, 'background', 'prefetch', order);
    for (let hovers = 0; hovers < 60; hovers++) {
      const next = turns.take(1000, undefined, hovers % 2 ? 'hover' : 'command');
      release();
      release = await next;
    }
    assert.deepEqual(order, []);
    release();
    await prefetch;
    assert.deepEqual(order, ['prefetch']);
  });
});

describe('many requests at once', function () {
  // A loaded machine reads the tokenizer slowly.
  this.timeout(60_000);
  let tokenizer: Tokenizer;
  before(async () => {
    tokenizer = await readTokenizer(DEFAULT_MODEL);
  });

  it('200, half of them cancelled at any moment: every one settles, and as it should', async () => {
    const model = new FakeModel(tokenizer, (source) => [{ text: `번역 ${source}` }]);
    let running = 0;
    model.beforeStep = async () => {
      running++;
      assert.equal(running, 1, 'the device computes one batch at a time');
      await setImmediate();
      running--;
    };
    const translator = new Translator({ model, tokenizer, turns: new Turns() });
    // Different from run to run of the loop, the same from run to run of the test.
    let seed = 20_26;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const requests = Array.from({ length: 200 }, (_, index) => {
      const abort = new AbortController();
      const text = `Open the file number ${index} before you write. `.repeat(1 + random(3));
      const priority = PRIORITIES[index % PRIORITIES.length]!;
      const params = translateParams([text], { target: 'ko', priority });
      const outcome = translator.translate(params, { signal: abort.signal }).then(
        ({ results }) => results[0]?.text ?? '',
        (error: unknown) => toAppError(error),
      );
      return { abort, outcome, index, text };
    });
    const cancelledOnes = requests.filter(({ index }) => index % 2 === 1);
    const cancelling = (async () => {
      for (const { abort } of cancelledOnes) {
        for (let turns = random(6); turns > 0; turns--) await setImmediate();
        abort.abort();
      }
    })();
    const outcomes = await Promise.all(requests.map(({ outcome }) => outcome));
    await cancelling;
    let cancelledCount = 0;
    outcomes.forEach((outcome, index) => {
      if (typeof outcome === 'string') {
        assert.ok(outcome.includes(`number ${index} `), outcome);
        return;
      }
      assert.ok(isCancelled(outcome), outcome.message);
      assert.equal(index % 2, 1, 'only those that were cancelled are');
      cancelledCount++;
    });
    assert.ok(cancelledCount > 10, `${cancelledCount} were cancelled in time`);
    // Nobody holds the turn.
    const after = await translator.translate(
      translateParams(['Close the file.'], { target: 'ko' }),
    );
    assert.equal(after.results[0]?.text, '번역 Close the file.');
  });
});
