import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './paths';
import { removeFolder, run, tail, temporaryFolder } from './process';

const SENTENCES = [
  'The cache keeps the last results in memory.',
  '이 함수는 사용자의 설정을 읽고 결과를 반환합니다.',
];

interface Translated {
  readonly text: string;
  readonly source: string;
  readonly target: string;
}

interface Speed {
  readonly device: string;
  readonly precision: string;
  readonly loadMilliseconds: number;
  readonly sentenceP50: number;
}

async function cli(...args: string[]): Promise<string> {
  const options = { cwd: ROOT, timeoutMs: 300_000 };
  const result = await run(process.execPath, [join('dist', 'cli.js'), ...args], options);
  if (result.code !== 0) throw new Error(`The command line failed:\n${tail(result.output)}`);
  return result.stdout;
}

/**
 * Translates a sentence each way with the program that was just built and prints them with the device and its speed.
 * @throws Error when the program fails, or gives back what it was given.
 */
export async function translateSample(): Promise<void> {
  const folder = temporaryFolder('sample');
  try {
    const file = join(folder, 'sample.txt');
    await writeFile(file, SENTENCES.join('\n'));
    const lines = (await cli('translate', '--lines', '--json', file)).trimEnd().split('\n');
    const results = lines.map((line) => JSON.parse(line) as Translated);
    for (const [index, sentence] of SENTENCES.entries()) {
      const result = results[index];
      if (result === undefined || result.text === sentence) {
        throw new Error(`Not translated: ${sentence}`);
      }
      console.log(`  ${result.source}  ${sentence}\n  ${result.target}  ${result.text}\n`);
    }
    const speed = JSON.parse(await cli('bench', '--quick', '--json')) as Speed;
    const [load, each] = [speed.loadMilliseconds, speed.sentenceP50].map(Math.round);
    console.log(
      `On this machine, device ${speed.device}, ${speed.precision}: ${each} ms for a sentence, ${load} ms to load the model.\n`,
    );
  } finally {
    await removeFolder(folder);
  }
}
