import assert from 'node:assert/strict';
import { proseSentences } from '../../../src/text/prose';

function textsOf(text: string): string[] {
  return proseSentences(text).map((sentence) => sentence.text);
}

describe('proseSentences', () => {
  it('joins wrapped lines, with the offsets of where each sentence stands', () => {
    const text = 'First line of\na sentence. Second\none here.\n\nThird.';
    const sentences = proseSentences(text);
    assert.deepEqual(
      sentences.map((sentence) => sentence.text),
      ['First line of a sentence.', 'Second one here.', 'Third.'],
    );
    for (const { start, end, text: joined } of sentences) {
      assert.equal(text.slice(start, end).replaceAll('\n', ' '), joined);
    }
  });

  it('leaves the marks of comments out and stops where the comment does', () => {
    const text = '// Reads the whole\n// file at once.\nconst x = read();\n  // Another one.\n';
    assert.deepEqual(textsOf(text), ['Reads the whole file at once.', 'Another one.']);
    assert.deepEqual(textsOf('# Sum of all\n# the files.\nset -e\n'), [
      'Sum of all the files.',
      'set -e',
    ]);
  });

  it('knows headings, list items and tags as asides', () => {
    const text = '# Title\n\nA sentence.\n\n- an item\n- another\n  that goes on\n';
    assert.deepEqual(
      proseSentences(text).map(({ text: sentence, aside }) => [sentence, aside]),
      [
        ['Title', true],
        ['A sentence.', false],
        ['an item', true],
        ['another that goes on', true],
      ],
    );
    const [heading, body] = proseSentences('Title\n=====\nBody of it.\n');
    assert.equal(heading?.aside, true);
    assert.equal(body?.aside, false);
    const [, parameter] = proseSentences('/**\n * Sums up.\n * @param x the numbers\n */');
    assert.deepEqual([parameter?.text, parameter?.aside], ['the numbers', true]);
  });

  it('ends a sentence where git marks another commit of a message put together of several', () => {
    const text = 'fix: read the file once fixup! fix: read the file once\nsquash! fix: read it';
    const sentences = proseSentences(text);
    assert.deepEqual(
      sentences.map(({ text: sentence, aside }) => [sentence, aside]),
      [
        ['fix: read the file once', false],
        ['fixup! fix: read the file once', true],
        ['squash! fix: read it', true],
      ],
    );
    for (const { start, end, text: sentence } of sentences)
      assert.equal(text.slice(start, end), sentence);
    assert.deepEqual(textsOf('Nothing prefixup! here.'), ['Nothing prefixup! here.']);
  });

  it('leaves code, tables, front matter and rules out', () => {
    const text =
      '---\ntitle: x\n---\n\n| a | b |\n| - | - |\n\n```\ncode here\n```\n\n***\n\nText.\n';
    assert.deepEqual(textsOf(text), ['Text.']);
  });

  it('finds Korean sentences', () => {
    assert.deepEqual(textsOf('캐시는 결과를\n보관합니다. 오래된 결과는 삭제됩니다.'), [
      '캐시는 결과를 보관합니다.',
      '오래된 결과는 삭제됩니다.',
    ]);
  });
});
