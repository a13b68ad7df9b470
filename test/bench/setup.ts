/**
 * Fills .cache/peers with what the comparison needs: environments of the peers, converted weights, our worker. Each part is
 * made once and again when what it is made from is newer. Needs the network for the packages only.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { writeFloatCheckpoint } from './checkpoint';
import type { Prepared } from './engines';

const PROJECT = join(__dirname, '..', '..');
const CACHE = join(PROJECT, '.cache', 'peers');
const PEERS = join(__dirname, 'peers');
const TORCH = '2.15.0';

/**
 * `model`: int8 folder. `venv`: an existing Python environment with torch and the packages of requirements-run.txt, to be
 * used instead of new ones (torch is gigabytes).
 */
export function prepare(model: string, venv: string | undefined): Prepared {
  mkdirSync(CACHE, { recursive: true });
  const run = join(CACHE, 'run');
  const weights = join(CACHE, 'weights');
  const prepared: Prepared = {
    python: join(run, 'bin', 'python'),
    packages: join(CACHE, 'js'),
    worker: join(CACHE, 'headlight.cjs'),
    float: join(weights, 'float32'),
    int8: model,
    onnx: join(weights, 'transformersjs'),
    converted: (type) => join(weights, `ctranslate2-${type}`),
  };
  makeEnvironments(run, venv);
  makePackages(prepared.packages);
  convert(prepared, model);
  buildSync({
    entryPoints: [join(__dirname, 'headlightWorker.ts')],
    outfile: prepared.worker,
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['onnxruntime-node'],
    logLevel: 'warning',
  });
  return prepared;
}

function makeEnvironments(run: string, venv: string | undefined): void {
  if (!existsSync(run)) {
    if (venv !== undefined) symlinkSync(venv, run);
    else {
      step('python3', ['-m', 'venv', run]);
      step(pip(run), ['install', '-q', '-r', join(PEERS, 'requirements-run.txt')]);
    }
  }
  const exporter = join(CACHE, 'export');
  const done = join(exporter, 'done');
  if (existsSync(done)) return;
  step('python3', ['-m', 'venv', exporter]);
  // Without dependencies: the rest is pinned in the file, and torch may come from the other environment.
  step(pip(exporter), ['install', '-q', '--no-deps', 'optimum-onnx==0.1.0', 'optimum==2.1.0']);
  step(pip(exporter), ['install', '-q', '-r', join(PEERS, 'requirements-export.txt')]);
  if (venv === undefined) step(pip(exporter), ['install', '-q', `torch==${TORCH}`]);
  else writeFileSync(join(sitePackages(exporter), 'zz_shared.pth'), sitePackages(venv));
  writeFileSync(done, '');
}

function makePackages(folder: string): void {
  if (existsSync(join(folder, 'node_modules'))) return;
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(PEERS, 'package.json'), join(folder, 'package.json'));
  step('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder]);
}

function convert(prepared: Prepared, model: string): void {
  const float = join(prepared.float, 'model.safetensors');
  if (isOlder(float, join(model, 'model.safetensors'))) writeFloatCheckpoint(model, prepared.float);
  for (const type of ['float32', 'int8'] as const) {
    const target = prepared.converted(type);
    const script = join(PEERS, 'convert_ctranslate2.py');
    if (isOlder(join(target, 'model.bin'), float))
      step(prepared.python, [script, prepared.float, target, type]);
  }
  const onnx = join(prepared.onnx, 'onnx', 'decoder_model_merged_quantized.onnx');
  if (isOlder(onnx, float))
    step(join(CACHE, 'export', 'bin', 'python'), [
      join(PEERS, 'export_onnx.py'),
      prepared.float,
      prepared.onnx,
    ]);
}

/** A .pth file adds a folder behind the environment's own packages, whose versions therefore win. */
function sitePackages(environment: string): string {
  const query = "import sysconfig; print(sysconfig.get_path('purelib'))";
  const python = join(environment, 'bin', 'python');
  return execFileSync(python, ['-c', query], { encoding: 'utf8' }).trim();
}

const pip = (environment: string) => join(environment, 'bin', 'pip');

function isOlder(made: string, source: string): boolean {
  return !existsSync(made) || statSync(made).mtimeMs < statSync(source).mtimeMs;
}

function step(file: string, args: readonly string[]): void {
  process.stderr.write(`bench: ${[file, ...args].join(' ')}\n`);
  execFileSync(file, args, {
    stdio: ['ignore', 2, 'inherit'],
    env: { ...process.env, HF_HUB_OFFLINE: '1', ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
}
