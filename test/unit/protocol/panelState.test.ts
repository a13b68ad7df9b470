import assert from 'node:assert/strict';
import {
  DEFAULT_PANEL_STATE,
  fitPanelState,
  MOST_HEADS,
  MOST_INDICES,
  parsePanelState,
  type PanelState,
} from '../../../src/protocol/panelState';
import { SAMPLE_RUN as run } from './runSample';

const head = { kind: 'cross', layer: 1, head: 3 } as const;
const STATE: PanelState = {
  ...DEFAULT_PANEL_STATE,
  ...head,
  runId: 7,
  view: 'matrix',
  heads: [head],
  pins: { side: 'target', indices: [3, 19] },
  threshold: { mode: 'cumulative', value: 0.75 },
  alignment: { layer: 1, heads: [0, 3], mode: 'output' },
  range: { from: 3, to: 9 },
  scroll: { x: 1.5, y: 20 },
  step: 19,
  flow: 'encoder',
  flowLayer: 2,
  headSearch: 'sinkMass>0.5',
};

describe('the state of the panel', () => {
  it('comes back as it was kept', () => {
    assert.deepEqual(parsePanelState(structuredClone(STATE)), STATE);
    assert.deepEqual(parsePanelState(JSON.parse(JSON.stringify(STATE))), STATE);
    assert.deepEqual(fitPanelState(STATE, run), STATE);
  });

  it('takes each bad field from the default and keeps the others', () => {
    const bad: Partial<Record<keyof PanelState, unknown>> = {
      view: '__proto__',
      kind: 3,
      head: -2,
      heads: Array.from({ length: MOST_HEADS + 1 }, () => head),
      pins: { side: 'target', indices: Array.from({ length: MOST_INDICES + 1 }, () => 0) },
      threshold: { mode: 'top', value: NaN },
      search: 'x'.repeat(100_000),
      scroll: { x: -1, y: 0 },
      range: null,
    };
    const read = parsePanelState({ ...STATE, ...bad, more: 'x'.repeat(100_000) });
    const expected: Record<string, unknown> = { ...STATE };
    for (const field of Object.keys(bad))
      expected[field] = DEFAULT_PANEL_STATE[field as keyof PanelState];
    assert.deepEqual(read, expected);
    for (const nothing of [undefined, null, 'text', 7, []])
      assert.deepEqual(parsePanelState(nothing), DEFAULT_PANEL_STATE);
  });

  it('is never larger than 16 KB', () => {
    const largest = Number.MAX_SAFE_INTEGER;
    const choice = { kind: 'encoder', layer: largest, head: largest };
    const full = parsePanelState({
      ...STATE,
      heads: Array.from({ length: MOST_HEADS }, () => choice),
      pins: { side: 'target', indices: Array.from({ length: MOST_INDICES }, () => largest) },
      alignment: {
        layer: largest,
        mode: 'input',
        heads: Array.from({ length: 64 }, () => largest),
      },
      search: '\u0001'.repeat(200),
      headSearch: '\u0001'.repeat(200),
    });
    assert.equal(full.pins.indices.length, MOST_INDICES);
    assert.equal(full.alignment.heads.length, 64);
    assert.ok(JSON.stringify(full).length <= 16_384, String(JSON.stringify(full).length));
  });

  it('forgets the places of another run, and those that the run does not have', () => {
    const other = fitPanelState({ ...STATE, runId: 6 }, run);
    assert.deepEqual(other.pins.indices, []);
    assert.deepEqual(other.range, { from: 0, to: -1 });
    assert.deepEqual(other.alignment, { ...run.alignment, heads: [] });
    assert.equal(other.step, 0);
    assert.equal(other.runId, run.runId);
    assert.equal(other.view, 'matrix');
    const outside = { ...head, layer: 2 };
    const fitted = fitPanelState(
      { ...STATE, ...outside, heads: [outside, head], pins: { side: 'target', indices: [20, 4] } },
      run,
    );
    assert.deepEqual([fitted.layer, fitted.head], [0, 0]);
    assert.deepEqual(fitted.heads, [head]);
    assert.deepEqual(fitted.pins.indices, [4]);
    assert.equal(fitPanelState({ ...STATE, flow: 'prefix' }, run).flowLayer, 1);
  });
});
