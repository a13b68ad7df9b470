import type { DeviceReport } from './engine';

/** Where in the runtime's source a condition failed, which says nothing to who reads a table. */
const SOURCE_PLACE = /\/\S+\.(?:cc|cpp|h):\d+ .*? was false\. /u;

/** A line of at most so many characters: the library that did the probe, else why there was none, which the report has in full. */
export function libraryOrReason({ library, reason = '' }: DeviceReport, most: number): string {
  const text = library ?? (reason.split('\n', 1)[0] ?? '').replace(SOURCE_PLACE, '');
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
