import assert from 'node:assert/strict';
import { readAlignment, readTokenizer } from '../../src/engine/folder';
import { openModel } from '../../src/engine/model';
import { DEFAULT_MODEL } from './support/engine';
import { goldPairs, rankAlignments } from './support/goldAlignments';

describe('word alignment of the default model', function () {
  this.timeout(120_000);

  it('uses the layer and the row that align best, the mean of both ways, on pairs aligned by hand', async () => {
    const model = await openModel(DEFAULT_MODEL, { device: 'cpu', threads: 1 });
    try {
      const tokenizer = await readTokenizer(DEFAULT_MODEL);
      assert.equal(goldPairs().en.length, 32);
      const chosen = await readAlignment(DEFAULT_MODEL, model.config.decoder.layers);
      const { ranks, best } = await rankAlignments(model, tokenizer);
      assert.equal(ranks.length, 2 * model.config.decoder.layers);
      const { layer, mode, toKorean, toEnglish } = best;
      assert.deepEqual({ layer, mode }, chosen, JSON.stringify(ranks));
      assert.ok(toKorean < 0.2 && toEnglish < 0.2, `${toKorean}, ${toEnglish}`);
    } finally {
      await model.dispose();
    }
  });
});
