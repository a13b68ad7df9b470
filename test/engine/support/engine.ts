import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { EngineClient, type EngineClientOptions } from '../../../src/host/engine/client';
import { silentLogger } from '../../../src/common/logger';
import type { DecodingOptions, LoadParams, TranslateParams } from '../../../src/protocol/engine';

export const REPOSITORY = resolve(__dirname, '..', '..', '..');
export const DEFAULT_MODEL = join(REPOSITORY, 'models', 'default');
export const FAKE_ENGINE = join(__dirname, 'fakeEngine.mjs');

export const GREEDY: DecodingOptions = { beam: 1, lengthPenalty: 1, maxTokens: 256 };

export interface BuiltEngine {
  readonly path: string;
  remove(): Promise<void>;
}

/** The engine's bundle as it is shipped, in a folder of its own inside the repository, where it finds the native runtime. */
export async function buildEngine(): Promise<BuiltEngine> {
  const cache = join(REPOSITORY, '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'engine-'));
  const path = join(folder, 'engine.js');
  await build({
    entryPoints: [join(REPOSITORY, 'src', 'engine', 'main.ts')],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['onnxruntime-node'],
    logLevel: 'error',
  });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

export function clientOf(
  enginePath: string,
  options: Partial<EngineClientOptions> = {},
): EngineClient {
  return new EngineClient({ enginePath, logger: silentLogger, ...options });
}

export function loadParams(changes: Partial<LoadParams> = {}): LoadParams {
  return {
    modelPath: DEFAULT_MODEL,
    device: 'cpu',
    threads: 1,
    cacheBytes: 0,
    idleUnloadMinutes: 0,
    ...changes,
  };
}

let calls = 0;

export function translateParams(
  texts: readonly string[],
  changes: Partial<TranslateParams> = {},
): TranslateParams {
  return {
    call: ++calls,
    texts,
    target: 'auto',
    decoding: GREEDY,
    protectPatterns: [],
    stream: false,
    ...changes,
  };
}
