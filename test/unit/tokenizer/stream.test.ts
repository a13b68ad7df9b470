import assert from 'node:assert/strict';
import type { Tokenizer } from '../../../src/tokenizer/tokenizer';
import { KINDS, readGolden, tokenizerOf } from './fixtures';

const HALF_A_PAIR = /[\ud800-\udfff]/u;

/** Pieces as a stream gives them; checks each of them. */
function stream(
  tokenizer: Tokenizer,
  ids: readonly number[],
  skipSpecialTokens: boolean,
): string[] {
  const decoder = tokenizer.streamDecoder({ skipSpecialTokens });
  const parts = [...ids.map((id) => decoder.push(id)), decoder.end()];
  for (const part of parts) assert.doesNotMatch(part, HALF_A_PAIR);
  return parts;
}

describe('tokenizer, streaming decoder', () => {
  for (const name of ['default', ...KINDS.map((kind) => `kinds/${kind}`)]) {
    const golden = readGolden(name);
    const tokenizer = tokenizerOf(golden);

    it(`${name}: the parts make the text, whatever the ids`, () => {
      assert.ok(golden.random.length > 0);
      for (const { i: ids, d: text } of golden.random) {
        assert.equal(tokenizer.decode(ids), text, ids.join(' '));
        assert.equal(stream(tokenizer, ids, true).join(''), text, ids.join(' '));
      }
      for (const { i: ids } of golden.cases) {
        const all = tokenizer.decode(ids, { skipSpecialTokens: false });
        assert.equal(stream(tokenizer, ids, false).join(''), all, ids.join(' '));
      }
    });
  }

  const tokenizer = tokenizerOf(readGolden('default'));
  const idsOf = (text: string): number[] => tokenizer.encode(text, { addSpecialTokens: false }).ids;
  const bytesOf = (...bytes: number[]): number[] =>
    bytes.map((byte) => {
      const hex = byte.toString(16).toUpperCase().padStart(2, '0');
      return tokenizer.tokenToId(`<0x${hex}>`) ?? assert.fail();
    });

  it('gives a word as soon as its piece is there', () => {
    const parts = stream(tokenizer, idsOf('hello world'), true);
    assert.deepEqual(parts, ['', 'hello', ' world', '']);
  });

  it('holds the bytes of a character until a piece that is no byte ends the run', () => {
    const ids = [...bytesOf(0xf0, 0x9f, 0x98, 0x80), ...idsOf(' world')];
    const parts = stream(tokenizer, ids, true);
    assert.deepEqual(parts.slice(0, 4), ['', '', '', '']);
    assert.equal(parts[4]?.startsWith('😀'), true);
  });

  it('gives one replacement character per byte of a run that is not UTF-8, at the end of the run', () => {
    const ids = bytesOf(0xe3, 0x81, 0x82, 0xff);
    assert.deepEqual(stream(tokenizer, ids, true), ['', '', '', '', '\ufffd'.repeat(4)]);
  });

  it('leaves out ids that stand for nothing', () => {
    assert.equal(tokenizer.decode([-1, 16000, 1e9, 0.5, NaN]), '');
  });

  it('keeps streams apart', () => {
    const [first, second] = [tokenizer.streamDecoder(), tokenizer.streamDecoder()];
    for (const id of bytesOf(0xea, 0xb0)) first.push(id);
    assert.equal(second.end(), '');
    for (const id of bytesOf(0x80)) first.push(id);
    assert.equal(first.end(), '가');
  });
});
