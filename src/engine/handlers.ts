import type {
  EngineMethod,
  EngineNotifications,
  EngineParams,
  EngineResult,
} from '../protocol/engine';
import { alignText } from './aligner';
import { alternatives } from './alternatives';
import { AttentionRuns } from './attentionRuns';
import { ModelKeeper } from './modelKeeper';
import { Translator } from './translator';
import { Summarizer } from './summarizer';
import type { Trial } from './trial';
import { Turns } from './turns';
import { Writer } from './writer';

/** One handler per method of the contract: a missing one does not compile. */
export type Handlers = {
  readonly [M in EngineMethod]: (
    params: EngineParams<M>,
    signal: AbortSignal,
  ) => Promise<EngineResult<M>>;
};

export type Notify = <N extends keyof EngineNotifications>(
  name: N,
  value: EngineNotifications[N],
) => void;

/** The engine without its channel. */
export function createHandlers(notify: Notify, trial: Trial): Handlers {
  const turns = new Turns();
  const runs = new AttentionRuns();
  const keeper = new ModelKeeper(turns, trial, (status) => notify('state', status));
  return {
    load: async (params, signal) => {
      const info = await keeper.load(params, signal);
      notify('log', { level: 'info', message: describeLoad(info) });
      return info;
    },
    translate: (params, signal) =>
      keeper.use(signal, (loaded) => {
        const translator = new Translator({ ...loaded, cache: keeper.cache, turns });
        const { call } = params;
        return translator.translate(params, {
          signal,
          onProgress: (done, total) => notify('progress', { call, done, total }),
          onPartial: (index, text) => notify('partial', { call, index, text }),
        });
      }),
    inspect: (params, signal) =>
      keeper.use(signal, (loaded) =>
        runs.inspect({ ...loaded, turns, cache: keeper.cache }, params, signal),
      ),
    align: (params, signal) =>
      keeper.use(signal, (loaded) =>
        alignText({ ...loaded, turns, cache: keeper.cache }, params, signal),
      ),
    alternatives: (params, signal) =>
      keeper.use(signal, (loaded) => alternatives({ ...loaded, turns }, params, signal)),
    attentionQuery: (query, signal) =>
      runs.answer(query, signal, turns, (work) => keeper.use(signal, work)),
    generate: (params, signal) =>
      keeper.use(signal, (loaded) => new Writer({ ...loaded, turns }).generate(params, signal)),
    summarize: (params, signal) =>
      keeper.use(signal, (loaded) =>
        new Summarizer({ ...loaded, turns }).summarize(params, signal),
      ),
    status: () => Promise.resolve(keeper.status()),
    devices: (_params, signal) => keeper.tryDevices(signal),
    unload: async () => ({ freed: await keeper.unload() }),
    clearCache: () => {
      const entries = keeper.cache.size;
      keeper.cache.clear();
      return Promise.resolve({ entries });
    },
  };
}

function describeLoad(info: EngineResult<'load'>): string {
  const devices = info.devices.map(({ device, chosen, probeMilliseconds, reason }) => {
    const time = probeMilliseconds === undefined ? '' : ` ${probeMilliseconds.toFixed(1)} ms`;
    return `${chosen ? '*' : ''}${device}${time}${reason ? ` (${reason.split('\n')[0]})` : ''}`;
  });
  const milliseconds = info.loadMilliseconds.toFixed(0);
  return `Loaded ${info.name} ${info.precision} in ${milliseconds} ms: ${devices.join(', ')}`;
}
