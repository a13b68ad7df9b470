import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelBlocks, type Block } from '../../../src/transformer/blocks';
import type { TransformerConfig } from '../../../src/transformer/config';
import { parseMarianConfig } from '../../../src/transformer/marianConfig';
import { countParameters } from '../../../src/transformer/parameters';
import { parameterSums } from '../../../src/transformer/parameterTerms';
import { parseSafetensors, type Weights } from '../../../src/transformer/weights';

const FIXTURES = join(__dirname, '../../fixtures/transformer');
const FOLDERS = [
  join(__dirname, '../../../models/default'),
  ...readdirSync(FIXTURES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(FIXTURES, name)),
];

function open(folder: string): { config: TransformerConfig; weights: Weights } {
  const config: unknown = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  const bytes = readFileSync(join(folder, 'model.safetensors'));
  return { config: parseMarianConfig(config), weights: parseSafetensors(bytes, bytes.length) };
}

const total = (blocks: readonly Block[], field: 'parameters' | 'stored') =>
  blocks.reduce((sum, block) => sum + block[field], 0);

describe('blocks of a model', () => {
  for (const folder of FOLDERS)
    it(`sum to the numbers of the file: ${folder.split('/').at(-1)}`, () => {
      const { config, weights } = open(folder);
      const blocks = modelBlocks(config, weights);
      const header = [...weights.values()].map(({ shape }) => shape.reduce((a, b) => a * b, 1));
      assert.equal(
        total(blocks, 'stored'),
        header.reduce((a, b) => a + b, 0),
      );
      assert.equal(total(blocks, 'parameters'), countParameters(config).total);
      assert.equal(new Set(blocks.map(({ id }) => id)).size, blocks.length);
      // The int8 fixture has padding between its tensors, which is all that no layer reads.
      const padded = [...weights.keys()].some((name) => name.startsWith('padding.'));
      assert.equal(
        blocks.some(({ kind }) => kind === 'unused'),
        padded,
      );
    });

  it('of the shipped model begin at the embedding and end at the softmax', () => {
    const { config, weights } = open(FOLDERS[0] ?? '');
    const blocks = modelBlocks(config, weights);
    const find = (id: string) => blocks.find((block) => block.id === id);
    assert.equal(blocks[0]?.id, 'encoder.embedding');
    assert.equal(blocks.at(-1)?.id, 'softmax');
    // 16000 rows of 512, and a scale for each.
    assert.deepEqual(find('encoder.embedding'), {
      id: 'encoder.embedding',
      kind: 'embedding',
      shape: ['S', 512],
      parameters: 8_192_000,
      stored: 8_208_000,
    });
    assert.deepEqual(find('decoder.1.crossAttention')?.inner, [8, 'T', 'S']);
    assert.equal(find('decoder.1.crossAttention')?.parameters, 4 * (512 * 512 + 512));
    assert.deepEqual(find('encoder.5.feedForward')?.inner, ['S', 2048]);
    assert.equal(find('outputProjection')?.parameters, 0);
    assert.equal(find('outputProjection')?.tied, 'encoder.embedding');
    assert.equal(find('outputProjection')?.stored, 512 * 16000 + 2 * 16000);
  });

  it('put the norm before the sub-layer where the model does', () => {
    const { config, weights } = open(join(FIXTURES, 'pre-norm'));
    const ids = modelBlocks(config, weights).map(({ id }) => id);
    assert.ok(ids.indexOf('encoder.0.selfAttention.norm') < ids.indexOf('encoder.0.selfAttention'));
    assert.ok(ids.includes('decoder.norm'));
  });

  it('count a tensor that no layer reads, as unused', () => {
    const { config, weights } = open(join(FIXTURES, 'one-head'));
    const tensor = { dtype: 'F32', shape: [3, 5], offset: 0, length: 60 } as const;
    const more = new Map([...weights, ['model.encoder.layers.0.adapter.weight', tensor] as const]);
    const unused = modelBlocks(config, more).at(-1);
    assert.deepEqual([unused?.id, unused?.parameters, unused?.stored], ['unused', 0, 15]);
  });
});

describe('parameter arithmetic beside the known models', () => {
  const { config } = open(FOLDERS[0] ?? '');
  const sums = new Map(parameterSums(config).map((entry) => [entry.name, entry]));

  it('gives the exact sums', () => {
    assert.equal(sums.get('model')?.parameters, countParameters(config).total);
    assert.equal(sums.get('base')?.parameters, 63_082_496); // counts.json: of a state dict
    assert.equal(sums.get('big')?.parameters, 214_245_376);
    assert.equal(sums.get('bertBase')?.parameters, 109_482_240); // of bert-base-uncased's state dict
  });

  it('comes within 3 % of what the papers state', () => {
    const published = { base: 65e6, big: 213e6, bertBase: 110e6 } as const;
    for (const name of ['base', 'big', 'bertBase'] as const) {
      const entry = sums.get(name);
      assert.equal(entry?.published, published[name]);
      assert.ok(Math.abs((entry?.parameters ?? 0) / published[name] - 1) < 0.03, name);
    }
  });

  it('writes formulas that give the numbers beside them, for every model at hand', () => {
    for (const folder of FOLDERS) {
      const { config: other } = open(folder);
      assert.equal(parameterSums(other)[0]?.parameters, countParameters(other).total, folder);
      for (const { terms } of parameterSums(other))
        for (const { formula, parameters } of terms)
          assert.equal(evaluate(formula), parameters, formula);
    }
  });
});

/** Sums of products with one level of brackets. */
function evaluate(formula: string): number {
  const flat = formula.replace(/\(([^)]*)\)/g, (_, inner: string) => String(evaluate(inner)));
  return flat
    .split(' + ')
    .map((product) => product.split(' × ').reduce((value, factor) => value * Number(factor), 1))
    .reduce((sum, value) => sum + value, 0);
}
