import assert from 'node:assert/strict';
import { encodeHalf } from '../../../src/attention/half';
import {
  ATTENTION_KINDS,
  HEAD_METRICS,
  layersOf,
  mapIndex,
  mapShape,
  metricOf,
  thumbnailShape,
  valueNormsOf,
} from '../../../src/protocol/attentionRun';
import { SAMPLE_RUN as run, tokens } from './runSample';

describe('an attention run', () => {
  it('gives every head a place of its own, without gaps', () => {
    const places = ATTENTION_KINDS.flatMap((kind) =>
      Array.from({ length: layersOf(run, kind) * run.heads }, (_, i) =>
        mapIndex(run, kind, Math.floor(i / run.heads), i % run.heads),
      ),
    );
    assert.deepEqual(
      places,
      places.map((_, i) => i),
    );
    assert.equal(places.length, (3 + 2 + 2) * 4);
  });

  it('knows shapes: queries and keys by kind, thumbnails of at most so many cells a side', () => {
    assert.deepEqual(mapShape(run, 'encoder'), { queries: 100, keys: 100 });
    assert.deepEqual(mapShape(run, 'decoder'), { queries: 20, keys: 20 });
    assert.deepEqual(mapShape(run, 'cross'), { queries: 20, keys: 100 });
    assert.deepEqual(thumbnailShape(run, 'encoder'), { rows: 64, columns: 64, offset: 0 });
    const decoder = { rows: 20, columns: 20, offset: 12 * 64 * 64 };
    assert.deepEqual(thumbnailShape(run, 'decoder'), decoder);
    const cross = { rows: 20, columns: 64, offset: decoder.offset + 8 * 20 * 20 };
    assert.deepEqual(thumbnailShape(run, 'cross'), cross);
    const small = thumbnailShape({ ...run, thumbnailSide: 16 }, 'cross');
    assert.deepEqual(small, { rows: 16, columns: 16, offset: 20 * 256 });
  });

  it('finds a metric and the norms of a head, or of the mean of a layer', () => {
    const small = { ...run, heads: 2, source: tokens(2), target: tokens(3) };
    const maps = (3 + 2 + 2) * 2;
    const metrics = Float32Array.from({ length: maps * HEAD_METRICS.length }, (_, i) => i);
    const found = metricOf({ ...small, metrics }, 'cross', 1, 1, 'confidence');
    assert.equal(found, 13 * HEAD_METRICS.length + HEAD_METRICS.indexOf('confidence'));
    // 6 encoder maps of 2 keys, 4 decoder maps of 3, 4 cross maps of 2.
    const valueNorms = encodeHalf(Float32Array.from({ length: 32 }, (_, i) => i));
    const norms = (kind: (typeof ATTENTION_KINDS)[number], layer: number, head: number) => [
      ...valueNormsOf({ ...small, valueNorms }, kind, layer, head),
    ];
    assert.deepEqual(norms('encoder', 0, 1), [2, 3]);
    assert.deepEqual(norms('decoder', 1, 0), [18, 19, 20]);
    assert.deepEqual(norms('cross', 1, 1), [30, 31]);
    assert.deepEqual(norms('cross', 1, -1), [29, 30]);
  });
});
