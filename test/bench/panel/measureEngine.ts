/** What the engine does for the panel, with the functions that it uses, on 6 + 6 layers of 8 heads. */
import { meanMap } from '../../../src/attention/attentionMap';
import { headMetrics } from '../../../src/attention/headMetrics';
import { rollout } from '../../../src/attention/rollout';
import { thumbnail } from '../../../src/attention/thumbnail';
import { syntheticMap } from '../../panel/syntheticRun';
import type { BudgetName } from './budgets';

const KINDS = ['encoder', 'decoder', 'cross'] as const;
const LAYERS = 6;
const HEADS = 8;

export function measureEngine(
  tokens: number,
  repetitions: number,
): Partial<Record<BudgetName, readonly number[]>> {
  const token = { id: 0, text: 'a', start: 0, end: 1, special: false, word: 0 };
  const side = Array.from({ length: tokens }, () => token);
  const run = { source: side, target: side };
  // One map of each head of a layer, shown as often as there are layers: 144 different ones would only fill the memory.
  const maps = KINDS.map((kind) =>
    Array.from({ length: HEADS }, (_, head) => syntheticMap(run, kind, 0, head)),
  );
  const special = { all: new Set([0, tokens - 1]), end: new Set([tokens - 1]) };
  const each = (work: (map: (typeof maps)[number][number], kind: (typeof KINDS)[number]) => void) =>
    timed(repetitions, () => {
      for (let layer = 0; layer < LAYERS; layer++)
        maps.forEach((heads, index) =>
          heads.forEach((map) => work(map, KINDS[index] ?? 'encoder')),
        );
    });
  const encoder = Array.from({ length: LAYERS }, () => maps[0] ?? []);
  return {
    metrics: each((map, kind) => headMetrics(map, kind, special)),
    thumbnails: each((map) => thumbnail(map)),
    rollout: timed(repetitions, () => rollout(encoder.map(meanMap))),
  };
}

function timed(count: number, work: () => void): number[] {
  work();
  return Array.from({ length: count }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
}
