import assert from 'node:assert/strict';
import { readAlignment, readTokenizer } from '../../src/engine/folder';
import { openModel } from '../../src/engine/model';
import { DEFAULT_MODEL } from './support/engine';
import { alignmentScores, goldPairs } from './support/goldAlignments';

describe('word alignment of the default model', function () {
  this.timeout(120_000);

  it('uses the layer and the row that align best, the mean of both ways, on pairs aligned by hand', async () => {
    const model = await openModel(DEFAULT_MODEL, { device: 'cpu', threads: 1 });
    try {
      const tokenizer = await readTokenizer(DEFAULT_MODEL);
      const { en, ko } = goldPairs();
      assert.equal(en.length, 32);
      const chosen = await readAlignment(DEFAULT_MODEL, model.config.decoder.layers);
      const toKorean = await alignmentScores(model, tokenizer, en, 'ko');
      const toEnglish = await alignmentScores(model, tokenizer, ko, 'en');
      assert.equal(toKorean.length, 2 * model.config.decoder.layers);
      const rates = toKorean.map(({ layer, mode, errorRate }, index) => {
        const other = toEnglish[index];
        assert.deepEqual({ layer, mode }, { layer: other?.layer, mode: other?.mode });
        return { layer, mode, both: [errorRate, other?.errorRate ?? NaN] };
      });
      const mean = ({ both: [one = NaN, other = NaN] }: { both: number[] }): number =>
        (one + other) / 2;
      const [best] = rates.sort((a, b) => mean(a) - mean(b));
      assert.deepEqual({ layer: best?.layer, mode: best?.mode }, chosen, JSON.stringify(rates));
      assert.ok(
        best?.both.every((rate) => rate < 0.2),
        JSON.stringify(best),
      );
    } finally {
      await model.dispose();
    }
  });
});
