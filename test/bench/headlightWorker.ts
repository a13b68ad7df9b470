/**
 * Headlight as a worker of the benchmark: `node headlight.cjs MODEL THREADS [--no-shortlist]`. The protocol is that of the other workers: the
 * clock holds tokenizing, decoding and making text; the model alone runs, without cache, splitting or guards.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { readTokenizer } from '../../src/engine/folder';
import { openModel } from '../../src/engine/model';
import type { Model } from '../../src/engine/types';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';
import type { Answer, Ready, Work } from './worker';

type Request = Work | { readonly end: true };

const answer = (value: Answer | Ready | { peakMiB: number }) =>
  process.stdout.write(`${JSON.stringify(value)}\n`);

async function translate(
  { model, tokenizer, shortlist }: { model: Model; tokenizer: Tokenizer; shortlist: boolean },
  work: Work,
): Promise<number[][]> {
  const sources = work.texts.map((text) => tokenizer.encode(text).ids);
  const order = sources.map((_, index) => index);
  // A text that the editor has translated has one direction, and so has a batch: sources begin with the direction's tag.
  const tag = (index: number) => sources[index]?.[0] ?? 0;
  const length = (index: number) => sources[index]?.length ?? 0;
  order.sort((a, b) => tag(a) - tag(b) || length(b) - length(a));
  const ids: number[][] = sources.map(() => []);
  for (let start = 0; start < order.length; start += work.batch) {
    const part = order.slice(start, start + work.batch);
    const hypotheses = await model.generate(
      part.map((index) => sources[index] ?? []),
      { beam: work.beam, lengthPenalty: 1, maxTokens: work.maxTokens, nBest: 1, shortlist },
    );
    part.forEach((index, row) => {
      ids[index] = hypotheses[row]?.[0]?.ids ?? [];
      tokenizer.decode(ids[index], { skipSpecialTokens: true });
    });
  }
  return ids;
}

function peakMiB(): number {
  try {
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (peak !== undefined) return Number(peak) / 1024;
  } catch {
    // Not Linux: the figure below is the nearest there is.
  }
  return process.resourceUsage().maxRSS / 1024;
}

async function main(): Promise<void> {
  const [folder = '', threads = '0', option] = process.argv.slice(2);
  const shortlist = option !== '--no-shortlist';
  const start = performance.now();
  const tokenizer = await readTokenizer(folder);
  const model = await openModel(folder, { device: 'cpu', threads: Number(threads) });
  const seconds = (performance.now() - start) / 1000;
  answer({ version: '', loadSeconds: seconds, startSeconds: process.uptime() });
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    if ('end' in request) break;
    const begin = performance.now();
    const ids = await translate({ model, tokenizer, shortlist }, request);
    answer({ seconds: (performance.now() - begin) / 1000, ids });
  }
  answer({ peakMiB: peakMiB() });
}

void main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  },
);
