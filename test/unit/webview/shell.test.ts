import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { isCancelled } from '../../../src/common/errors';
import type { PanelToHost } from '../../../src/protocol/panel';
import { DEFAULT_PANEL_STATE, MOST_INDICES } from '../../../src/protocol/panelState';
import { marks } from '../../../src/webview/editorLink';
import { fill, formatWeight } from '../../../src/webview/format';
import { MOST_ANSWERS, QueryClient } from '../../../src/webview/queryClient';
import { gridAction } from '../../../src/webview/shell/gridKeys';
import { keptState, onlyHead, shownHeads, toggledHead } from '../../../src/webview/state';
import { syntheticRun, words } from '../../panel/syntheticRun';

const run = syntheticRun({
  runId: 3,
  encoderLayers: 6,
  decoderLayers: 2,
  heads: 8,
  source: words(4),
  target: words(4),
});

type Query = Extract<PanelToHost, { type: 'query' }>;

function client(): { queries: QueryClient; sent: Query[] } {
  const sent: Query[] = [];
  const queries = new QueryClient((message) => {
    if (message.type === 'query') sent.push(message);
  });
  queries.reset(3);
  return { queries, sent };
}

const head = (index: number) =>
  ({ kind: 'encoder', layer: Math.floor(index / 8), head: index % 8 }) as const;
const answer = (index: number) => ({
  ...head(index),
  queries: 1,
  keys: 1,
  weights: Uint16Array.of(index),
});

describe('questions to the engine', () => {
  it('are asked once and answered by their number', async () => {
    const { queries, sent } = client();
    const [first, again, other] = [
      queries.ask('head', head(1)),
      queries.ask('head', head(1)),
      queries.ask('head', head(2)),
    ];
    equal(sent.length, 2);
    const [one, two] = sent;
    ok(one && two);
    queries.answer({ type: 'answer', seq: two.seq, runId: 3, name: 'head', result: answer(2) });
    queries.answer({ type: 'answer', seq: one.seq, runId: 3, name: 'head', result: answer(1) });
    deepEqual((await first).weights, Uint16Array.of(1));
    equal(await again, await first);
    deepEqual((await other).weights, Uint16Array.of(2));
  });

  it('are off when another run is shown, and late answers are dropped', async () => {
    const { queries, sent } = client();
    const old = queries.ask('head', head(1));
    queries.reset(4);
    await rejects(old, isCancelled);
    const now = queries.ask('head', head(1));
    const [first, second] = sent;
    ok(first && second);
    equal(second.runId, 4);
    queries.answer({ type: 'answer', seq: second.seq, runId: 3, name: 'head', result: answer(1) });
    queries.answer({ type: 'answer', seq: second.seq, runId: 4, name: 'head', result: answer(5) });
    deepEqual((await now).weights, Uint16Array.of(5));
  });

  it('may be asked again after a failure', async () => {
    const { queries, sent } = client();
    const failed = queries.ask('head', head(1));
    queries.fail(sent[0]?.seq ?? -1, 'no');
    await rejects(failed, /no/);
    void queries.ask('head', head(1)).catch(() => undefined);
    equal(sent.length, 2);
  });

  it('keep the answers that were used last, and no more than 64', () => {
    const { queries, sent } = client();
    const ask = (index: number) => void queries.ask('head', head(index)).catch(() => undefined);
    for (let index = 0; index < MOST_ANSWERS; index++) ask(index);
    ask(0);
    equal(sent.length, MOST_ANSWERS);
    ask(MOST_ANSWERS);
    ask(0);
    equal(sent.length, MOST_ANSWERS + 1, 'the first was used again and is still there');
    ask(1);
    equal(sent.length, MOST_ANSWERS + 2, 'the second was not');
  });
});

describe('marks for the editor', () => {
  it('are five steps, equal in the square root, light ones left out', () => {
    const { indices, steps } = marks(1, 'source', [4, 5, 6, 7], [0.009, 0.03, 1, 0.25]);
    deepEqual(indices, [6, 7, 5]);
    deepEqual(steps, [5, 3, 1]);
    deepEqual(marks(1, 'target', [], []), { runId: 1, side: 'target', indices: [], steps: [] });
  });

  it('are no more than the host takes, the heaviest first', () => {
    const many = Array.from({ length: 900 }, (_, index) => index);
    const weights = many.map((index) => 0.02 + index / 1000);
    const { indices, steps } = marks(1, 'source', many, weights);
    equal(indices.length, MOST_INDICES);
    equal(steps.length, MOST_INDICES);
    equal(indices[0], 899);
    ok(steps.every((step) => step >= 1 && step <= 5));
  });
});

describe('the heads that are shown', () => {
  const state = { ...DEFAULT_PANEL_STATE, kind: 'encoder' as const, layer: 1, head: 2 };
  const at = (layer: number, one: number) => ({ kind: 'encoder', layer, head: one }) as const;

  it('are the one in focus, or up to four of its kind', () => {
    deepEqual(shownHeads(state), [at(1, 2)]);
    const two = { ...state, ...toggledHead(state, at(0, 0)) };
    deepEqual(shownHeads(two), [at(1, 2), at(0, 0)]);
    deepEqual([two.layer, two.head], [0, 0]);
    let many = two;
    for (const one of [1, 3, 4]) many = { ...many, ...toggledHead(many, at(5, one)) };
    equal(shownHeads(many).length, 4);
    deepEqual(shownHeads(many).at(-1), at(5, 4));
  });

  it('begin anew with another kind, and the last one stays', () => {
    const cross = { kind: 'cross', layer: 0, head: 1 } as const;
    deepEqual(shownHeads({ ...state, ...toggledHead(state, cross) }), [cross]);
    deepEqual(toggledHead(state, at(1, 2)), {});
    const two = { ...state, ...toggledHead(state, at(0, 0)) };
    deepEqual(shownHeads({ ...two, ...toggledHead(two, at(0, 0)) }), [at(1, 2)]);
    deepEqual(onlyHead(at(3, 3)), { ...at(3, 3), heads: [], average: false });
  });

  it('are kept by the editor without any text', () => {
    const kept = keptState({ ...state, search: 'secret' });
    ok(!JSON.stringify(kept).includes('secret'));
    ok(
      JSON.stringify(
        keptState({
          ...state,
          pins: { side: 'source', indices: Array.from({ length: 5000 }, (_, i) => i) },
        }),
      ).length <=
        16 * 1024,
    );
  });
});

describe('keys inside a grid', () => {
  const state = { ...DEFAULT_PANEL_STATE, kind: 'decoder' as const, layer: 1, head: 7 };
  const change = (key: string) => {
    const action = gridAction(key, state, run);
    return action && 'change' in action ? action.change : undefined;
  };

  it('go around heads, layers and kinds', () => {
    equal(change(']')?.head, 0);
    equal(change('[')?.head, 6);
    equal(change('}')?.layer, 0);
    equal(change('{')?.layer, 0);
    deepEqual([change('k')?.kind, change('K')?.layer], ['cross', 1]);
  });

  it('change filters and open what the shell has; all others are left alone', () => {
    equal(change('s')?.specials, 'dim');
    equal(change('W')?.words, true);
    deepEqual(gridAction('/', state, run), { command: 'search' });
    deepEqual(gridAction('e', state, run), { command: 'export' });
    deepEqual(gridAction('?', state, run), { command: 'help' });
    for (const key of ['a', 'Enter', 'Escape', 'Tab', 'p', 'ArrowLeft', ' '])
      equal(gridAction(key, state, run), undefined, key);
  });
});

describe('texts', () => {
  it('are filled in by number', () => {
    equal(fill('{1} of {0}, {0}', 'a', 2), '2 of a, a');
    equal(fill('{0} {2}', 'a'), 'a {2}');
  });

  it('have weights with three significant digits', () => {
    equal(formatWeight(0.123456, 'en'), '0.123');
    equal(formatWeight(0.00123456, 'en'), '0.00123');
    equal(formatWeight(0.0000123456, 'en'), '1.23e-5');
    equal(formatWeight(0, 'en'), '0');
  });
});
