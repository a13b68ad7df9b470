import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCancelled } from '../common/errors';
import { parseInvocation, UsageError, type Invocation } from './arguments';
import { describeFailure } from './failure';
import { helpText } from './help';
import { isClosedPipe, removeUnfinished, writeOut } from './output';

const interrupt = new AbortController();

/** Ends by the signal itself once nothing half-written is left, so that a calling shell sees why. */
function endBySignal(signal: NodeJS.Signals): void {
  interrupt.abort();
  removeUnfinished();
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

async function version(): Promise<string> {
  const text = await readFile(join(__dirname, '..', 'package.json'), 'utf8');
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest))
    throw new Error('package.json states no version.');
  return `${String(manifest.version)}\n`;
}

/** Commands are loaded when they are run: help and mistakes need no native code. */
async function run(invocation: Invocation, signal: AbortSignal): Promise<void> {
  switch (invocation.command) {
    case 'help':
      return writeOut(helpText(invocation.topic));
    case 'version':
      return writeOut(await version());
    case 'translate':
      return (await import('./translate')).translate(invocation, signal);
    case 'inspect':
      return (await import('./inspect')).inspect(invocation, signal);
    case 'model':
      return (await import('./model')).model(invocation);
    case 'devices':
      return (await import('./devices')).devices(invocation);
    case 'bench':
      return (await import('./bench')).bench(invocation, signal);
    case 'prepare':
      return (await import('./prepare')).prepare(invocation);
  }
}

async function main(): Promise<number> {
  process.stdout.on('error', (error) => {
    removeUnfinished();
    process.exit(isClosedPipe(error) ? 0 : 1);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => endBySignal(signal));
  try {
    await run(parseInvocation(process.argv.slice(2)), interrupt.signal);
    return 0;
  } catch (error) {
    if (isClosedPipe(error) || isCancelled(error)) return isCancelled(error) ? 1 : 0;
    if (error instanceof UsageError) {
      process.stderr.write(`headlight: ${error.message}\nSee headlight --help.\n`);
      return 2;
    }
    process.stderr.write(describeFailure(error));
    return 1;
  } finally {
    removeUnfinished();
  }
}

// The runtime's threads may outlive the work; everything has been written when `main` resolves.
void main().then((code) => process.exit(code));
