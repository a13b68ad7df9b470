/** The engines that are compared, and how each is started. All compute with the weights of one checkpoint. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkerCommand } from './worker';

export interface Engine {
  readonly name: string;
  /** Type of the weights, by the engine's own name. */
  readonly type: string;
  readonly beamSearch: boolean;
  readonly command: WorkerCommand;
}

/** Folders that preparing has filled; see setup.ts. */
export interface Prepared {
  readonly python: string;
  /** Folder with the node_modules of transformers.js. */
  readonly packages: string;
  /** Our worker, bundled. */
  readonly worker: string;
  readonly float: string;
  readonly int8: string;
  readonly onnx: string;
  readonly converted: (type: 'float32' | 'int8') => string;
}

const PEERS = join(__dirname, 'peers');

export function listEngines(prepared: Prepared, threads: number): Engine[] {
  const ours = (type: 'fp32' | 'int8', folder: string, ...more: string[]): Engine => ({
    name: ['Headlight', ...more].join(' '),
    type,
    beamSearch: true,
    command: { file: process.execPath, args: [prepared.worker, folder, String(threads), ...more] },
  });
  const ctranslate2 = (type: 'float32' | 'int8', instructions?: string): Engine => ({
    name: instructions === undefined ? 'CTranslate2' : `CTranslate2 (${instructions})`,
    type,
    beamSearch: true,
    command: {
      file: prepared.python,
      args: [
        join(PEERS, 'ctranslate2_worker.py'),
        prepared.float,
        prepared.converted(type),
        type,
        String(threads),
      ],
      ...(instructions === undefined ? {} : { env: { CT2_FORCE_CPU_ISA: instructions } }),
    },
  });
  const transformersJs = (type: 'fp32' | 'q8'): Engine => ({
    name: 'transformers.js',
    type,
    beamSearch: false,
    command: {
      file: process.execPath,
      args: [
        join(PEERS, 'transformersjs_worker.mjs'),
        prepared.packages,
        prepared.onnx,
        type,
        String(threads),
      ],
    },
  });
  return [
    ours('fp32', prepared.float),
    ours('int8', prepared.int8),
    ours('int8', prepared.int8, '--no-shortlist'),
    ctranslate2('float32'),
    ctranslate2('int8'),
    // CTranslate2 stays with AVX2 where AVX-512 exists; the faster of both is the one to be compared with.
    ...(hasAvx512() ? [ctranslate2('float32', 'AVX512'), ctranslate2('int8', 'AVX512')] : []),
    transformersJs('fp32'),
    transformersJs('q8'),
  ];
}

export function hasAvx512(): boolean {
  try {
    return /\bavx512f\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false; // Not Linux: the setting is left alone.
  }
}
