import assert from 'node:assert/strict';
import { SAMPLES, sampleTitle } from '../../../src/protocol/samples';
import { planText } from '../../../src/text/plan';

describe('samples', () => {
  it('are the sentences that teachers use, each found by the planner where its title says', () => {
    assert.deepEqual(SAMPLES.map(sampleTitle), [
      '배를 먹었더니 배가 아프다',
      'I went to the bank to deposit money',
      'I sat on the bank of the river',
      'The train left the station on time',
      'I am a boy',
    ]);
    for (const sample of SAMPLES) {
      const { sentences } = planText(sample.text, { target: 'auto', protectPatterns: [] });
      const chosen = sentences.filter(({ keep }) => keep === undefined)[sample.sentence];
      assert.equal(chosen?.text, sampleTitle(sample));
    }
  });

  it('show both banks in one document', () => {
    const banks = SAMPLES.filter(({ text }) => text.includes('bank'));
    assert.equal(banks.length, 2);
    assert.equal(banks[0]?.text, banks[1]?.text);
  });
});
