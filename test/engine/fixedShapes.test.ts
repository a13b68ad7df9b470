import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readTokenizer } from '../../src/engine/folder';
import { filled, fullBatch, positionRoom } from '../../src/engine/fixedShapes';
import { openModel } from '../../src/engine/model';
import type { Hypothesis, OpenModelOptions } from '../../src/engine/types';
import { FIXTURES, readGoldens } from './support/golden';
import { SENTENCES } from './support/sentences';
import { type TinyModel, writeTinyModel } from './support/tinyModel';

const CPU = { device: 'cpu', threads: 1 } as const;

/** Decoded exactly and with fixed shapes, as DirectML is given; by beam, all hypotheses. */
async function both(
  folder: string,
  sources: readonly (readonly number[])[],
  { beam, maxTokens }: { beam: number; maxTokens: number },
  kind: Partial<OpenModelOptions> = {},
): Promise<[Hypothesis[][], Hypothesis[][]]> {
  const decode = async (fixedShapes: boolean): Promise<Hypothesis[][]> => {
    const model = await openModel(folder, { ...CPU, ...kind, fixedShapes });
    try {
      return await model.generate(sources, { beam, lengthPenalty: 1, maxTokens, nBest: beam });
    } finally {
      await model.dispose();
    }
  };
  return [await decode(false), await decode(true)];
}

function assertSame([exact, fixed]: [Hypothesis[][], Hypothesis[][]]): void {
  const ids = (results: Hypothesis[][]) => results.map((row) => row.map((best) => best.ids));
  assert.deepEqual(ids(fixed), ids(exact));
  exact.flat().forEach(({ score }, index) => {
    const other = fixed.flat()[index]?.score ?? NaN;
    assert.ok(Math.abs(other - score) < 1e-4, `${other} instead of ${score}`);
  });
}

describe('fixed shapes', function () {
  this.timeout(120_000);
  let tiny: TinyModel;
  let sources: number[][];

  before(async () => {
    tiny = await writeTinyModel();
    const tokenizer = await readTokenizer(tiny.path);
    sources = SENTENCES.map((text) => [...tokenizer.encode(text).ids].slice(0, 60));
  });
  after(() => tiny.remove());

  it('are few: powers of two, from 16 positions on, at most the model’s own', () => {
    assert.deepEqual(
      [1, 16, 17, 64, 65, 128].map((length) => positionRoom(length, 100)),
      [16, 16, 32, 64, 100, 100],
    );
    assert.deepEqual(fullBatch(['a', 'b', 'c']), ['a', 'b', 'c', 'c']);
    assert.deepEqual(fullBatch(['a']), ['a']);
    assert.deepEqual(filled([1, 2], 5), [1, 2, 2, 2, 2]);
  });

  it('give 50 sentences the same tokens, greedily and past the first 16 positions', async () => {
    const results = await both(tiny.path, sources, { beam: 1, maxTokens: 40 });
    assert.equal(results[0].length, 50);
    assert.ok(results[0].some(([best]) => (best?.ids.length ?? 0) > 32));
    assertSame(results);
  });

  it('give 50 sentences the same tokens by beam', async () => {
    assertSame(await both(tiny.path, sources, { beam: 4, maxTokens: 20 }));
  });

  it('give the same tokens in half precision', async () => {
    // The CPU has the fused operator in float32 only.
    const kind = { precision: 'fp16', attention: 'plain' } as const;
    const few = sources.slice(0, 3);
    const [exact, fixed] = await both(tiny.path, few, { beam: 2, maxTokens: 20 }, kind);
    const ids = (results: Hypothesis[][]) => results.map((row) => row.map((best) => best.ids));
    assert.deepEqual(ids(fixed), ids(exact));
  });

  // What devices compute with is floats: an int8 product's one scale depends on the rows that fill a batch.
  const floats = readGoldens().filter(({ name }) => name !== 'int8');
  for (const { name, sources: inputs, maxNewTokens } of floats)
    it(`give ${name} the same tokens`, async () => {
      assertSame(await both(join(FIXTURES, name), inputs, { beam: 3, maxTokens: maxNewTokens }));
    });
});
