import { spawn } from 'node:child_process';
import { cudaEnvironment, searchForCuda } from '../cuda/environment';

/**
 * The loader reads LD_LIBRARY_PATH when a process begins. So where CUDA's libraries lie outside of it, another process does the
 * same with the right path. Gives its exit code; undefined where this one can do it.
 */
export async function runWithCuda(folder: string): Promise<number | undefined> {
  const { folders } = await searchForCuda(folder);
  if (folders.length === 0) return undefined;
  const env = { ...process.env, ...cudaEnvironment(folder, folders) };
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env,
    stdio: 'inherit',
  });
  // The terminal's interrupt goes to both; a kill comes to this one alone.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
