import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';

/** Below this the machine counts as idle; what is measured itself comes after. */
export const IDLE_LOAD = 0.5;

/** Of the last minute; 0 where the system does not keep one. */
export function loadAverage(): number {
  try {
    return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
  } catch {
    return loadavg()[0] ?? 0;
  }
}
