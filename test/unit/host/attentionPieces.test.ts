import assert from 'node:assert/strict';
import { Latest } from '../../../src/host/attention/latest';
import { tokensAt, tokensIn } from '../../../src/host/attention/tokens';
import { growRange, shiftRange } from '../../../src/host/offsets';
import type { PanelToken } from '../../../src/protocol/attentionRun';

function token(start: number, end: number): PanelToken {
  return { id: 0, text: '', start, end, special: start < 0, word: 0 };
}

describe('the tokens at a place in the text', () => {
  // "<2ko>", "un", "believ", "able", the two bytes of one character, "." and "</s>"
  const tokens = [
    token(-1, -1),
    token(0, 2),
    token(2, 8),
    token(8, 12),
    token(13, 15),
    token(13, 15),
    token(15, 16),
    token(-1, -1),
  ];

  it('are the smallest that cover it', () => {
    assert.deepEqual(tokensAt(tokens, 0), [1]);
    assert.deepEqual(tokensAt(tokens, 7), [2]);
    assert.deepEqual(tokensAt([token(0, 9), token(2, 4), token(0, 4)], 3), [1]);
  });

  it('are all of those that share one span', () => {
    assert.deepEqual(tokensAt(tokens, 14), [4, 5]);
  });

  it('are the ones that end there where none begins', () => {
    assert.deepEqual(tokensAt(tokens, 12), [3]);
    assert.deepEqual(tokensAt(tokens, 16), [6]);
    assert.deepEqual(tokensAt(tokens, 17), []);
  });

  it('never are tokens without a place', () => {
    assert.deepEqual(tokensAt([token(-1, -1), token(0, 0)], 0), []);
  });

  it('of a stretch are those with a part in it', () => {
    assert.deepEqual(tokensIn(tokens, 1, 9), [1, 2, 3]);
    assert.deepEqual(tokensIn(tokens, 12, 13), []);
  });
});

describe('the range of an edited text', () => {
  const range = { start: 10, end: 20 };
  const change = (rangeOffset: number, rangeLength: number, text: string) => ({
    rangeOffset,
    rangeLength,
    text,
  });

  it('moves as one that was not edited', () => {
    for (const edit of [
      change(0, 2, ''),
      change(10, 0, 'abc'),
      change(20, 0, 'x'),
      change(25, 1, ''),
    ])
      assert.deepEqual(growRange(range, [edit]), shiftRange(range, [edit]));
  });

  it('takes in what was typed into it, and what was replaced over its edges', () => {
    assert.deepEqual(growRange(range, [change(15, 0, 'abc')]), { start: 10, end: 23 });
    assert.deepEqual(growRange(range, [change(8, 4, 'z')]), { start: 8, end: 17 });
    assert.deepEqual(growRange(range, [change(18, 5, '')]), { start: 10, end: 18 });
    assert.deepEqual(growRange(range, [change(0, 40, 'new')]), { start: 0, end: 3 });
  });

  it('is filled again after it was emptied', () => {
    const empty = growRange(range, [change(10, 10, '')]);
    assert.deepEqual(empty, { start: 10, end: 10 });
    assert.deepEqual(growRange(empty, [change(10, 0, 'abcd')]), { start: 10, end: 14 });
    assert.deepEqual(growRange(empty, [change(11, 0, 'x')]), empty);
  });

  it('always holds the text of all edits inside: random edits of a marked text', () => {
    let seed = 1;
    const below = (limit: number): number => {
      seed = (seed * 48271) % 2147483647;
      return seed % limit;
    };
    for (let round = 0; round < 2000; round++) {
      let text = `${'.'.repeat(10)}${'#'.repeat(10)}${'.'.repeat(10)}`;
      let followed = { start: 10, end: 20 };
      for (let edit = 0; edit < 5; edit++) {
        const rangeOffset = below(text.length);
        const rangeLength = below(Math.min(6, text.length - rangeOffset));
        const inserted = '+'.repeat(below(4));
        followed = growRange(followed, [change(rangeOffset, rangeLength, inserted)]);
        text = text.slice(0, rangeOffset) + inserted + text.slice(rangeOffset + rangeLength);
      }
      assert.ok(followed.start >= 0 && followed.end <= text.length, JSON.stringify(followed));
      const outside = text.slice(0, followed.start) + text.slice(followed.end);
      assert.ok(!outside.includes('#'), text);
    }
  });
});

describe('updates that come too fast', () => {
  it('pass the first at once and then the latest only', async () => {
    const passed: number[] = [];
    let done: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (done = resolve));
    const latest = new Latest<number>(5, (value) => {
      passed.push(value);
      if (value === 9) done();
    });
    for (let value = 0; value < 10; value++) latest.push(value);
    assert.deepEqual(passed, [0]);
    await finished;
    assert.deepEqual(passed, [0, 9]);
    latest.dispose();
  });

  it('pass nothing more once they are cancelled', async () => {
    const passed: number[] = [];
    const latest = new Latest<number>(1, (value) => passed.push(value));
    latest.push(1);
    latest.push(2);
    latest.cancel();
    await new Promise<void>((resolve) => {
      const other = new Latest<number>(5, (value) => value === 1 && resolve());
      other.push(0);
      other.push(1);
    });
    assert.deepEqual(passed, [1]);
    latest.dispose();
  });
});
