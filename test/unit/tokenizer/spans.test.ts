import assert from 'node:assert/strict';
import type { Encoding } from '../../../src/tokenizer/tokenizer';
import { readGolden, readLines, tokenizerOf } from './fixtures';

const tokenizer = tokenizerOf(readGolden('default'));
const BYTE = /^<0x([0-9A-F]{2})>$/;

/** What the default model's normalizer makes of a piece of source text, written a second time. */
function surfaceOf(source: string): string {
  return source
    .replace(/[\ud800-\udfff]/gu, '\ufffd')
    .normalize('NFC')
    .replace(/[ \t\u00a0\u3000]+/g, ' ');
}

interface Group {
  readonly start: number;
  readonly end: number;
  readonly piece: string;
}

/** Tokens with a source; byte pieces of the same character put together. */
function groups(text: string, { ids, spans }: Encoding): Group[] {
  const result: Group[] = [];
  let bytes: number[] = [];
  ids.forEach((id, k) => {
    const { start, end } = spans[k] ?? assert.fail();
    const piece = tokenizer.idToToken(id) ?? assert.fail();
    const byte = BYTE.exec(piece)?.[1];
    if (byte === undefined || text.slice(start, end) === piece) {
      if (start >= 0) result.push({ start, end, piece });
      return;
    }
    bytes.push(parseInt(byte, 16));
    const next = spans[k + 1];
    const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
    // Equal characters side by side have different spans, so a change of span is the end of a character.
    if (next?.start === start && next.end === end && decoded.includes('\ufffd')) return;
    result.push({ start, end, piece: decoded });
    bytes = [];
  });
  assert.equal(bytes.length, 0);
  return result;
}

describe('tokenizer, spans', () => {
  it('slices of the source are what the tokens stand for, and leave nothing out', () => {
    let overlapping = 0;
    for (const text of readLines()) {
      const tokens = groups(text, tokenizer.encode(text));
      const covered = new Uint16Array(text.length);
      for (const { start, end } of tokens)
        for (let i = start; i < end; i++) covered[i] = (covered[i] ?? 0) + 1;
      tokens.forEach(({ start, end, piece }, k) => {
        const where = `${JSON.stringify(text)}: ${start}-${end} ${piece}`;
        assert.ok(start >= 0 && start < end && end <= text.length, where);
        const shared = covered.subarray(start, end).some((count) => count > 1);
        const surface = surfaceOf(text.slice(start, end));
        const wanted = piece.replaceAll('▁', ' ');
        const plain = surface.replaceAll('▁', ' ');
        if (shared) {
          // Marks that change places, and what composes over them, lie within each other.
          overlapping++;
          for (const part of wanted.trimStart().normalize('NFD')) {
            assert.ok(surface.normalize('NFD').includes(part), where);
          }
        } else if (k === 0 && wanted.startsWith(' ') && !plain.startsWith(' ')) {
          assert.equal(` ${plain}`, wanted, where);
        } else assert.equal(plain, wanted, where);
      });
      assert.equal(covered.indexOf(0), -1, JSON.stringify(text));
    }
    assert.ok(overlapping > 0 && overlapping < 600, String(overlapping));
  });

  const spansOf = (text: string): [string, number, number][] => {
    const { ids, spans } = tokenizer.encode(text);
    return ids.map((id, k) => {
      const { start, end } = spans[k] ?? assert.fail();
      return [tokenizer.idToToken(id) ?? '', start, end];
    });
  };

  it('gives a composed syllable all of its letters', () => {
    assert.deepEqual(spansOf('\u1112\u1161\u11ab국'), [
      ['▁한', 0, 3],
      ['국', 3, 4],
      ['</s>', -1, -1],
    ]);
  });

  it('gives a blank the whole run that it replaces', () => {
    assert.deepEqual(spansOf('a \t\u3000b'), [
      ['▁a', 0, 1],
      ['▁b', 1, 5],
      ['</s>', -1, -1],
    ]);
  });

  it('puts a blank only before the very first section', () => {
    assert.deepEqual(spansOf('hello<c0>hello'), [
      ['▁', -1, -1],
      ['hello', 0, 5],
      ['<c0>', 5, 9],
      ['hello', 9, 14],
      ['</s>', -1, -1],
    ]);
  });

  it('reads a lone surrogate as U+FFFD with a span of its one unit', () => {
    const lone = tokenizer.encode('\ud800');
    assert.deepEqual(lone.ids, tokenizer.encode('\ufffd').ids);
    assert.deepEqual(lone.spans.slice(1, -1), Array(3).fill({ start: 0, end: 1 }));
  });

  it('leaves the special tokens out on request', () => {
    assert.deepEqual(tokenizer.encode('', { addSpecialTokens: false }), { ids: [], spans: [] });
    assert.deepEqual(tokenizer.encode(''), { ids: [1], spans: [{ start: -1, end: -1 }] });
  });
});
