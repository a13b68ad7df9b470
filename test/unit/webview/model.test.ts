import assert from 'node:assert/strict';
import type { ModelBlock } from '../../../src/protocol/attentionQueries';
import { costLines, type ChartSize } from '../../../src/webview/model/costChart';
import { blockColumns } from '../../../src/webview/model/groups';
import { strongestKeys } from '../../../src/webview/model/keysTable';

const block = (id: string): ModelBlock => ({
  id,
  kind: 'feedForward',
  shape: [],
  parameters: 1,
  stored: 1,
});

describe('columns of the architecture', () => {
  it('keep every block once, in its order, with equal layers together', () => {
    const ids = [
      'encoder.embedding',
      'encoder.0.selfAttention',
      'encoder.0.feedForward',
      'encoder.1.selfAttention',
      'encoder.1.feedForward',
      'encoder.norm',
      'decoder.embedding',
      'decoder.0.crossAttention',
      'outputProjection',
      'softmax',
    ];
    const [encoder, decoder] = blockColumns(ids.map(block)).map(({ side, groups }) => ({
      side,
      groups: groups.map(({ blocks, layers }) => [
        ...blocks.map(({ id }) => id),
        ...layers.map((layer) => layer.map(({ id }) => id)),
      ]),
    }));
    assert.deepEqual(encoder, {
      side: 'encoder',
      groups: [
        ['encoder.embedding'],
        [
          ['encoder.0.selfAttention', 'encoder.0.feedForward'],
          ['encoder.1.selfAttention', 'encoder.1.feedForward'],
        ],
        ['encoder.norm'],
      ],
    });
    assert.deepEqual(decoder, {
      side: 'decoder',
      groups: [
        ['decoder.embedding'],
        [['decoder.0.crossAttention']],
        ['outputProjection', 'softmax'],
      ],
    });
  });
});

describe('the strongest keys', () => {
  it('come first, the earlier of equals before the later', () => {
    const weights = Float32Array.of(0.1, 0.4, 0.1, 0.4, 0);
    assert.deepEqual(strongestKeys(weights, 3), [1, 3, 0]);
    assert.deepEqual(strongestKeys(weights, 9), [1, 3, 0, 2, 4]);
  });
});

describe('lines of the cost chart', () => {
  const chart: ChartSize = {
    width: 500,
    height: 300,
    margin: { left: 40, right: 60, top: 10, bottom: 30 },
  };
  const point = (length: number, encoderMilliseconds: number) => ({
    length,
    selfAttention: length ** 2 * 512,
    recurrent: length * 512 ** 2,
    encoderMilliseconds,
  });
  const lines = costLines(512, [point(16, 8), point(512, 250)], chart);

  it('cross where there are as many tokens as channels', () => {
    const at = lines.lengths.findIndex(({ value }) => value === 512);
    for (const line of [lines.selfAttention, lines.recurrent])
      assert.ok(Math.abs((line[at]?.y ?? NaN) - lines.crossing.y) < 1e-9);
    const below = lines.lengths.slice(0, at).keys();
    for (const index of below)
      assert.ok((lines.selfAttention[index]?.y ?? 0) > (lines.recurrent[index]?.y ?? 0));
  });

  it('rise by slope two and one', () => {
    const rise = (line: typeof lines.recurrent) => (line[0]?.y ?? 0) - (line[1]?.y ?? 0);
    assert.ok(Math.abs(rise(lines.selfAttention) / rise(lines.recurrent) - 2) < 1e-9);
  });

  it('stay inside, and milliseconds have whole decades of their own', () => {
    const all = [...lines.selfAttention, ...lines.recurrent, ...lines.measured];
    for (const { x, y } of all) {
      assert.ok(x >= 40 - 1e-9 && x <= 440 + 1e-9);
      assert.ok(y >= 10 - 1e-9 && y <= 270 + 1e-9);
    }
    assert.deepEqual(
      lines.milliseconds.map(({ value }) => value),
      [1, 10, 100, 1000],
    );
    assert.deepEqual(costLines(512, [], chart).milliseconds, []);
  });
});
