import { deepEqual, equal, ok } from 'node:assert/strict';
import type { AttentionMap } from '../../../src/attention/attentionMap';
import { LinkBudget, strongestLinks } from '../../../src/webview/text/links';

/** Rows of pseudo-random weights that add up to 1. */
function randomMap(queries: number, keys: number, seed: number, causal = false): AttentionMap {
  let state = seed;
  const weights = new Float32Array(queries * keys);
  for (let query = 0; query < queries; query++) {
    let sum = 0;
    for (let key = 0; key < (causal ? query + 1 : keys); key++) {
      state = (state * 1103515245 + 12345) % 2147483648;
      weights[query * keys + key] = (state / 2147483648) ** 8;
      sum += weights[query * keys + key] ?? 0;
    }
    for (let key = 0; key < keys; key++) {
      weights[query * keys + key] = (weights[query * keys + key] ?? 0) / sum;
    }
  }
  return { weights, queries, keys, causal };
}

describe('strongest links', () => {
  it('are the same that sorting all of them finds', () => {
    const maps = [randomMap(40, 30, 1), randomMap(40, 30, 2)];
    const all = maps.flatMap((map, head) =>
      [...map.weights].map((weight, at) => ({
        query: Math.floor(at / map.keys),
        key: at % map.keys,
        weight,
        head,
      })),
    );
    all.sort((a, b) => b.weight - a.weight || a.query - b.query || a.key - b.key);
    const { links, total } = strongestLinks(maps, 400, 'to', []);
    equal(total, all.filter(({ weight }) => weight > 0).length);
    deepEqual(links, all.slice(0, 400));
  });

  it('are those of the anchors only, in either direction', () => {
    const map = randomMap(6, 5, 3);
    const to = strongestLinks([map], 100, 'to', [2, 4]);
    equal(to.total, 10);
    ok(to.links.every(({ query }) => query === 2 || query === 4));
    const by = strongestLinks([map], 100, 'by', [1]);
    equal(by.total, 6);
    ok(by.links.every(({ key }) => key === 1));
  });

  it('leave out what a causal query cannot see and what a filter has taken away', () => {
    const causal = strongestLinks([randomMap(4, 4, 5, true)], 100, 'to', []);
    equal(causal.total, 10);
    const one: AttentionMap = {
      weights: Float32Array.of(1, 0, 0, 0.5),
      queries: 2,
      keys: 2,
      causal: false,
    };
    deepEqual(strongestLinks([one], 100, 'to', []), {
      links: [
        { query: 0, key: 0, weight: 1, head: 0 },
        { query: 1, key: 1, weight: 0.5, head: 0 },
      ],
      total: 2,
    });
  });

  it('are none if none are wanted', () => {
    deepEqual(strongestLinks([], 400, 'to', []), { links: [], total: 0 });
  });
});

describe('the number of links drawn', () => {
  it('begins at 400 and grows to 2,000 while drawing is fast', () => {
    const budget = new LinkBudget();
    const seen = [budget.most];
    while (budget.wantsMeasurement(budget.most)) {
      budget.measured(0.5);
      seen.push(budget.most);
    }
    deepEqual(seen, [400, 600, 900, 1350, 2000, 2000]);
  });

  it('stays where more would take 8 ms', () => {
    const budget = new LinkBudget();
    budget.measured(4);
    equal(budget.most, 600);
    budget.measured(6);
    equal(budget.most, 600);
    ok(!budget.wantsMeasurement(600));
  });

  it('goes back to 400 where drawing took 8 ms, and never below', () => {
    const budget = new LinkBudget();
    budget.measured(1);
    budget.measured(9);
    equal(budget.most, 400);
    const slow = new LinkBudget();
    slow.measured(50);
    equal(slow.most, 400);
    ok(!slow.wantsMeasurement(400));
  });

  it('is only measured when as many are drawn as it allows', () => {
    ok(!new LinkBudget().wantsMeasurement(399));
  });
});
