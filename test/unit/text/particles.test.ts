import assert from 'node:assert/strict';
import { attachParticle, correctParticles, fixParticles } from '../../../src/text/particles';
import { endingOf } from '../../../src/text/pronunciation';
import { findSpans } from '../../../src/text/spans';
import { ATTACHED, SENTENCES } from './particles.golden';

/** Pairs of forms; the tests feed the wrong one as well as the right one and the undecided one. */
const PAIRS = [
  ['을', '를', '을(를)'],
  ['은', '는', '은(는)'],
  ['이', '가', '이(가)'],
  ['과', '와', '과(와)'],
  ['으로', '로', '(으)로'],
  ['이나', '나', '(이)나'],
  ['이라는', '라는', '(이)라는'],
  ['이라고', '라고', '(이)라고'],
  ['이라면', '라면', '(이)라면'],
  ['이라도', '라도', '(이)라도'],
  ['이란', '란', '(이)란'],
  ['으로부터', '로부터', '(으)로부터'],
  ['으로써', '로써', '(으)로써'],
  ['으로서', '로서', '(으)로서'],
  ['으로는', '로는', '(으)로는'],
  ['으로도', '로도', '(으)로도'],
  ['과의', '와의', '과(와)의'],
  ['이에요', '예요', '이에요'],
] as const;

describe('particles', () => {
  it('have at least 200 golden words', () => {
    const distinct = new Set(ATTACHED.map((pair) => pair.join(' ')));
    assert.ok(distinct.size >= 200, `${distinct.size} cases`);
  });

  for (const [word, particle] of ATTACHED) {
    it(`write ${word}${particle}`, () => {
      const pair = PAIRS.find((forms) => forms.some((form) => form === particle));
      assert.ok(pair, `no pair for ${particle}`);
      for (const form of pair) {
        assert.equal(attachParticle(word, form), particle, `given ${form}`);
        const text = `${word}${form} `;
        const fixed = correctParticles(text, [{ at: word.length, word }]);
        assert.equal(fixed, `${word}${particle} `, `in a text, given ${form}`);
      }
    });
  }

  for (const [given, right] of SENTENCES) {
    it(`make ${right} of ${given}`, () => {
      assert.equal(fixParticles(given, findSpans(given)), right);
      assert.equal(fixParticles(right, findSpans(right)), right, 'right already');
    });
  }

  it('leave alone what is no particle with two forms', () => {
    for (const form of ['에서', '의', '부터', '만', 'x', '']) {
      assert.equal(attachParticle('map', form), form);
    }
  });

  it('read every Hangul syllable by its final consonant, as its decomposition shows it', () => {
    for (let code = 0xac00; code <= 0xd7a3; code++) {
      const syllable = String.fromCharCode(code);
      const final = syllable.normalize('NFD')[2];
      const expected = final === undefined ? 'vowel' : final === '\u11af' ? 'rieul' : 'consonant';
      assert.equal(endingOf(syllable), expected);
    }
  });

  it('do not guess where there is nothing to read', () => {
    for (const word of ['', '->', '()', '"', '→', '日本']) assert.equal(endingOf(word), 'unknown');
  });
});
