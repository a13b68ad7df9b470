import assert from 'node:assert/strict';
import { readAlignment, readTokenizer } from '../../src/engine/folder';
import { openModel } from '../../src/engine/model';
import { DEFAULT_MODEL } from './support/engine';
import { alignmentScores, goldPairs } from './support/goldAlignments';

describe('word alignment of the default model', function () {
  this.timeout(120_000);

  it('uses the layer and the row that align best, both ways, on pairs aligned by hand', async () => {
    const model = await openModel(DEFAULT_MODEL, { device: 'cpu', threads: 1 });
    try {
      const tokenizer = await readTokenizer(DEFAULT_MODEL);
      const { en, ko } = goldPairs();
      assert.equal(en.length, 32);
      const chosen = await readAlignment(DEFAULT_MODEL, model.config.decoder.layers);
      for (const [pairs, target] of [
        [en, 'ko'],
        [ko, 'en'],
      ] as const) {
        const scores = await alignmentScores(model, tokenizer, pairs, target);
        const rate = (wanted: typeof chosen): number =>
          scores.find(({ layer, mode }) => layer === wanted.layer && mode === wanted.mode)
            ?.errorRate ?? NaN;
        assert.equal(scores.length, 2 * model.config.decoder.layers);
        assert.ok(rate(chosen) < 0.2, `${target}: ${rate(chosen)}`);
        for (const score of scores)
          assert.ok(rate(chosen) <= score.errorRate, JSON.stringify(score));
      }
    } finally {
      await model.dispose();
    }
  });
});
