import assert from 'node:assert/strict';
import { withoutCapitals } from '../../../src/text/capitals';
import { planText } from '../../../src/text/plan';

describe('a sentence in capitals', () => {
  for (const [text, read] of [
    ['OPEN THE FILE FIRST, THEN SAVE IT.', 'Open the file first, then save it.'],
    ['(OPEN <c0> BEFORE THE NEXT STEP)', '(Open <c0> before the next step)'],
    ['<c0> OPENS THE WHOLE FILE', '<c0> Opens the whole file'],
    // Not one: small letters, few words, another script.
    ['Open THE WHOLE BIG FILE', 'Open THE WHOLE BIG FILE'],
    ['HTTP GET POST', 'HTTP GET POST'],
    ['API URL JSON HTTP 설정', 'API URL JSON HTTP 설정'],
    ['1 2 3 4 5', '1 2 3 4 5'],
  ] as const) {
    it(`is read in small letters: ${text}`, () => {
      assert.equal(withoutCapitals(text), read);
      assert.equal(read.length, text.length);
    });
  }

  it('is planned so, in its place, with its code as it is', () => {
    const text = 'NOTE. READ `fooBar()` AND THEN CALL THE NEXT ONE!';
    const { sentences } = planText(text, { target: 'ko', protectPatterns: [] });
    const last = sentences.at(-1);
    assert.equal(last?.text, 'Read <c0> and then call the next one!');
    assert.equal(text.slice(last?.start, last?.end), 'READ `fooBar()` AND THEN CALL THE NEXT ONE!');
    assert.equal(last?.spans[0]?.text, '`fooBar()`');
  });
});
