// Started by devices.test.ts in an environment of its own: generates on one device and sends what came out.
import { openModel } from '../../../src/engine/model';
import type { DeviceName } from '../../../src/protocol/engine';

const SOURCES = [
  [3, 290, 301, 344, 1],
  [4, 300, 1],
  [3, 77, 88, 99, 111, 222, 333, 444, 500, 1],
];

export interface Generated {
  readonly device: string;
  /** Per beam, per source: the best hypothesis. */
  readonly best: { readonly ids: number[]; readonly logProbability: number }[][];
}

async function generateOn(path: string, device: DeviceName): Promise<Generated> {
  const model = await openModel(path, { device, threads: 1 });
  const best = [];
  for (const beam of [1, 4]) {
    const rows = await model.generate(SOURCES, { beam, nBest: 1, lengthPenalty: 1, maxTokens: 8 });
    best.push(
      rows.map((row) => ({
        ids: row[0]?.ids ?? [],
        logProbability: row[0]?.logProbability ?? Number.NaN,
      })),
    );
  }
  await model.dispose();
  return { device: model.device, best };
}

const [path = '', device = ''] = process.argv.slice(2);
void generateOn(path, device as DeviceName).then((generated) =>
  process.send?.(generated, () => process.exit()),
);
