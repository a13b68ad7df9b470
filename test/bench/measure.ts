import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from './engines';
import { Worker, type Answer, type Ready } from './worker';
import type { Workload } from './workload';

export interface Settings {
  /** Passes of every engine over the whole work; the engines take turns. */
  readonly rounds: number;
  /** Batch sizes tried on the document; each engine's faster one counts. */
  readonly batches: readonly number[];
  /** Beam sizes of the document. */
  readonly beams: readonly number[];
  /** Processes started for the load time. */
  readonly starts: number;
}

export interface DocumentResult {
  readonly beam: number;
  readonly batch: number;
  readonly tokens: number;
  /** Target tokens over the median time. */
  readonly tokensPerSecond: number;
  readonly seconds: readonly number[];
}

export interface EngineResult {
  readonly name: string;
  readonly type: string;
  readonly version: string;
  /** Milliseconds of one sentence, batch 1, greedy. */
  readonly p50: number;
  readonly p95: number;
  readonly documents: readonly DocumentResult[];
  /** Median over the starts, seconds. */
  readonly load: number;
  readonly start: number;
  readonly peakMiB: number;
  /** Share of sentences with the tokens of the first engine, greedy. */
  readonly sameTokens: number;
}

/** Threads of an engine may spin for a while after its answer; the next one starts when they sleep. */
const SETTLE_MILLISECONDS = 250;
const MOST_TOKENS = 256;

class Measurement {
  readonly times: number[] = [];
  readonly documents = new Map<string, { beam: number; batch: number; answers: Answer[] }>();
  ids: readonly (readonly number[])[] = [];

  constructor(
    readonly engine: Engine,
    readonly worker: Worker,
    readonly ready: Ready,
  ) {}

  async warmUp(work: Workload, settings: Settings): Promise<void> {
    await this.worker.run({
      texts: work.sentences.slice(0, 3),
      batch: 1,
      beam: 1,
      maxTokens: MOST_TOKENS,
    });
    for (const [beam, batch] of this.modes(settings))
      await this.worker.run({
        texts: work.document.slice(0, batch),
        batch,
        beam,
        maxTokens: MOST_TOKENS,
      });
  }

  async sentences(work: Workload): Promise<void> {
    const ids: (readonly number[])[] = [];
    for (const text of work.sentences) {
      const answer = await this.worker.run({
        texts: [text],
        batch: 1,
        beam: 1,
        maxTokens: MOST_TOKENS,
      });
      this.times.push(answer.seconds * 1000);
      ids.push(answer.ids[0] ?? []);
    }
    this.ids = ids;
  }

  async document(work: Workload, settings: Settings): Promise<void> {
    for (const [beam, batch] of this.modes(settings)) {
      const answer = await this.worker.run({
        texts: work.document,
        batch,
        beam,
        maxTokens: MOST_TOKENS,
      });
      const key = `${beam}/${batch}`;
      const entry = this.documents.get(key) ?? { beam, batch, answers: [] };
      entry.answers.push(answer);
      this.documents.set(key, entry);
    }
  }

  private modes({ beams, batches }: Settings): [number, number][] {
    return beams
      .filter((beam) => beam === 1 || this.engine.beamSearch)
      .flatMap((beam) => batches.map((batch): [number, number] => [beam, batch]));
  }
}

/** Measures all engines, taking turns, one answering at a time. */
export async function measure(
  engines: readonly Engine[],
  work: Workload,
  settings: Settings,
  log: (line: string) => void,
): Promise<EngineResult[]> {
  const open: Measurement[] = [];
  try {
    const starts = new Map<Engine, Ready[]>();
    for (let start = 1; start < settings.starts; start++)
      for (const engine of engines) {
        log(`start ${start} of ${engine.name} ${engine.type}`);
        const [worker, ready] = await Worker.start(engine.name, engine.command);
        starts.set(engine, [...(starts.get(engine) ?? []), ready]);
        await worker.end();
      }
    for (const engine of engines) {
      log(`warming up ${engine.name} ${engine.type}`);
      const [worker, ready] = await Worker.start(engine.name, engine.command);
      const measurement = new Measurement(engine, worker, ready);
      open.push(measurement);
      await measurement.warmUp(work, settings);
    }
    for (let round = 0; round < settings.rounds; round++) {
      // Another engine goes first each time, so that none always follows the same one.
      const order = [...open.slice(round % open.length), ...open.slice(0, round % open.length)];
      for (const part of ['sentences', 'document'] as const)
        for (const measurement of order) {
          log(
            `round ${round + 1}: ${part} by ${measurement.engine.name} ${measurement.engine.type}`,
          );
          await pause(SETTLE_MILLISECONDS);
          await measurement[part](work, settings);
        }
    }
    const reference = open[0]?.ids ?? [];
    const results: EngineResult[] = [];
    for (const measurement of open)
      results.push(await summarize(measurement, starts.get(measurement.engine) ?? [], reference));
    return results;
  } finally {
    for (const { worker } of open) worker.kill();
  }
}

async function summarize(
  measurement: Measurement,
  starts: readonly Ready[],
  reference: readonly (readonly number[])[],
): Promise<EngineResult> {
  const { engine, ready, times, ids } = measurement;
  const all = [...starts, ready];
  const same = ids.filter((row, index) => row.join() === (reference[index] ?? []).join()).length;
  return {
    name: engine.name,
    type: engine.type,
    version: ready.version,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    documents: [...measurement.documents.values()].map(({ beam, batch, answers }) => {
      const seconds = answers.map((answer) => answer.seconds);
      const tokens = answers[0]?.ids.reduce((sum, row) => sum + row.length, 0) ?? 0;
      return { beam, batch, tokens, tokensPerSecond: tokens / quantile(seconds, 0.5), seconds };
    }),
    load: quantile(
      all.map((entry) => entry.loadSeconds),
      0.5,
    ),
    start: quantile(
      all.map((entry) => entry.startSeconds),
      0.5,
    ),
    peakMiB: await measurement.worker.end(),
    sameTokens: same / Math.max(1, ids.length),
  };
}

/** Nearest rank. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
}
