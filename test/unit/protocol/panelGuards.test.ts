import assert from 'node:assert/strict';
import type { AttentionAnswer } from '../../../src/protocol/attentionQueries';
import { MOST_MESSAGE, type HostToPanel, type PanelToHost } from '../../../src/protocol/panel';
import { parseHostMessage, parsePanelMessage } from '../../../src/protocol/panelGuards';
import { DEFAULT_PANEL_STATE, MOST_INDICES } from '../../../src/protocol/panelState';
import type { PanelStrings } from '../../../src/protocol/panelStrings';
import { SAMPLE_RUN as run } from './runSample';

const head = { kind: 'cross', layer: 1, head: 3 } as const;
const query = { type: 'query', runId: 7, seq: 3 } as const;
const FROM_PANEL: readonly PanelToHost[] = [
  { type: 'ready' },
  { ...query, name: 'head', params: head },
  { ...query, name: 'head', params: { ...head, head: -1 } },
  { ...query, name: 'similarity', params: head },
  { ...query, name: 'steps', params: {} },
  { ...query, name: 'flow', params: { flow: 'prefix', layer: 1 } },
  { ...query, name: 'model', params: {} },
  { ...query, name: 'neighbours', params: { side: 'target', index: 19 } },
  { ...query, name: 'headDetail', params: { ...head, query: 19 } },
  { ...query, name: 'cost', params: {} },
  { type: 'mark', runId: 7, side: 'source', indices: [0, 99], steps: [1, 5] },
  { type: 'mark', runId: 7, side: 'source', indices: [], steps: [] },
  { type: 'pin', runId: 7, side: 'target', indices: [19], steps: [3] },
  { type: 'reveal', runId: 7, side: 'target', index: 19 },
  { type: 'rerun', runId: 7, sentence: 1 },
  { type: 'rerun', runId: 7, sentence: -1 },
  { type: 'rerun', runId: -1 },
  { type: 'rerun', runId: 7, hypothesis: 3 },
  { type: 'rerun', runId: 7, output: 'title' },
  { type: 'sample', index: 4 },
  { type: 'export', runId: 7, format: 'csv', name: 'metrics', chunk: 1, chunks: 2, data: 'a,b' },
  {
    type: 'export',
    runId: 7,
    format: 'png',
    name: 'map',
    chunk: 0,
    chunks: 1,
    data: new Uint8Array(9),
  },
  { type: 'copy', text: '0-0 1-1' },
  { type: 'open', paper: 'jain2019' },
];

const answer = { type: 'answer', seq: 3, runId: 7 } as const;
const floats = new Float32Array(8).fill(0.5);
const ANSWERS: readonly AttentionAnswer[] = [
  { name: 'head', result: { ...head, queries: 20, keys: 100, weights: new Uint16Array(2000) } },
  { name: 'similarity', result: { distances: floats } },
  {
    name: 'steps',
    result: {
      steps: [
        {
          candidates: [{ text: 'a', probability: 0.5 }],
          chosen: { text: 'a', probability: 0.5, rank: 1 },
        },
      ],
      hypotheses: [{ text: 'a', logProbability: -1, score: -0.5 }],
      shown: 0,
    },
  },
  {
    name: 'flow',
    result: { flow: 'source', layer: 0, queries: 20, keys: 100, weights: new Uint16Array(2000) },
  },
  { name: 'neighbours', result: { neighbours: [{ text: 'b', cosine: -0.25 }] } },
  {
    name: 'cost',
    result: {
      points: [{ length: 16, selfAttention: 131072, recurrent: 4194304, encoderMilliseconds: 1.5 }],
    },
  },
];
const FROM_HOST: readonly HostToPanel[] = [
  { type: 'strings', strings: { encoder: 'e' } as PanelStrings, locale: 'ko' },
  { type: 'settings', singleKeys: false },
  { type: 'run', run },
  { type: 'run', run, state: DEFAULT_PANEL_STATE },
  ...ANSWERS.map((one) => ({ ...answer, ...one })),
  { type: 'failure', seq: 3, text: 'no' },
  { type: 'message', text: 'changed', kind: 'stale', action: 'rerun' },
  { type: 'message', text: 'hello', kind: 'info' },
  { type: 'cursor', runId: 7, indices: [99] },
  { type: 'exported', path: '/tmp/map.png' },
];

describe('messages between the host and the panel', () => {
  it('are read as they were sent, without what does not belong to them', () => {
    for (const message of FROM_PANEL) {
      const sent = { ...structuredClone(message), extra: 'x', __proto__: { type: 'other' } };
      assert.deepEqual(parsePanelMessage(sent, run), message);
    }
    for (const message of FROM_HOST) {
      assert.deepEqual(parseHostMessage({ ...structuredClone(message), extra: 1 }, run), message);
    }
  });

  it('are dropped by the host when stale, out of range, too large or none', () => {
    const flow = { ...query, name: 'flow' };
    const detail = { ...query, name: 'headDetail' };
    const mark = { type: 'mark', runId: 7, side: 'source', indices: [1], steps: [1] };
    const exporting = { type: 'export', runId: 7, format: 'csv', name: 'x', chunk: 0, chunks: 1 };
    const many = Array.from({ length: MOST_INDICES + 1 }, () => 1);
    const bad: readonly unknown[] = [
      ...[
        undefined,
        null,
        'ready',
        7,
        [],
        { type: 'other' },
        { type: { toString: () => 'ready' } },
      ],
      { ...query, name: 'head', params: head, runId: 6 },
      { ...query, name: 'toString', params: head },
      { ...query, name: 'head' },
      { ...query, name: 'head', params: { ...head, kind: 'toString' } },
      { ...query, name: 'head', params: { ...head, layer: 2 } },
      { ...query, name: 'head', params: { ...head, layer: -1 } },
      { ...query, name: 'head', params: { ...head, head: 4 } },
      { ...query, name: 'head', params: { ...head, head: -2 } },
      { ...query, name: 'head', params: { ...head, head: 0.5 } },
      { ...query, name: 'similarity', params: { ...head, head: -1 } },
      { ...query, name: 'head', params: head, seq: '3' },
      { ...query, name: 'head', params: head, seq: NaN },
      { ...flow, params: { flow: 'encoder', layer: 3 } },
      { ...flow, params: { flow: 'source', layer: 2 } },
      { ...detail, params: { ...head, query: 20 } },
      { ...detail, params: { ...head, head: -1, query: 0 } },
      { ...query, name: 'neighbours', params: { side: 'target', index: 20 } },
      { ...mark, indices: [100] },
      { ...mark, indices: [-1] },
      { ...mark, side: 'target', indices: [20] },
      { ...mark, steps: [6] },
      { ...mark, steps: [0] },
      { ...mark, steps: [] },
      { ...mark, indices: many, steps: many },
      { type: 'reveal', runId: 7, side: 'source', index: -1 },
      { type: 'reveal', runId: 7, side: 'other', index: 0 },
      { type: 'rerun', runId: 7, sentence: 2 },
      { type: 'rerun', runId: 6 },
      { type: 'rerun', runId: -1, sentence: 0 },
      { type: 'rerun', runId: -1, hypothesis: 0 },
      { type: 'rerun', runId: -1, output: 'title' },
      { type: 'rerun', runId: 7, hypothesis: 64 },
      { type: 'rerun', runId: 7, hypothesis: -1 },
      { type: 'rerun', runId: 7, output: 'explain' },
      { type: 'sample', index: 5 },
      { ...exporting, data: 7 },
      { ...exporting, format: 'exe', data: '' },
      { ...exporting, chunk: 1, data: '' },
      { ...exporting, name: 'x'.repeat(1000), data: '' },
      { ...exporting, data: new Uint8Array(MOST_MESSAGE + 1) },
      { ...exporting, data: 'x'.repeat(MOST_MESSAGE) },
      { type: 'copy', text: 'x'.repeat(MOST_MESSAGE) },
      { type: 'open', paper: 'https://example.org' },
    ];
    for (const message of bad)
      assert.equal(
        parsePanelMessage(message, run),
        undefined,
        JSON.stringify(message)?.slice(0, 99),
      );
    assert.equal(parsePanelMessage(FROM_PANEL[1], undefined), undefined);
  });

  it('are dropped by the panel when stale, malformed or none', () => {
    const bad: readonly unknown[] = [
      ...[undefined, null, 'run', 7, [], { type: 'other' }],
      { ...answer, runId: 6, ...ANSWERS[0] },
      { ...answer, name: 'head', result: ANSWERS[1]?.result },
      { ...answer, name: 'head', result: { ...ANSWERS[0]?.result, weights: [0] } },
      { type: 'run', run: { ...run, source: [{ text: 1 }] } },
      { type: 'run', run: { ...run, heads: -1 } },
      { type: 'run', run: { ...run, task: { name: 'explain', cut: false } } },
      { type: 'run', run: { ...run, hypothesis: { number: 1, count: 2, score: 0 } } },
      // A word that no token before it leads up to.
      { type: 'run', run: { ...run, source: [...run.source].reverse() } },
      { type: 'strings', strings: { encoder: 1 }, locale: 'ko' },
      { type: 'message', text: 'x', kind: 'other' },
      { type: 'cursor', runId: 7, indices: [100] },
      { type: 'cursor', runId: 6, indices: [] },
    ];
    for (const message of bad)
      assert.equal(
        parseHostMessage(message, run),
        undefined,
        JSON.stringify(message)?.slice(0, 99),
      );
    assert.equal(parseHostMessage({ ...answer, ...ANSWERS[0] }, undefined), undefined);
  });

  it('never throw, whatever single field is replaced by whatever', () => {
    const odd: readonly unknown[] = [
      ...[undefined, null, -1, 0.5, NaN, Infinity, 2 ** 60, '', '<img onerror>', true, [], {}],
      ...[() => 1, Symbol('x'), 5n, new Uint8Array(3), { length: 2 ** 31 }],
      new Proxy({}, { get: () => assert.fail('a hostile getter'), ownKeys: () => ['x'] }),
    ];
    const parsers = [
      [FROM_PANEL, parsePanelMessage],
      [FROM_HOST, parseHostMessage],
    ] as const;
    let read = 0;
    for (const [messages, parse] of parsers) {
      for (const message of messages) {
        for (const field of Object.keys(message)) {
          for (const value of odd) {
            const result = parse({ ...message, [field]: value }, run);
            if (result) read++;
          }
        }
      }
    }
    // Only texts are free: every other field that is replaced makes the message another one, or none.
    assert.ok(read > 0 && read < 100, String(read));
  });
});
