import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CUDA_VARIABLE } from '../cuda/installation';
import { parseInvocation, UsageError, type Invocation } from './arguments';
import { describeFailure } from './failure';
import { helpText } from './help';
import { isClosedPipe, writeOut } from './output';

async function version(): Promise<string> {
  const text = await readFile(join(__dirname, '..', 'package.json'), 'utf8');
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest))
    throw new Error('package.json states no version.');
  return `${String(manifest.version)}\n`;
}

/** Commands are loaded when they are run: help and mistakes need no native code. */
async function run(invocation: Invocation): Promise<void> {
  switch (invocation.command) {
    case 'help':
      return writeOut(helpText(invocation.topic));
    case 'version':
      return writeOut(await version());
    case 'translate':
      return (await import('./translate')).translate(invocation);
    case 'batch':
      return (await import('./batch')).batch(invocation);
    case 'generate':
      return (await import('./tasks')).generate(invocation);
    case 'summarize':
      return (await import('./tasks')).summarize(invocation);
    case 'inspect':
      return (await import('./inspect')).inspect(invocation);
    case 'model':
      return (await import('./model')).model(invocation);
    case 'devices':
      return (await import('./devices')).devices(invocation);
    case 'bench':
      return (await import('./bench')).bench(invocation);
    case 'prepare':
      return (await import('./prepare')).prepare(invocation);
  }
}

async function main(): Promise<number> {
  process.stdout.on('error', (error) => process.exit(isClosedPipe(error) ? 0 : 1));
  try {
    const invocation = parseInvocation(process.argv.slice(2));
    const cuda = process.env[CUDA_VARIABLE];
    const code = cuda ? await (await import('./cuda')).runWithCuda(cuda) : undefined;
    if (code !== undefined) return code;
    await run(invocation);
    return 0;
  } catch (error) {
    if (isClosedPipe(error)) return 0;
    if (error instanceof UsageError) {
      process.stderr.write(`headlight: ${error.message}\nSee headlight --help.\n`);
      return 2;
    }
    process.stderr.write(describeFailure(error));
    return 1;
  }
}

// The runtime's threads may outlive the work; everything has been written when `main` resolves.
void main().then((code) => process.exit(code));
