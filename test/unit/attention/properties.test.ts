import assert from 'node:assert/strict';
import { checkMap, meanMap, strongestKey } from '../../../src/attention/attentionMap';
import {
  alignmentErrorRate,
  alignTexts,
  alignTokens,
  alignWords,
  parsePharaoh,
  toPharaoh,
} from '../../../src/attention/alignment';
import {
  aboveThreshold,
  cumulative,
  hideKeys,
  renormalized,
  topKeys,
} from '../../../src/attention/filters';
import { encoderDecoderRollout, normalizedBlock, rollout } from '../../../src/attention/rollout';
import { jensenShannon } from '../../../src/attention/similarity';
import { compand, expand, maxPool, thumbnail } from '../../../src/attention/thumbnail';
import { mergeWords, wordGroups, wordsOfTokens } from '../../../src/attention/words';
import { AppError } from '../../../src/common/errors';
import { allNear, mapOf, near, randomMap, rowsOf } from './maps';

const sum = (values: Iterable<number>): number => [...values].reduce((total, v) => total + v, 0);
const SIZES = [
  [1, 1],
  [5, 9],
  [16, 16],
  [40, 7],
] as const;

describe('attention, properties', () => {
  it('rows add up to 1 after everything that says so, and to what is kept after the rest', () => {
    for (const [queries, keys] of SIZES) {
      const map = randomMap(queries, keys, queries + keys);
      for (const filtered of [
        topKeys(map, 2),
        cumulative(map, 0.6),
        aboveThreshold(map, 0.05),
        hideKeys(map, new Set([0])),
      ]) {
        rowsOf(filtered.map).forEach((row, i) => near(sum(row), filtered.kept[i], 1e-5, 'kept'));
        const again = renormalized(filtered);
        rowsOf(again.map).forEach((row, i) => {
          near(sum(row), (filtered.kept[i] ?? 0) < 0.1 ? 0 : 1, 1e-5, 'renormalized');
        });
      }
      for (const row of rowsOf(meanMap([map, randomMap(queries, keys, 3)])))
        near(sum(row), 1, 1e-5, 'mean');
    }
  });

  it('blanks rows that hardly have anything left, instead of blowing them up', () => {
    const map = mapOf([
      [0.95, 0.05],
      [0.5, 0.5],
    ]);
    const { map: shown, kept } = renormalized(hideKeys(map, new Set([0])));
    assert.deepEqual(rowsOf(shown), [
      [0, 0],
      [0, 1],
    ]);
    allNear(kept, [0.05, 0.5], 1e-6, 'kept');
  });

  it('keeps the fewest weights that reach the share, and at least what was asked for', () => {
    const map = mapOf([[0.5, 0.3, 0.15, 0.05]]);
    assert.equal(rowsOf(cumulative(map, 0.75).map)[0]?.filter((w) => w > 0).length, 2);
    assert.equal(rowsOf(cumulative(map, 0).map)[0]?.filter((w) => w > 0).length, 0);
    assert.equal(rowsOf(topKeys(map, 9).map)[0]?.filter((w) => w > 0).length, 4);
    assert.deepEqual(rowsOf(topKeys(mapOf([[0.25, 0.25, 0.25, 0.25]]), 1).map), [[0.25, 0, 0, 0]]);
  });

  it('merging to words keeps rows at 1, whether one renormalizes before or after', () => {
    for (const [queries, keys] of SIZES) {
      const map = randomMap(queries, keys, 5 + keys);
      const queryWords = Int32Array.from({ length: queries }, (_, i) => Math.floor(i / 3));
      const keyWords = Int32Array.from({ length: keys }, (_, i) => Math.floor(i / 2));
      for (const row of rowsOf(mergeWords(map, queryWords, keyWords)))
        near(sum(row), 1, 1e-5, 'merged');
      const hidden = hideKeys(map, new Set([0, 1]));
      const merged = mergeWords(renormalized(hidden).map, queryWords, keyWords);
      rowsOf(merged).forEach((row, word) => {
        const tokens = [...queryWords.keys()].filter((i) => queryWords[i] === word);
        const shown = tokens.filter((i) => (hidden.kept[i] ?? 0) >= 0.1).length;
        near(sum(row), shown / tokens.length, 1e-5, 'merged behind renormalizing');
      });
    }
  });

  it('rollouts are mixtures: rows add up to 1 and no decoder row sees the future', () => {
    const encoder = [1, 2, 3].map((seed) => randomMap(6, 6, seed));
    const rolled = rollout(encoder).at(-1) ?? assert.fail();
    const layers = [4, 5, 6].map((seed) => ({
      self: randomMap(4, 4, seed, true),
      cross: randomMap(4, 6, seed + 10),
    }));
    const results = encoderDecoderRollout(rolled, layers);
    results.forEach(({ values, columns, rows }, layer) => {
      for (let t = 0; t < rows; t++) {
        const row = values.subarray(t * columns, (t + 1) * columns);
        near(sum(row), 1, 1e-6, 'row');
        near(sum(row.subarray(6 + t + 1)), 0, 0, 'future');
        near(sum(row.subarray(0, 6)), 1 - 2 ** -(layer + 1), 1e-6, 'share of the source');
      }
    });
    const block = normalizedBlock(results.at(-1) ?? assert.fail(), 0, 6);
    for (let t = 0; t < 4; t++)
      near(sum(block.values.subarray(t * 6, t * 6 + 6)), 1, 1e-9, 'block');
    assert.throws(() => rollout([randomMap(3, 3, 1), randomMap(4, 4, 1)]), AppError);
  });

  it('divergence is 0 for the same and ln 2 for nothing in common', () => {
    const left = mapOf([[1, 0]]);
    assert.equal(jensenShannon(left, left), 0);
    near(jensenShannon(left, mapOf([[0, 1]])), Math.log(2), 1e-12, 'divergence');
    assert.throws(() => jensenShannon(left, mapOf([[1]])), AppError);
  });

  it('thumbnails keep the strongest cell of every block, and no map is too small', () => {
    const map = randomMap(130, 70, 9);
    const { values, width, height } = maxPool(map, 64);
    assert.deepEqual([width, height], [64, 64]);
    assert.equal(Math.max(...values), Math.max(...map.weights));
    const small = thumbnail(mapOf([[1, 0, 0.25]]));
    assert.deepEqual([small.width, small.height, ...small.values], [3, 1, 255, 0, 128]);
    for (let value = 0; value < 256; value++) assert.equal(compand(expand(value)), value);
    assert.ok(compand(1 / 512) > 0);
    assert.deepEqual([compand(-1), compand(2)], [0, 255]);
  });

  it('refuses sizes that do not fit', () => {
    const map = mapOf([[1, 0]]);
    for (const wrong of [
      { ...map, queries: 2 },
      { ...map, causal: true },
      { ...map, queryMask: new Uint8Array(2) },
      { ...map, keyMask: new Uint8Array(1) },
      { ...map, queries: 0.5, keys: 4 },
    ]) {
      assert.throws(() => checkMap(wrong), AppError);
    }
    assert.throws(() => meanMap([]), AppError);
    assert.throws(() => meanMap([map, mapOf([[1]])]), AppError);
  });
});

describe('attention, words', () => {
  const spansOf = (...pairs: [number, number][]): { start: number; end: number }[] =>
    pairs.map(([start, end]) => ({ start, end }));

  it('follows the words of the text, not the marks of the tokenizer', () => {
    const text = 'Reading files, again';
    const spans = spansOf([0, 4], [4, 7], [7, 13], [13, 14], [14, 20], [-1, -1]);
    assert.deepEqual([...wordsOfTokens(text, spans, 'en')], [0, 0, 1, 2, 3, -1]);
  });

  it('finds words in scripts without blanks', () => {
    const words = wordsOfTokens(
      '我喜欢苹果',
      spansOf([0, 1], [1, 2], [2, 3], [3, 4], [4, 5]),
      'zh',
    );
    assert.deepEqual([...words], [0, 1, 1, 2, 2]);
  });

  it('gives a token that reaches over two words to the one it has more of', () => {
    assert.deepEqual(
      [...wordsOfTokens('ab cdef', spansOf([0, 2], [1, 6], [6, 7]), 'en')],
      [0, 1, 1],
    );
  });

  it('makes groups of words, and loses no token: those of no word stand by themselves', () => {
    const words = wordsOfTokens('a  b', spansOf([-1, -1], [0, 1], [1, 3], [3, 4], [-1, -1]), 'en');
    assert.deepEqual([...words], [-1, 0, -1, 1, -1]);
    assert.deepEqual([...wordGroups(words)], [0, 1, 2, 3, 4]);
    assert.deepEqual([...wordGroups([-1, 0, 0, -1, 1, 0])], [0, 1, 1, 2, 3, 1]);
    assert.deepEqual([...wordsOfTokens('', [], 'en')], []);
  });
});

describe('attention, alignment', () => {
  // Inputs: start, x, y; predicted: x, y, end. Rows look at source tokens 2, 0, 1.
  const cross = mapOf([
    [0.1, 0.2, 0.7],
    [0.8, 0.1, 0.1],
    [0.2, 0.6, 0.2],
  ]);

  it('takes the row that has the token as its input, or the one that predicts it', () => {
    assert.deepEqual([...alignTokens(cross, 3, 'output')], [2, 0, 1]);
    assert.deepEqual([...alignTokens(cross, 3, 'input')], [0, 1, -1]);
    assert.deepEqual([...alignTokens(cross, 2, 'input')], [0, 1]);
  });

  it('aligns with nothing that is masked', () => {
    const keyMask = Uint8Array.of(1, 1, 0);
    assert.deepEqual([...alignTokens({ ...cross, keyMask }, 3, 'output')], [1, 0, 1]);
    assert.equal(strongestKey({ ...cross, keyMask: new Uint8Array(3) }, 0), -1);
  });

  it('aligns words if any of their tokens are, each pair once', () => {
    const links = alignWords(
      Int32Array.of(2, 0, 1, -1),
      Int32Array.of(0, 0, 1),
      Int32Array.of(0, 1, 1, 2),
    );
    assert.deepEqual(links, [
      { source: 1, target: 0 },
      { source: 0, target: 1 },
    ]);
    assert.equal(toPharaoh(links), '0-1 1-0');
    assert.deepEqual(parsePharaoh(' 0-1 1-0\n'), [links[1], links[0]]);
    assert.deepEqual(parsePharaoh(''), []);
    for (const line of ['0', '0-', 'a-b', '0-1-2', '0:1', '-1-2'])
      assert.equal(parsePharaoh(line), undefined);
  });

  it('aligns the words of two texts by their tokens, special ones with nothing', () => {
    const token = (word: number, special = false) => ({ word, special });
    const source = [token(-1, true), token(0), token(1)];
    const predicted = [token(0), token(1), token(-1, true)];
    // The strongest of the rows that predict, the special first column left out.
    assert.equal(toPharaoh(alignTexts(cross, source, predicted, 'output')), '0-1 1-0');
    assert.equal(toPharaoh(alignTexts(cross, source, predicted, 'input')), '0-0 0-1');
    const blank = [token(-1, true), token(-1), token(0)];
    assert.deepEqual(alignTexts(cross, blank, predicted, 'output'), [{ source: 0, target: 0 }]);
  });

  it('measures the error rate', () => {
    const link = (source: number, target: number): { source: number; target: number } => ({
      source,
      target,
    });
    const gold = [link(0, 0), link(1, 1)];
    assert.equal(alignmentErrorRate(gold, gold, []), 0);
    assert.equal(alignmentErrorRate([link(5, 5)], gold, []), 1);
    // |A and S| = 1, |A and P| = 2, |A| = 3, |S| = 2.
    near(
      alignmentErrorRate([link(0, 0), link(2, 2), link(3, 3)], gold, [link(2, 2)]),
      1 - 3 / 5,
      1e-12,
      'rate',
    );
    assert.ok(Number.isNaN(alignmentErrorRate([], [], [])));
  });
});
