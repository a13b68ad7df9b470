/**
 * What neither npm nor we can bring: a browser, the headers that one addon of the editor is built against, and the program
 * that the command line is shown to work under.
 */
import { existsSync } from 'node:fs';
import { findProgram } from '../environment';
import { run, tail } from '../process';

const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const MINUTES = 60_000;

/** A Chromium to drive: CHROMIUM names one, otherwise one on PATH or macOS's usual place. */
export function findChromium(): string | undefined {
  const given = process.env['CHROMIUM'];
  if (given !== undefined && given !== '') return given;
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return findProgram(...CHROMIUMS) ?? (existsSync(mac) ? mac : undefined);
}

function missingPackages(): string[] {
  const missing: string[] = [];
  if (findChromium() === undefined) missing.push('chromium');
  if (!['/usr/include/gssapi/gssapi.h', '/usr/include/gssapi.h'].some(existsSync)) {
    missing.push('libkrb5-dev');
  }
  if (findProgram('g++', 'c++') === undefined || findProgram('make') === undefined) {
    missing.push('build-essential');
  }
  if (findProgram('python3') === undefined) missing.push('python3');
  if (findProgram('pkg-config') === undefined) missing.push('pkg-config');
  if (findProgram('parallel') === undefined) missing.push('parallel');
  return missing;
}

/** What the editor's addons are built with, and the browser that it is shown in. */
export const EDITOR_PACKAGES = [
  'chromium',
  'libkrb5-dev',
  'build-essential',
  'python3',
  'pkg-config',
];

/**
 * Installs Debian packages that are missing, as root or by sudo without a password.
 * @throws Error that says what to install, where that is not possible.
 */
export async function ensureSystemPackages(names: readonly string[]): Promise<void> {
  const wanted = (): string[] => missingPackages().filter((name) => names.includes(name));
  const missing = wanted();
  if (missing.length === 0) return;
  const advice = `Please install: ${missing.join(' ')} (Debian's names), then run this again.`;
  if (process.platform !== 'linux' || findProgram('apt-get') === undefined) throw new Error(advice);
  const root = process.getuid?.() === 0;
  if (!root && findProgram('sudo') === undefined) throw new Error(advice);
  const [program, ...prefix] = root ? ['env'] : ['sudo', '-n', 'env'];
  const aptGet = (...args: string[]): ReturnType<typeof run> =>
    run(program ?? 'env', [...prefix, 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args], {
      timeoutMs: 15 * MINUTES,
    });
  console.log(`Installing Debian packages: ${missing.join(' ')}`);
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  let result = await aptGet(...install);
  if (result.code !== 0) {
    await aptGet('update');
    result = await aptGet(...install);
  }
  if (result.code !== 0 || wanted().length > 0) {
    throw new Error(`apt-get could not install them.\n${tail(result.output)}\n${advice}`);
  }
}
