import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { ModelOptions } from './arguments';
import { writeOut } from './output';
import { openSession, type Session } from './session';
import { formatTable } from './table';

interface Figures {
  readonly device: string;
  readonly precision: string;
  readonly loadMilliseconds: number;
  /** One sentence at a time, greedy: 50th and 95th percentile. */
  readonly sentenceP50: number;
  readonly sentenceP95: number;
  /** All sentences in one call. */
  readonly greedyTokensPerSecond: number;
  readonly beamTokensPerSecond: number;
  readonly peakMiB: number;
}

/** Sentences as a hover shows them; sixteen different ones, so that lengths vary. */
const SENTENCES = [
  '<2ko> The function returns the first entry that matches the given key, or nothing if there is none.',
  '<2ko> Close the file before you rename it, because some systems do not allow that.',
  '<2ko> A worker that does not answer within ten seconds is stopped and started again.',
  '<2ko> The cache is cleared when the configuration changes or the user signs out.',
  '<2ko> Each test runs in a folder of its own, which is removed afterwards.',
  '<2ko> Use this option only if you are sure that nobody else writes to the table.',
  '<2ko> The parser keeps comments, so that a formatter can write them back.',
  '<2ko> If the list is empty, the loop ends at once and the result is zero.',
  '<2ko> The server sends an event for each file that was added, changed, or removed.',
  '<2ko> Passwords are never written to the log, not even in debug mode.',
  '<2en> 이 함수는 주어진 키와 일치하는 첫 번째 항목을 반환합니다.',
  '<2en> 설정이 바뀌거나 사용자가 로그아웃하면 캐시가 비워집니다.',
  '<2en> 파일 이름을 바꾸기 전에 파일을 닫아야 합니다.',
  '<2en> 목록이 비어 있으면 반복문이 바로 끝나고 결과는 0입니다.',
  '<2en> 서버는 파일이 추가되거나 변경될 때마다 이벤트를 보냅니다.',
  '<2en> 암호는 디버그 모드에서도 로그에 기록되지 않습니다.',
];

const MOST_TOKENS = 128;

export async function bench(
  options: ModelOptions & { readonly json: boolean; readonly quick: boolean },
): Promise<void> {
  const session = await openSession(options);
  try {
    const figures = await measure(session, options.quick ? 2 : 8);
    if (options.json) return await writeOut(`${JSON.stringify(figures, null, 1)}\n`);
    const rows = [
      ['device', figures.device],
      ['weights', figures.precision],
      ['load', `${figures.loadMilliseconds.toFixed(0)} ms`],
      ['one sentence, p50', `${figures.sentenceP50.toFixed(1)} ms`],
      ['one sentence, p95', `${figures.sentenceP95.toFixed(1)} ms`],
      ['all sentences, greedy', `${figures.greedyTokensPerSecond.toFixed(0)} tokens/s`],
      ['all sentences, beam 4', `${figures.beamTokensPerSecond.toFixed(0)} tokens/s`],
      ['peak memory', `${figures.peakMiB.toFixed(0)} MiB`],
    ];
    const processor = cpus()[0]?.model ?? 'unknown processor';
    return await writeOut(`${formatTable([processor, ''], rows)}\n`);
  } finally {
    await session.model.dispose();
  }
}

async function measure(session: Session, rounds: number): Promise<Figures> {
  const { model, tokenizer } = session;
  const generate = async (texts: readonly string[], beam: number) => {
    const start = performance.now();
    const hypotheses = await model.generate(
      texts.map((text) => tokenizer.encode(text).ids),
      { beam, lengthPenalty: 1, maxTokens: MOST_TOKENS, nBest: 1 },
    );
    const ids = hypotheses.map(([best]) => best?.ids ?? []);
    for (const row of ids) tokenizer.decode(row);
    const milliseconds = performance.now() - start;
    return { milliseconds, tokens: ids.reduce((sum, row) => sum + row.length, 0) };
  };
  await generate(SENTENCES.slice(0, 2), 1); // The first call allocates and chooses kernels.
  const single: number[] = [];
  const throughput: Record<'greedy' | 'beam', number[]> = { greedy: [], beam: [] };
  for (let round = 0; round < rounds; round++) {
    for (const sentence of SENTENCES) single.push((await generate([sentence], 1)).milliseconds);
    for (const [name, beam] of [['greedy', 1] as const, ['beam', 4] as const]) {
      const { tokens, milliseconds } = await generate(SENTENCES, beam);
      throughput[name].push((1000 * tokens) / milliseconds);
    }
  }
  return {
    device: model.device,
    precision: model.precision,
    loadMilliseconds: session.loadMilliseconds,
    sentenceP50: quantile(single, 0.5),
    sentenceP95: quantile(single, 0.95),
    greedyTokensPerSecond: quantile(throughput.greedy, 0.5),
    beamTokensPerSecond: quantile(throughput.beam, 0.5),
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
}

/** Nearest rank. */
function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
}
