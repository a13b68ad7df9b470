import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const REPOSITORY = resolve(__dirname, '..', '..', '..');
const CLI = join(REPOSITORY, 'dist', 'cli.js');

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The bundle is what people run, so it is what is tested. */
export function requireCli(): void {
  if (!existsSync(CLI)) throw new Error('dist/cli.js is missing: run `npm run build` first.');
}

/** `env` is added to this process's. */
export function startCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
}

/** Runs the command to its end. `input` goes to its standard input. */
export async function runCli(
  args: readonly string[],
  input: string | Buffer = '',
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const child = startCli(args, env);
  // A command that fails early closes its input; what it says is in the outcome.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return outcome(child);
}

export function outcome(child: ChildProcess): Promise<Outcome> {
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout?.on('data', (data: Buffer) => out.push(data));
  child.stderr?.on('data', (data: Buffer) => errors.push(data));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) =>
      done({
        code,
        signal,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(errors).toString('utf8'),
      }),
    );
  });
}

/** An empty folder, removed by the returned function. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'headlight-cli-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Ids of a model fixture are written as characters from here on, so that text can stand for any ids. */
const FIRST_CHARACTER = 0x4e00;

export const textOf = (ids: readonly number[]): string =>
  ids.map((id) => String.fromCharCode(FIRST_CHARACTER + id)).join('');

/** A fixture of test/fixtures/transformer with a tokenizer of one character per id, which appends the end token. */
export async function modelFixture(name: string, target: string): Promise<FixtureGolden> {
  const source = join(REPOSITORY, 'test', 'fixtures', 'transformer', name);
  await cp(source, target, { recursive: true });
  const golden = (await readJson(join(source, 'golden.json'))) as FixtureGolden;
  const config = (await readJson(join(source, 'config.json'))) as FixtureConfig;
  await writeFile(join(target, 'tokenizer.json'), JSON.stringify(tokenizerOf(config)));
  return golden;
}

export interface FixtureGolden {
  /** The end token last. */
  readonly sources: readonly (readonly number[])[];
  readonly maxNewTokens: number;
  readonly greedy: readonly { readonly ids: readonly number[] }[];
  /** By length penalty, per source, best first. */
  readonly beam: Readonly<
    Record<string, readonly (readonly { readonly ids: number[]; readonly score: number }[])[]>
  >;
}

interface FixtureConfig {
  readonly vocab_size: number;
  readonly eos_token_id: number;
}

function tokenizerOf({ vocab_size: size, eos_token_id: end }: FixtureConfig): unknown {
  const tokens = Array.from({ length: size }, (_, id) => (id === end ? '</s>' : textOf([id])));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      {
        id: end,
        content: '</s>',
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      },
    ],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }],
      pair: [],
      special_tokens: { '</s>': { id: '</s>', ids: [end], tokens: ['</s>'] } },
    },
    decoder: { type: 'Fuse' },
    model: {
      type: 'Unigram',
      unk_id: 0,
      byte_fallback: false,
      vocab: tokens.map((token) => [token, -1]),
    },
  };
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
