import { fork } from 'node:child_process';
import { join } from 'node:path';

/** Runs a script of this folder in an environment of its own to its message. Rejects with its stderr if it sends none. */
export function runScript<T>(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, script), args, {
      execArgv: ['--import=tsx'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, ...env },
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('message', (message) => resolve(message as T));
    child.once('close', (code) => reject(new Error(`${script} ended (${code}): ${stderr}`)));
  });
}
