import { deepEqual, equal, ok } from 'node:assert/strict';
import { HEAD_METRICS, type HeadMetric } from '../../../src/protocol/attentionRun';
import { badgesOf } from '../../../src/webview/overview/badges';
import { blockLayout, cellAt, cellPlace } from '../../../src/webview/overview/block';
import { metricRows } from '../../../src/webview/overview/describe';
import { parseHeadQuery, type HeadValues } from '../../../src/webview/overview/headQuery';
import { orderedHeads } from '../../../src/webview/overview/order';
import { syntheticRun, words } from '../../panel/syntheticRun';

const metrics =
  (values: Partial<Record<HeadMetric, number>>) =>
  (name: HeadMetric): number =>
    values[name] ?? NaN;

describe('badges', () => {
  it('come from the metrics, each by its threshold', () => {
    deepEqual(badgesOf(metrics({ previousShare: 0.9 }), false), ['previous']);
    deepEqual(badgesOf(metrics({ previous: 0.51, previousShare: 0.2 }), false), ['previous']);
    deepEqual(badgesOf(metrics({ nextShare: 0.89, next: 0.4 }), false), []);
    deepEqual(badgesOf(metrics({ next: 0.6 }), false), ['next']);
    deepEqual(badgesOf(metrics({ self: 0.7 }), false), ['self']);
    deepEqual(badgesOf(metrics({ sinkMass: 0.31, normalizedEntropy: 0.95 }), false), [
      'sink',
      'diffuse',
    ]);
    deepEqual(badgesOf(metrics({ sinkMass: 0.3, normalizedEntropy: 0.9 }), false), []);
  });

  it('call a cross head an aligner if it looks sharply at words', () => {
    const sharp = { confidence: 0.6, specialMass: 0.2 };
    deepEqual(badgesOf(metrics(sharp), true), ['aligner']);
    deepEqual(badgesOf(metrics(sharp), false), []);
    deepEqual(badgesOf(metrics({ ...sharp, specialMass: 0.5 }), true), []);
  });

  it('say nothing of metrics that do not apply', () => {
    deepEqual(badgesOf(metrics({}), true), []);
  });
});

describe('a search for heads', () => {
  const values: HeadValues = (name) =>
    ({ sinkMass: 0.6, entropy: 1.25, layer: 2, head: 5, previous: NaN })[name as string] ?? 0;
  const matches = (text: string): boolean | undefined => parseHeadQuery(text)?.(values);

  it('compares metrics by name, by its beginning and by its short name', () => {
    equal(matches('sink>0.5'), true);
    equal(matches('sinkMass <= .5'), false);
    equal(matches('ENTROPY>=1.25'), true);
    equal(matches('mono < 1'), true);
    equal(matches('entropy = 1.25'), true);
  });

  it('joins comparisons, and counts layers and heads from 1', () => {
    equal(matches('layer=2 & head=5'), true);
    equal(matches('layer=2, head=4'), false);
    equal(matches('sink > 0.5 and entropy < 1'), false);
  });

  it('never matches by a metric that does not apply, and always without a text', () => {
    equal(matches('prev>0'), false);
    equal(matches('prev<=1'), false);
    equal(matches('   '), true);
  });

  it('is refused if it is none', () => {
    for (const text of [
      'sink',
      'sink>',
      '>0.5',
      'p>0.5',
      'colour>1',
      'sink>0.5 &',
      'sink>a',
      '1<sink',
    ])
      equal(parseHeadQuery(text), undefined, text);
  });
});

describe('the order of heads', () => {
  const run = syntheticRun({
    runId: 1,
    encoderLayers: 3,
    decoderLayers: 2,
    heads: 4,
    source: words(6),
    target: words(6),
  });

  it('is by layer and head, by a metric, or by the distance to one', () => {
    const plain = orderedHeads(run, 'encoder', 'position', undefined);
    deepEqual(plain[5], { kind: 'encoder', layer: 1, head: 1 });
    equal(plain.length, 12);
    const rows = new Map(
      metricRows(run, plain).map((row) => [`${row[1]}.${row[2]}`, row.slice(3).map(Number)]),
    );
    const entropies = orderedHeads(run, 'encoder', 'entropy', undefined).map(
      ({ layer, head }) => rows.get(`${layer + 1}.${head + 1}`)?.[HEAD_METRICS.indexOf('entropy')],
    );
    deepEqual(
      entropies,
      [...entropies].sort((a, b) => (b ?? 0) - (a ?? 0)),
    );
    const distances = Float32Array.from({ length: 12 }, (_, index) => Math.abs(index - 7));
    const near = orderedHeads(run, 'encoder', 'similarity', distances);
    deepEqual(near[0], { kind: 'encoder', layer: 1, head: 3 });
    deepEqual(near.at(-1), { kind: 'encoder', layer: 0, head: 0 });
  });

  it('puts heads last to which the metric does not apply, and loses none', () => {
    const heads = orderedHeads(run, 'cross', 'previous', undefined);
    equal(heads.length, 8);
    deepEqual(heads, orderedHeads(run, 'cross', 'position', undefined));
  });
});

describe('where heads stand', () => {
  it('is found again from every point of a picture, and nowhere else', () => {
    const layout = blockLayout(6, 8, 48);
    for (let row = 0; row < 6; row++)
      for (let column = 0; column < 8; column++) {
        const [x, y] = cellPlace(layout, row, column);
        deepEqual(cellAt(layout, x, y), { row, column });
        deepEqual(cellAt(layout, x + 47, y + 47), { row, column });
        ok(x + 48 <= layout.width && y + 48 <= layout.height);
      }
    equal(cellAt(layout, 2, 100), undefined);
    equal(cellAt(layout, layout.width + 5, 100), undefined);
  });
});
