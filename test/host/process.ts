/**
 * Child processes and temporary folders that cannot outlive the runner. Each child leads a process group of its own, and every
 * group that is still there when this process ends is killed. An extension host survives the end of its parent, so that
 * killing one process is not enough.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Every child; and of them those that `run` waits for. A server has nothing to put in order and is killed at once. */
const running = new Set<ChildProcess>();
const awaited = new Set<ChildProcess>();
const folders = new Set<string>();

/** Time for a child to end what it started. */
const GRACE_MS = 3000;

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // The group has ended already.
  }
}

process.on('exit', () => {
  if (awaited.size > 0) {
    // A suite leads children with groups of their own, as its editor: it is given time to end them.
    for (const child of awaited) signal(child, 'SIGTERM');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, GRACE_MS);
  }
  for (const child of running) signal(child, 'SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
for (const [name, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(name, () => process.exit(code));
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a program in its own process group, standard output and error piped. */
export function start(
  program: string,
  args: readonly string[],
  options: ProcessOptions = {},
): ChildProcess {
  const child = spawn(program, args, {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  return child;
}

/** Ends a process and its group: politely, then after three seconds for certain. */
export async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
  signal(child, 'SIGTERM');
  await Promise.race([ended, delay(GRACE_MS, undefined, { ref: false })]);
  signal(child, 'SIGKILL');
  running.delete(child);
}

export interface RunOptions extends ProcessOptions {
  readonly timeoutMs: number;
  /** Show what the program writes while it runs. */
  readonly echo?: boolean;
}

export interface RunResult {
  readonly code: number | null;
  readonly output: string;
  readonly stdout: string;
  readonly timedOut: boolean;
}

/** Runs a program to its end or its time limit. Never rejects: a program that cannot start has no exit code. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  const { timeoutMs, echo = false, ...processOptions } = options;
  const child = start(program, args, processOptions);
  awaited.add(child);
  let output = '';
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
    if (echo) process.stdout.write(text);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (echo) process.stderr.write(text);
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    signal(child, 'SIGTERM');
    setTimeout(() => signal(child, 'SIGKILL'), GRACE_MS).unref();
  }, timeoutMs);
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      output += String(error);
      resolve(null);
    });
    // 'close' comes after the streams have ended; a grandchild that keeps them open is killed with its group.
    child.once('exit', () => setTimeout(() => signal(child, 'SIGKILL'), 2000).unref());
    child.once('close', resolve);
  });
  clearTimeout(timer);
  signal(child, 'SIGKILL');
  running.delete(child);
  awaited.delete(child);
  return { code, output, stdout, timedOut };
}

/** Makes a temporary folder, which goes with `removeFolder` or at the latest with this process. */
export function temporaryFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `headlight-${purpose}-`));
  folders.add(folder);
  return folder;
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  folders.delete(folder);
}

/** The last lines of a log, for a message. */
export function tail(text: string, lines = 25): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
