/** One message of every kind in both directions, and what becomes of them when somebody tampers with them. */
import type { AttentionRun } from '../../src/protocol/attentionRun';
import type { AttentionQuery } from '../../src/protocol/attentionQueries';
import {
  EXPORT_FORMATS,
  PAPERS,
  type HostToPanel,
  type PanelToHost,
} from '../../src/protocol/panel';
import { DEFAULT_PANEL_STATE } from '../../src/protocol/panelState';
import { syntheticAnswer } from './syntheticAnswers';

export function queriesOf({ runId, decoderLayers, heads }: AttentionRun): AttentionQuery[] {
  const head = { kind: 'cross', layer: decoderLayers - 1, head: heads - 1 } as const;
  return [
    { runId, name: 'head', params: head },
    { runId, name: 'head', params: { ...head, head: -1 } },
    { runId, name: 'steps', params: {} },
    { runId, name: 'flow', params: { flow: 'source', layer: 0 } },
    { runId, name: 'similarity', params: head },
    { runId, name: 'model', params: {} },
    { runId, name: 'neighbours', params: { side: 'target', index: 1 } },
    { runId, name: 'headDetail', params: { ...head, query: 1 } },
    { runId, name: 'cost', params: {} },
  ];
}

export function panelMessages(run: AttentionRun): PanelToHost[] {
  const { runId } = run;
  const marks = { runId, side: 'source', indices: [0, 2], steps: [1, 5] } as const;
  return [
    { type: 'ready' },
    ...queriesOf(run).map((query, seq) => ({ type: 'query' as const, seq, ...query })),
    { type: 'mark', ...marks },
    { type: 'mark', ...marks, indices: [], steps: [] },
    { type: 'pin', ...marks, side: 'target' },
    { type: 'reveal', runId, side: 'target', index: run.target.length - 1 },
    { type: 'rerun', runId },
    { type: 'rerun', runId, sentence: 0 },
    { type: 'rerun', runId: -1 },
    { type: 'sample', index: 4 },
    ...EXPORT_FORMATS.map((format, chunk) => ({
      type: 'export' as const,
      runId,
      format,
      name: 'map',
      chunk,
      chunks: EXPORT_FORMATS.length,
      data: format === 'png' ? new Uint8Array(3) : 'text',
    })),
    { type: 'copy', text: 'text' },
    ...PAPERS.map((paper) => ({ type: 'open' as const, paper })),
  ];
}

/** Without `strings`, which come once at the start and come from the extension's own files. */
export function hostMessages(run: AttentionRun): HostToPanel[] {
  const { runId } = run;
  return [
    { type: 'settings', singleKeys: true },
    { type: 'run', run },
    { type: 'run', run, state: { ...DEFAULT_PANEL_STATE, runId, view: 'matrix' } },
    ...queriesOf(run).map((query, seq) => ({
      type: 'answer' as const,
      seq,
      runId,
      ...syntheticAnswer(run, query),
    })),
    { type: 'failure', seq: 1, text: 'It failed.' },
    { type: 'message', kind: 'info', text: 'Text.' },
    { type: 'message', kind: 'stale', text: 'Text.', action: 'rerun' },
    { type: 'message', kind: 'gone', text: 'Text.', action: 'recompute' },
    { type: 'cursor', runId, indices: [1, 2] },
    { type: 'exported', path: 'map.csv' },
  ];
}

type Random = () => number;

const ODD: readonly unknown[] = [
  undefined,
  null,
  true,
  '',
  'ready',
  '<img src=x onerror=alert(1)>',
  '__proto__',
  'x'.repeat(2 ** 16),
  0,
  -1,
  -0,
  0.5,
  1e9,
  2 ** 53,
  NaN,
  Infinity,
  [],
  [[]],
  {},
  { length: 3 },
  new Uint8Array(2),
  new Float32Array([NaN]),
  new ArrayBuffer(4),
  new Date(0),
  new Map([['type', 'ready']]),
];

/** A copy with one to three changes anywhere in it: a value replaced, left out, doubled, or moved. */
export function tampered(value: unknown, random: Random): unknown {
  const root = { value: structuredClone(value) };
  const changes = 1 + Math.floor(random() * 3);
  for (let change = 0; change < changes; change++) {
    const places = placesIn(root);
    const [holder, key] = places[Math.floor(random() * places.length)] ?? [root, 'value'];
    const [other, otherKey] = places[Math.floor(random() * places.length)] ?? [root, 'value'];
    switch (Math.floor(random() * 4)) {
      case 0:
        Reflect.deleteProperty(holder, key);
        break;
      case 1:
        Reflect.set(holder, key, structuredClone(Reflect.get(other, otherKey)));
        break;
      default:
        Reflect.set(holder, key, ODD[Math.floor(random() * ODD.length)]);
    }
  }
  return root.value;
}

/** Every field at any depth; of long lists the first few. */
function placesIn(root: object): [object, string][] {
  const places: [object, string][] = [];
  const visit = (holder: object): void => {
    const keys = ArrayBuffer.isView(holder) ? [] : Object.keys(holder).slice(0, 24);
    for (const key of keys) {
      places.push([holder, key]);
      const inner: unknown = Reflect.get(holder, key);
      if (typeof inner === 'object' && inner !== null) visit(inner);
    }
  };
  visit(root);
  return places;
}
