import { deepEqual, equal, ok } from 'node:assert/strict';
import type { AttentionMap } from '../../../src/attention/attentionMap';
import type { PanelState } from '../../../src/protocol/panelState';
import {
  labelsOf,
  markedQueries,
  meanKept,
  shownMap,
  shownRow,
} from '../../../src/webview/shownMap';
import { seeded } from '../../panel/random';
import { syntheticMap, syntheticRun, words } from '../../panel/syntheticRun';

const run = syntheticRun({
  runId: 1,
  encoderLayers: 1,
  decoderLayers: 1,
  heads: 1,
  source: words(9),
  target: words(7),
});
const KINDS = ['encoder', 'decoder', 'cross'] as const;
type Filters = Pick<PanelState, 'specials' | 'threshold' | 'words' | 'rows'>;
const NONE: Filters = {
  specials: 'show',
  threshold: { mode: 'none', value: 0 },
  words: false,
  rows: 'predicted',
};

function rowSums(map: AttentionMap): number[] {
  return Array.from({ length: map.queries }, (_, query) =>
    map.weights.subarray(query * map.keys, (query + 1) * map.keys).reduce((a, b) => a + b, 0),
  );
}

describe('a map through the filters', () => {
  for (const kind of KINDS) {
    const map = syntheticMap(run, kind, 0, 0);

    it(`is untouched without any: ${kind}`, () => {
      const shown = shownMap(map, kind, run, NONE);
      equal(shown.map, map);
      equal(meanKept(shown), 1);
      equal(shown.queryLabels.length, map.queries);
      equal(shown.keyLabels.length, map.keys);
    });

    it(`has rows that add up to 1 after words and renormalizing: ${kind}`, () => {
      for (const specials of ['show', 'dim', 'renormalize'] as const)
        for (const merged of [false, true]) {
          const shown = shownMap(map, kind, run, { ...NONE, specials, words: merged });
          rowSums(shown.map).forEach((sum, query) => {
            const blanked = specials === 'renormalize' && (shown.excluded[query] ?? 0) > 0.9;
            const wanted = blanked ? 0 : 1;
            ok(Math.abs(sum - wanted) < 1e-5, `${specials} ${merged} row ${query}: ${sum}`);
          });
        }
    });

    it(`says of each row what is left and what special tokens take: ${kind}`, () => {
      const shown = shownMap(map, kind, run, { ...NONE, specials: 'hide' });
      rowSums(shown.map).forEach((sum, query) => {
        ok(Math.abs(sum - (shown.kept[query] ?? 0)) < 1e-5);
        ok(Math.abs(sum + (shown.excluded[query] ?? 0) - 1) < 1e-5);
      });
      const dimmed = shownMap(map, kind, run, { ...NONE, specials: 'dim' });
      deepEqual(
        [...dimmed.dimmed],
        dimmed.keyLabels.map((label) => (label.special ? 1 : 0)),
      );
    });
  }

  it('keeps at least the share asked for, and no more than so many keys', () => {
    const map = syntheticMap(run, 'encoder', 0, 0);
    const random = seeded(5);
    for (let round = 0; round < 20; round++) {
      const share = 0.1 + 0.8 * random();
      const most = shownMap(map, 'encoder', run, {
        ...NONE,
        threshold: { mode: 'cumulative', value: share },
      });
      ok(most.kept.every((kept) => kept >= share - 1e-6));
    }
    const top = shownMap(map, 'encoder', run, { ...NONE, threshold: { mode: 'top', value: 2 } });
    for (let query = 0; query < map.queries; query++) {
      const row = top.map.weights.subarray(query * map.keys, (query + 1) * map.keys);
      equal(row.filter((weight) => weight > 0).length, 2);
    }
    const least = shownMap(map, 'encoder', run, {
      ...NONE,
      threshold: { mode: 'absolute', value: 0.1 },
    });
    ok(least.map.weights.every((weight) => weight === 0 || weight >= 0.1));
  });

  it('merges the tokens of a word into one line, whatever the order of the filters', () => {
    const labels = labelsOf(run.source, true);
    deepEqual(
      labels.flatMap(({ tokens }) => tokens),
      run.source.map((_, index) => index),
    );
    ok(labels.some(({ tokens }) => tokens.length > 1));
    const map = syntheticMap(run, 'encoder', 0, 0);
    const hidden = shownMap(map, 'encoder', run, { ...NONE, specials: 'hide', words: true });
    const merged = shownMap(map, 'encoder', run, { ...NONE, words: true });
    hidden.map.weights.forEach((weight, at) => {
      const special = hidden.keyLabels[at % hidden.map.keys]?.special === true;
      equal(weight, special ? 0 : merged.map.weights[at]);
    });
  });

  it('knows how far each query sees, in words too', () => {
    const map = syntheticMap(run, 'decoder', 0, 0);
    const tokens = shownMap(map, 'decoder', run, NONE);
    deepEqual(
      [...tokens.reach],
      [...tokens.reach.keys()].map((query) => query + 1),
    );
    const merged = shownMap(map, 'decoder', run, { ...NONE, words: true });
    merged.reach.forEach((reach, query) => {
      const row = merged.map.weights.subarray(
        query * merged.map.keys,
        (query + 1) * merged.map.keys,
      );
      ok(row.every((weight, key) => weight === 0 || key < reach));
      ok((row[reach - 1] ?? 0) > 0, 'the last of them has some weight');
    });
    const hidden = shownMap(map, 'decoder', run, { ...NONE, specials: 'hide' });
    deepEqual(
      [...hidden.visible],
      [...tokens.visible].map((count) => count - 1),
    );
    const cross = shownMap(syntheticMap(run, 'cross', 0, 0), 'cross', run, NONE);
    ok(cross.reach.every((reach) => reach === cross.map.keys));
  });

  it('marks the token that a row predicts, which is the next input', () => {
    const { queryLabels } = shownMap(syntheticMap(run, 'cross', 0, 0), 'cross', run, NONE);
    const marked = queryLabels.map((label) => markedQueries(run, 'cross', label, 'predicted'));
    deepEqual(marked[0], [1]);
    deepEqual(marked.at(-1), []);
    const [first] = queryLabels;
    equal(first?.text, run.target[1]?.text.trim());
  });

  it('names rows by what they read if that is wanted, and marks just that', () => {
    for (const kind of ['decoder', 'cross'] as const) {
      const map = syntheticMap(run, kind, 0, 0);
      const { queryLabels, rows } = shownMap(map, kind, run, { ...NONE, rows: 'input' });
      equal(rows, 'input');
      deepEqual(
        queryLabels.map(({ text }) => text),
        labelsOf(run.target, false).map(({ text }) => text),
      );
      queryLabels.forEach((label, row) =>
        deepEqual(markedQueries(run, kind, label, 'input'), [row]),
      );
    }
  });

  it('filters a row by itself as it does the row of a map', () => {
    const map = syntheticMap(run, 'cross', 0, 0);
    for (const specials of ['show', 'dim', 'hide', 'renormalize'] as const) {
      for (const threshold of [
        NONE.threshold,
        { mode: 'top', value: 2 },
        { mode: 'absolute', value: 0.1 },
        { mode: 'cumulative', value: 0.6 },
      ] as const) {
        const whole = shownMap(map, 'cross', run, { ...NONE, specials, threshold });
        for (let query = 0; query < map.queries; query++) {
          const [from, to] = [query * map.keys, (query + 1) * map.keys];
          const filters = { specials, threshold };
          const row = shownRow(map.weights.slice(from, to), run.source, filters);
          deepEqual(row.weights, whole.map.weights.slice(from, to));
          equal(row.kept, whole.kept[query]);
        }
      }
    }
  });
});
