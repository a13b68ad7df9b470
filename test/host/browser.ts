import { chromium, type Browser } from 'playwright-core';
import { findChromium } from './install/systemPackages';

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts a Chromium without a window. `more` are further flags.
 * @throws Error where there is none.
 */
export async function launchBrowser(
  locale?: string,
  more: readonly string[] = [],
): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('No Chromium was found; CHROMIUM may name one.');
  // Chromium refuses to run its sandbox as root, which is what containers run as.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const language = locale === undefined ? [] : [`--lang=${locale}`];
  return chromium.launch({ executablePath, args: [...FLAGS, ...sandbox, ...language, ...more] });
}
