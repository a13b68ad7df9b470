import type { DocumentResult, EngineResult } from './measure';
import type { Workload } from './workload';

export interface Report {
  readonly date: string;
  readonly cpu: string;
  readonly threads: number;
  readonly node: string;
  /** Load average of the last minute, before and after. */
  readonly load: readonly [number, number];
  /** Something else ran: the figures mean little. */
  readonly busy: boolean;
  readonly quick: boolean;
  readonly sentences: number;
  readonly rounds: number;
  readonly documentBytes: Workload['documentBytes'];
  readonly documentSentences: number;
  readonly documentTokens: Workload['documentTokens'];
  readonly engines: readonly EngineResult[];
}

const COLUMNS = [
  'engine',
  'weights',
  'sentence p50 (ms)',
  'sentence p95 (ms)',
  'document, greedy (tokens/s)',
  'document, beam 4 (tokens/s)',
  'load (s)',
  'peak memory (MiB)',
  'same tokens',
];

export function markdown(report: Report): string {
  const rows = report.engines.map((engine) => [
    [engine.name, engine.version].join(' ').trim(),
    engine.type,
    engine.p50.toFixed(1),
    engine.p95.toFixed(1),
    best(engine.documents, 1),
    best(engine.documents, 4),
    engine.load.toFixed(2),
    engine.peakMiB.toFixed(0),
    `${(engine.sameTokens * 100).toFixed(0)} %`,
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [before, after] = report.load.map((load) => load.toFixed(2));
  return [
    '# Speed and memory, beside other engines on the same weights',
    '',
    ...(report.busy
      ? ['**The machine was busy with other work: these figures mean little.**', '']
      : []),
    `${report.date}, ${report.cpu}, ${report.threads} threads, Node ${report.node}, load average ${before} before and ${after} after. ` +
      (report.quick ? 'Quick run. ' : '') +
      `Engines take turns, one process each; ${report.rounds} rounds.`,
    '',
    line(COLUMNS),
    line(COLUMNS.map((_, index) => (index < 2 ? '---' : '---:'))),
    ...rows.map(line),
    '',
    `- sentence: ${report.sentences} sentences of 16 to 25 source tokens, one at a time, greedy; tokenizing, decoding and text included.`,
    `- document: ${report.documentBytes} bytes, ${report.documentSentences} sentences, ${report.documentTokens} source tokens; target tokens over the median time, at each engine's best batch size (in brackets).`,
    '- load: opening model and tokenizer, without starting Node or Python. Peak memory is of the whole process, Node or Python included.',
    '- --no-shortlist: every piece of the vocabulary is weighed at each step, as in the float row and in the other engines.',
    "- same tokens: share of the sentences whose greedy tokens equal the first line's. transformers.js has no beam search.",
    '',
  ].join('\n');
}

function best(documents: readonly DocumentResult[], beam: number): string {
  const found = documents
    .filter((document) => document.beam === beam)
    .sort((a, b) => b.tokensPerSecond - a.tokensPerSecond)[0];
  return found ? `${found.tokensPerSecond.toFixed(0)} (${found.batch})` : '';
}
