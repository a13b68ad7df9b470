// Started by devices.test.ts with a software GPU: a run that fails on the device, as a lost GPU's does, then others.
import { AppError } from '../../../src/common/errors';
import { ModelKeeper, type LoadedModel } from '../../../src/engine/modelKeeper';
import { Turns } from '../../../src/engine/turns';
import type { ModelInfo } from '../../../src/protocol/engine';

export interface LostAndRepeated {
  /** Devices that the failing work, then another one, was run on. */
  readonly failing: readonly string[];
  readonly after: string;
  /** Devices of work that is wrong on every device. */
  readonly wrong: readonly string[];
  readonly info: ModelInfo | undefined;
}

async function loseDevice(modelPath: string): Promise<LostAndRepeated> {
  const trial = () => Promise.resolve({ ok: true, milliseconds: 1 } as const);
  const keeper = new ModelKeeper(new Turns(), trial, () => undefined);
  const { signal } = new AbortController();
  const params = { modelPath, device: 'webgpu', threads: 1, cacheBytes: 0 } as const;
  await keeper.load({ ...params, idleUnloadMinutes: 0 }, signal);
  const failing: string[] = [];
  const wrong: string[] = [];
  await keeper.use(signal, ({ model }: LoadedModel) => {
    failing.push(model.device);
    if (model.device === 'cpu') return Promise.resolve();
    throw new AppError('inferenceFailed', 'The device is lost.');
  });
  const after = await keeper.use(signal, ({ model }) => Promise.resolve(model.device));
  await keeper
    .use(signal, ({ model }) => {
      wrong.push(model.device);
      throw new AppError('invalidArgument', 'Nothing of the device.');
    })
    .catch(() => undefined);
  return { failing, after, wrong, info: keeper.status().model };
}

const [modelPath = ''] = process.argv.slice(2);
void loseDevice(modelPath).then((result) => process.send?.(result, () => process.exit()));
