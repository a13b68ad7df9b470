import assert from 'node:assert/strict';
import { LineStore, type LineSource } from '../../../src/text/comments/lineStore';
import { plainTokenizer } from '../../../src/text/comments/plainTokenizer';
import { Random } from './random';

/** A document whose lines can be edited. */
class Lines implements LineSource {
  constructor(public lines: string[]) {}
  get lineCount(): number {
    return this.lines.length;
  }
  lineText(line: number): string {
    return this.lines[line]!;
  }
}

const tokenizer = plainTokenizer('typescript');

function open(lines: string[]): { document: Lines; store: LineStore<unknown> } {
  const document = new Lines(lines);
  const store = new LineStore<unknown>(tokenizer, document);
  while (store.step(Infinity));
  return { document, store };
}

/** Puts `text` in the place of the lines from `start` to `end`, both included. */
function edit(
  { document, store }: ReturnType<typeof open>,
  start: number,
  end: number,
  text: readonly string[],
): void {
  document.lines.splice(start, end - start + 1, ...text);
  store.change([{ start, end, count: text.length }]);
}

/** How many lines one edit costs. */
function cost(opened: ReturnType<typeof open>, change: () => void): number {
  const before = opened.store.tokenized;
  change();
  while (opened.store.step(Infinity));
  return opened.store.tokenized - before;
}

const code = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `let a${index} = ${index}; // number ${index}`);

describe('the store of tokenized lines', () => {
  it('tokenizes each line once, and only as far as it is asked', () => {
    const document = new Lines(code(1000));
    const store = new LineStore<unknown>(tokenizer, document);
    assert.equal(store.isReady(10), false);
    while (store.step(10));
    assert.equal(store.tokenized, 10);
    assert.ok(store.isReady(10));
    assert.equal(store.isReady(11), false);
    assert.equal(store.step(10), false);
  });

  it('tokenizes one line again after a key is typed in a file of 100,000 lines', () => {
    const opened = open(code(100_000));
    assert.equal(
      cost(opened, () => edit(opened, 50_000, 50_000, ['let b = 1; // changed'])),
      1,
    );
    assert.equal(
      cost(opened, () => edit(opened, 99_999, 99_999, ['let b = 1;'])),
      1,
    );
    assert.equal(
      cost(opened, () => edit(opened, 0, 0, ['let b = 1;'])),
      1,
    );
    assert.equal(
      cost(opened, () => edit(opened, 7, 7, ['let b = 1;', '// two', ''])),
      3,
    );
    assert.equal(
      cost(opened, () => edit(opened, 7, 9, ['let b = 1;'])),
      1,
    );
    assert.deepEqual(opened.store.regions(50_000), [{ start: 11, end: 21, kind: 'comment' }]);
  });

  it('goes on until the lines end as they did', () => {
    const lines = code(1000);
    lines[600] = '/* a comment */';
    const opened = open(lines);
    // What is opened ends with the next closing mark, 100 lines below.
    assert.equal(
      cost(opened, () => edit(opened, 500, 500, ['/* open'])),
      101,
    );
    assert.deepEqual(opened.store.regions(550)[0]?.start, 0);
    assert.equal(
      cost(opened, () => edit(opened, 500, 500, ['closed'])),
      101,
    );
    assert.deepEqual(opened.store.regions(550)[0]?.kind, 'comment');
  });

  it('knows nothing below an edit that reaches beyond what it has seen', () => {
    const document = new Lines(code(100));
    const store = new LineStore<unknown>(tokenizer, document);
    while (store.step(50));
    document.lines.splice(40, 30, '/*', '*/');
    store.change([{ start: 40, end: 69, count: 2 }]);
    assert.ok(store.isReady(40));
    assert.equal(store.isReady(41), false);
    while (store.step(Infinity));
    assert.equal(store.regions(40)[0]?.kind, 'comment');
  });

  it('passes over lines of a machine’s making', () => {
    const { store } = open([`var a="${'x'.repeat(20_000)}"; /* open`, 'let b; // comment']);
    assert.deepEqual(store.regions(0), []);
    assert.deepEqual(store.regions(1), [{ start: 7, end: 17, kind: 'comment' }]);
  });

  it('is after any edits what it would be from the top', () => {
    const random = new Random(20261121);
    const pieces = [
      'let a = 1;',
      '/* open',
      'close */',
      '// line',
      '`text',
      '"string"',
      '',
      '/* a */',
    ];
    const pick = (): string => random.pick(pieces);
    for (let round = 0; round < 60; round++) {
      const opened = open(Array.from({ length: 40 }, pick));
      for (let step = 0; step < 15; step++) {
        const { length } = opened.document.lines;
        const start = random.below(length);
        const end = Math.min(length - 1, start + random.below(4));
        const text = Array.from({ length: 1 + random.below(4) }, pick);
        edit(opened, start, end, text);
        // Some edits follow each other before anything is tokenized, or while a part is.
        for (let turn = random.below(30); turn > 0; turn--) opened.store.step(Infinity);
      }
      while (opened.store.step(Infinity));
      const fresh = open([...opened.document.lines]);
      const regions = (store: LineStore<unknown>) =>
        opened.document.lines.map((_, line) => store.regions(line));
      assert.deepEqual(regions(opened.store), regions(fresh.store));
      assert.ok(opened.store.isReady(opened.document.lineCount));
    }
  });

  it('takes the changes of several cursors in one event', () => {
    const opened = open(code(20));
    const { document, store } = opened;
    document.lines.splice(15, 1, '/*', '*/');
    document.lines.splice(5, 2, '// one');
    store.change([
      { start: 15, end: 15, count: 2 },
      { start: 5, end: 6, count: 1 },
    ]);
    while (store.step(Infinity));
    const fresh = open([...document.lines]);
    document.lines.forEach((_, line) =>
      assert.deepEqual(store.regions(line), fresh.store.regions(line)),
    );
  });
});
