import assert from 'node:assert/strict';
import {
  confidence,
  effectiveKeys,
  meanEntropy,
  normalizedEntropy,
} from '../../../src/attention/entropy';
import { headMetrics } from '../../../src/attention/headMetrics';
import {
  attentionDistance,
  diagonality,
  monotonicity,
  offsetMass,
  positionalShare,
} from '../../../src/attention/position';
import { receivedAttention, strongestSink } from '../../../src/attention/received';
import { rollout } from '../../../src/attention/rollout';
import { mergeWords } from '../../../src/attention/words';
import { allNear, mapOf, near, rowsOf } from './maps';

const NONE = new Set<number>();

/** The specification's table, worked out by hand there: to 4 digits. */
const TABLE = [
  {
    name: 'uniform',
    map: mapOf(Array.from({ length: 4 }, () => [0.25, 0.25, 0.25, 0.25])),
    values: [1.3863, 1, 0.25, 0.25, 0.25, 0.25, 1.25, 0.5, 0.25],
  },
  {
    name: 'uniform causal',
    map: mapOf(
      [
        [1, 0, 0, 0],
        [1 / 2, 1 / 2, 0, 0],
        [1 / 3, 1 / 3, 1 / 3, 0],
        [1 / 4, 1 / 4, 1 / 4, 1 / 4],
      ],
      true,
    ),
    values: [0.7945, 1, 0.5208, 0.3611, 0.5208, null, 0.75, 0.6875, 0.5208],
  },
  {
    name: 'identity',
    map: mapOf([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ]),
    values: [0, 0, 1, 0, 1, 0, 0, 1, 0.25],
  },
  {
    name: 'previous token, the first row itself',
    map: mapOf(
      [
        [1, 0, 0, 0],
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
      ],
      true,
    ),
    values: [0, 0, 1, 1, 0.25, null, 0.75, 0.6667, 0.5],
  },
  {
    name: 'all on key 0',
    map: mapOf(
      Array.from({ length: 4 }, () => [1, 0, 0, 0]),
      true,
    ),
    values: [0, 0, 1, 0.3333, 0.25, null, 1.5, 0.375, 1],
  },
] as const;

describe('attention, golden values', () => {
  for (const { name, map, values } of TABLE) {
    it(name, () => {
      const actual = [
        meanEntropy(map),
        normalizedEntropy(map),
        confidence(map),
        offsetMass(map, -1),
        offsetMass(map, 0),
        offsetMass(map, 1),
        attentionDistance(map),
        diagonality(map),
        receivedAttention(map)[0],
      ];
      values.forEach((value, i) => near(actual[i], value, 1e-4, `${name}, column ${i}`));
    });
  }

  it('cross-attention of 2 x 4', () => {
    const map = mapOf([
      [0.7, 0.1, 0.1, 0.1],
      [0.1, 0.1, 0.1, 0.7],
    ]);
    near(meanEntropy(map), 0.9404, 1e-4, 'entropy');
    near(normalizedEntropy(map), 0.6784, 1e-4, 'normalized entropy');
    near(confidence(map), 0.7, 1e-4, 'confidence');
    near(diagonality(map, true), 0.8, 1e-4, 'diagonality');
    near(receivedAttention(map)[0], 0.4, 1e-4, 'first key');
    assert.equal(monotonicity(map), 1);
    const metrics = headMetrics(map, 'cross', { end: NONE, all: NONE });
    near(metrics.diagonality, 0.8, 1e-4, 'diagonality in one pass');
    assert.ok(Number.isNaN(metrics.previous) && Number.isNaN(metrics.distance));
  });

  it('rollout of two uniform layers of 2 x 2', () => {
    const layer = mapOf([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    allNear(
      rollout([layer, layer]).at(-1)?.values ?? [],
      [0.625, 0.375, 0.375, 0.625],
      1e-12,
      'rollout',
    );
    assert.deepEqual(rollout([]), []);
  });

  it('words of tokens 0 and 1', () => {
    const map = mapOf([
      [0.5, 0.2, 0.3],
      [0.1, 0.6, 0.3],
      [0.2, 0.2, 0.6],
    ]);
    const words = Int32Array.of(0, 0, 1);
    const [first, second] = rowsOf(mergeWords(map, words, words));
    allNear(first ?? [], [0.7, 0.3], 1e-6, 'word 0');
    allNear(second ?? [], [0.4, 0.6], 1e-6, 'word 1');
  });

  it('heads with a pattern are told from heads without', () => {
    const [uniform, , identity, previous, first] = TABLE.map(({ map }) => map);
    assert.ok(uniform && identity && previous && first);
    assert.equal(positionalShare(identity, 0), 1);
    assert.equal(positionalShare(previous, -1), 1);
    assert.equal(positionalShare(uniform, 1), 0);
    assert.deepEqual(strongestSink(first), { key: 0, mass: 1, sinks: true });
    assert.equal(strongestSink(uniform).sinks, false);
    near(effectiveKeys(uniform), 4, 1e-6, 'effective keys');
    assert.equal(confidence(first, new Set([0])), 0);
    assert.equal(
      monotonicity(
        mapOf([
          [0, 1],
          [1, 0],
        ]),
      ),
      0.5,
    );
  });
});
