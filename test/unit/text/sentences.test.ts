import assert from 'node:assert/strict';
import { splitLong } from '../../../src/text/clauses';
import { splitSentences } from '../../../src/text/sentences';
import { SENTENCES } from './sentences.golden';

const pieces = (text: string): string[] =>
  splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe('sentences', () => {
  it('has at least 150 golden cases', () => {
    assert.ok(new Set(SENTENCES).size >= 150, `${new Set(SENTENCES).size} cases`);
  });

  for (const marked of SENTENCES) {
    it(`splits ${JSON.stringify(marked)}`, () => {
      const expected = marked
        .split('¦')
        .map((sentence) => sentence.trim())
        .filter((sentence) => sentence !== '');
      assert.deepEqual(pieces(marked.replaceAll('¦', '')), expected);
    });
  }

  it('leaves nothing but blanks between sentences, over many lines and with spans given', () => {
    const text = SENTENCES.map((sentence) => sentence.replaceAll('¦', '')).join('\r\n');
    let end = 0;
    for (const sentence of splitSentences(text)) {
      assert.equal(text.slice(end, sentence.start).trim(), '');
      assert.ok(sentence.end > sentence.start);
      end = sentence.end;
    }
    assert.equal(text.slice(end).trim(), '');
    const spanned = 'a `b. C` d. E\nf `g. H`. I';
    const spans = [
      { start: 2, end: 8 },
      { start: 16, end: 22 },
    ];
    assert.deepEqual(splitSentences(spanned, spans), splitSentences(spanned));
  });

  it('gives no sentence for a text without one', () => {
    for (const text of ['', ' ', '\n\n', '\t\r\n']) assert.deepEqual(splitSentences(text), []);
  });
});

describe('long sentences', () => {
  const cut = (text: string, most: number): string[] =>
    splitLong(text, most).map(({ start, end }) => text.slice(start, end));

  it('stay whole when they are short enough', () => {
    assert.deepEqual(cut('short enough', 12), ['short enough']);
    assert.deepEqual(cut('', 5), []);
  });

  it('are cut at the best clause mark of the second half', () => {
    assert.deepEqual(cut('open the file, read it; then close it and leave', 30), [
      'open the file, read it;',
      'then close it and leave',
    ]);
    assert.deepEqual(cut('파일을 열고, 내용을 읽은 다음 닫습니다', 14), [
      '파일을 열고,',
      '내용을 읽은 다음 닫습니다',
    ]);
  });

  it('are cut before a conjunction or at a blank where there is no mark', () => {
    assert.deepEqual(cut('the parser reads tokens and the printer writes them', 40), [
      'the parser reads tokens',
      'and the printer writes them',
    ]);
    assert.deepEqual(cut('aaaa bbbb cccc dddd', 9), ['aaaa bbbb', 'cccc dddd']);
  });

  it('are never cut inside protected text or a placeholder', () => {
    assert.deepEqual(cut('x `a b c d e f g h` y', 6), ['x', '`a b c d e f g h`', 'y']);
    assert.deepEqual(cut('use <c0> and <c1> now', 9), ['use <c0>', 'and <c1>', 'now']);
  });

  it('keep every character that is not a blank, at every limit', () => {
    const text = '하나, 둘이고; three and `four five`, 여섯 https://a.b/c, seven — 여덟。아홉，열';
    for (let most = 1; most <= text.length; most++) {
      const parts = cut(text, most);
      assert.equal(parts.join('').replaceAll(/\s/gu, ''), text.replaceAll(/\s/gu, ''));
    }
  });
});
