import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttentionMap } from '../../../src/attention/attentionMap';
import * as entropy from '../../../src/attention/entropy';
import {
  aboveThreshold,
  cumulative,
  hideKeys,
  renormalized,
  topKeys,
} from '../../../src/attention/filters';
import type { AttentionKind, HeadMetrics } from '../../../src/attention/headMetrics';
import { headMetrics } from '../../../src/attention/headMetrics';
import * as position from '../../../src/attention/position';
import * as received from '../../../src/attention/received';
import { encoderDecoderRollout, rollout } from '../../../src/attention/rollout';
import { headDistance, jensenShannon } from '../../../src/attention/similarity';
import { maxPool } from '../../../src/attention/thumbnail';
import { mergeWords } from '../../../src/attention/words';
import { allNear, near } from './maps';

interface MapJson {
  readonly weights: number[];
  readonly queries: number;
  readonly keys: number;
  readonly causal: boolean;
  readonly queryMask?: number[];
  readonly keyMask?: number[];
}

interface Fixture {
  readonly heads: {
    readonly map: MapJson;
    readonly kind: AttentionKind;
    readonly end: number[];
    readonly special: number[];
    readonly expected: Record<keyof HeadMetrics, number | null>;
  }[];
  readonly pairs: { readonly a: MapJson; readonly b: MapJson; readonly expected: number }[];
  readonly rollouts: {
    readonly encoder: MapJson[];
    readonly self: MapJson[];
    readonly cross: MapJson[];
    readonly rollout: number[][];
    readonly both: number[][];
  };
  readonly transforms: ({ readonly map: MapJson } & Record<
    'queryWords' | 'keyWords' | 'merged' | 'top3' | 'cumulative' | 'above' | 'norms' | 'weighted',
    number[]
  > &
    Record<'hidden' | 'kept' | 'renormalized' | 'coverage' | 'pooled', number[]> &
    Record<'penalty' | 'poolSize', number>)[];
}

const fixture = JSON.parse(
  readFileSync(join(__dirname, '../../fixtures/attention/metrics.json'), 'utf8'),
) as Fixture;

function mapFrom(json: MapJson): AttentionMap {
  const { weights, queries, keys, causal, queryMask, keyMask } = json;
  return {
    weights: Float32Array.from(weights),
    queries,
    keys,
    causal,
    ...(queryMask && { queryMask: Uint8Array.from(queryMask) }),
    ...(keyMask && { keyMask: Uint8Array.from(keyMask) }),
  };
}

/** The measures one by one, under the names of the one pass over all. */
function single(
  map: AttentionMap,
  kind: AttentionKind,
  end: Set<number>,
  all: Set<number>,
): HeadMetrics {
  const cross = kind === 'cross';
  const sink = received.strongestSink(map);
  return {
    entropy: entropy.meanEntropy(map),
    normalizedEntropy: entropy.normalizedEntropy(map),
    effectiveKeys: entropy.effectiveKeys(map),
    confidence: entropy.confidence(map, end),
    previous: cross ? NaN : position.offsetMass(map, -1),
    self: cross ? NaN : position.offsetMass(map, 0),
    next: cross ? NaN : position.offsetMass(map, 1),
    previousShare: cross ? NaN : position.positionalShare(map, -1),
    nextShare: cross ? NaN : position.positionalShare(map, 1),
    diagonality: position.diagonality(map, cross),
    uniformDiagonality: position.diagonality(position.uniformMap(map), cross),
    monotonicity: position.monotonicity(map),
    distance: cross ? NaN : position.attentionDistance(map),
    sinkKey: sink.key,
    sinkMass: sink.mass,
    specialMass: received.massOn(map, all),
    firstMass: received.massOn(map, new Set([0])),
  };
}

describe('attention, against NumPy', () => {
  it('every measure of every head, one by one and in one pass', () => {
    assert.ok(fixture.heads.length >= 30);
    for (const { map: json, kind, end, special, expected } of fixture.heads) {
      const map = mapFrom(json);
      const sets = { end: new Set(end), all: new Set(special) };
      const together = headMetrics(map, kind, sets);
      const apart = single(map, kind, sets.end, sets.all);
      const names = Object.keys(expected) as (keyof HeadMetrics)[];
      assert.deepEqual(names.toSorted(), Object.keys(together).toSorted());
      for (const name of names) {
        const where = `${name} of ${kind} ${map.queries} x ${map.keys}`;
        near(together[name], expected[name], 1e-6, where);
        near(apart[name], expected[name], 1e-6, `${where}, by itself`);
      }
    }
  });

  it('the similarity of heads', () => {
    for (const { a, b, expected } of fixture.pairs) {
      const [left, right] = [mapFrom(a), mapFrom(b)];
      near(jensenShannon(left, right), expected, 1e-6, 'divergence');
      near(jensenShannon(right, left), expected, 1e-6, 'divergence, the other way round');
      near(headDistance(left, right), Math.sqrt(Math.max(0, expected)), 1e-3, 'distance');
      assert.equal(headDistance(left, left), 0);
    }
  });

  it('rollouts, layer by layer', () => {
    const { encoder, self, cross, rollout: wanted, both } = fixture.rollouts;
    const results = rollout(encoder.map(mapFrom));
    assert.equal(results.length, wanted.length);
    results.forEach((result, i) => allNear(result.values, wanted[i] ?? [], 1e-6, `rollout ${i}`));
    const last = results.at(-1) ?? assert.fail();
    const layers = self.map((map, i) => ({
      self: mapFrom(map),
      cross: mapFrom(cross[i] ?? assert.fail()),
    }));
    const joint = encoderDecoderRollout(last, layers);
    assert.equal(joint.length, both.length);
    joint.forEach((result, i) => allNear(result.values, both[i] ?? [], 1e-6, `both ${i}`));
  });

  it('filters, words, coverage, norms and pooling', () => {
    for (const one of fixture.transforms) {
      const map = mapFrom(one.map);
      const words = mergeWords(map, Int32Array.from(one.queryWords), Int32Array.from(one.keyWords));
      allNear(words.weights, one.merged, 1e-6, 'merged');
      allNear(topKeys(map, 3).map.weights, one.top3, 1e-6, 'top 3');
      allNear(cumulative(map).map.weights, one.cumulative, 1e-6, 'cumulative');
      allNear(aboveThreshold(map, 0.1).map.weights, one.above, 1e-6, 'threshold');
      const hidden = hideKeys(map, new Set(one.hidden));
      allNear(hidden.kept, one.kept, 1e-6, 'kept');
      allNear(renormalized(hidden).map.weights, one.renormalized, 1e-6, 'renormalized');
      const norms = Float32Array.from(one.norms);
      allNear(received.valueWeighted(map, norms).weights, one.weighted, 1e-6, 'norms');
      const covered = received.coverage(map);
      allNear(covered, one.coverage, 1e-6, 'coverage');
      const penalty = received.coveragePenalty(covered);
      near(penalty, one.penalty, 1e-6 * Math.max(1, Math.abs(one.penalty)), 'penalty');
      allNear(maxPool(map, one.poolSize).values, one.pooled, 1e-6, 'pooled');
    }
  });
});
