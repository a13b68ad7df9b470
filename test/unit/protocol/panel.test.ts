import assert from 'node:assert/strict';
import {
  ATTENTION_KINDS,
  layersOf,
  mapIndex,
  mapShape,
  parsePanelMessage,
  thumbnailShape,
  type AttentionRun,
  type PanelToken,
} from '../../../src/protocol/panel';

function tokens(count: number): PanelToken[] {
  return Array.from({ length: count }, () => ({ text: 'a', start: 0, end: 1, special: false }));
}

const run: AttentionRun = {
  runId: 7,
  modelName: 'tiny',
  encoderLayers: 3,
  decoderLayers: 2,
  heads: 4,
  targetText: '',
  source: tokens(100),
  target: tokens(20),
  thumbnails: new Uint8Array(),
  metrics: new Float32Array(),
};

describe('the panel contract', () => {
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

  it('knows shapes: queries and keys by kind, thumbnails of at most 64 cells a side', () => {
    assert.deepEqual(mapShape(run, 'encoder'), { queries: 100, keys: 100 });
    assert.deepEqual(mapShape(run, 'decoder'), { queries: 20, keys: 20 });
    assert.deepEqual(mapShape(run, 'cross'), { queries: 20, keys: 100 });
    assert.deepEqual(thumbnailShape(run, 'encoder'), { rows: 64, columns: 64, offset: 0 });
    const decoder = { rows: 20, columns: 20, offset: 12 * 64 * 64 };
    assert.deepEqual(thumbnailShape(run, 'decoder'), decoder);
    const cross = { rows: 20, columns: 64, offset: decoder.offset + 8 * 20 * 20 };
    assert.deepEqual(thumbnailShape(run, 'cross'), cross);
  });

  it('reads messages of the webview', () => {
    assert.deepEqual(parsePanelMessage({ type: 'ready' }, undefined), { type: 'ready' });
    const head = { type: 'getHead', runId: 7, seq: 3, kind: 'cross', layer: 1, head: 3 };
    assert.deepEqual(parsePanelMessage(head, run), head);
    const mark = { type: 'mark', runId: 7, index: -1 };
    assert.deepEqual(parsePanelMessage({ ...mark, extra: 'x' }, run), mark);
    const reveal = { type: 'reveal', runId: 7, index: 99 };
    assert.deepEqual(parsePanelMessage(reveal, run), reveal);
  });

  it('drops what is stale, out of range or no message', () => {
    const head = { type: 'getHead', runId: 7, seq: 3, kind: 'cross', layer: 1, head: 3 };
    const bad: unknown[] = [
      undefined,
      null,
      'ready',
      [],
      { type: 'other' },
      { ...head, runId: 6 },
      { ...head, kind: 'toString' },
      { ...head, layer: 2 },
      { ...head, layer: -1 },
      { ...head, head: 4 },
      { ...head, head: 0.5 },
      { ...head, seq: '3' },
      { ...head, seq: NaN },
      { type: 'mark', runId: 7, index: 100 },
      { type: 'reveal', runId: 7, index: -2 },
    ];
    for (const message of bad)
      assert.equal(parsePanelMessage(message, run), undefined, JSON.stringify(message));
    assert.equal(parsePanelMessage(head, undefined), undefined);
  });
});
