import { homedir } from 'node:os';
import { join } from 'node:path';

/** File with what the devices were found to be, where programs of this system keep what they can do without. */
export function deviceVerdicts(): string {
  return join(cacheFolder(), 'headlight', 'devices.json');
}

function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === 'win32' && LOCALAPPDATA) return LOCALAPPDATA;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return XDG_CACHE_HOME || join(homedir(), '.cache');
}
