import assert from 'node:assert/strict';
import { isEmptyOutput, isRepeating, isRunaway } from '../../../src/text/guards';

describe('repeats', () => {
  for (const text of [
    '값을 반환합니다 값을 반환합니다 값을 반환합니다',
    'the the the value',
    'a b c d and then one two three four one two three four one two three four',
    '박수 박수 박수 박수',
    '하하하하하하하하하하하하하하하하하하하하하하하하하하하하',
    'x'.repeat(40),
    '순전순전순전순전순전순전순전순전순전순전순전순전',
    '<c0> 및 <c0> 및 <c0> 및 끝',
  ]) {
    it(`are seen in ${JSON.stringify(text.slice(0, 40))}`, () => {
      assert.equal(isRepeating(text), true);
    });
  }
  for (const text of [
    '',
    'The value of the first and the value of the second.',
    'no, no',
    '값을 반환합니다. 값을 반환합니다.',
    '1 1 1 1 1',
    '- - - - -',
    'a | b | c | d',
    '2, 4, 6, 8, 10, 12, 14, 16, 18, 20',
    '                                        ',
    'New York, New York is a song',
  ]) {
    it(`are not seen in ${JSON.stringify(text)}`, () => {
      assert.equal(isRepeating(text), false);
    });
  }
  it('are excused where the source repeats as well', () => {
    assert.equal(isRepeating('아니 아니 아니 아니야', 'no no no no it is not'), false);
    assert.equal(isRepeating('-'.repeat(40) + ' 끝', '-'.repeat(40) + ' end'), false);
    assert.equal(isRepeating('아니 아니 아니 아니야', 'no it is not'), true);
  });
});

describe('runaway output', () => {
  it('is far longer than the source, with slack for short ones', () => {
    assert.equal(isRunaway(3, 12), false);
    assert.equal(isRunaway(3, 60), true);
    assert.equal(isRunaway(40, 100), false);
    assert.equal(isRunaway(40, 113), true);
  });
});

describe('empty output', () => {
  it('has neither letters nor digits nor placeholders', () => {
    for (const text of ['', ' ', '...', '()', '\n']) assert.equal(isEmptyOutput(text), true);
    for (const text of ['a', '가', '7', '<c0>']) assert.equal(isEmptyOutput(text), false);
  });
});
