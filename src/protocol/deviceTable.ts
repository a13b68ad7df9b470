import type { DeviceReport } from './engine';

/** Where in the runtime's source a condition failed, which says nothing to who reads a table. */
const SOURCE_PLACE = /\/\S+\.(?:cc|cpp|h):\d+ .*? was false\. /u;
const MOST_CHARACTERS = 80;

/** One short line: the library that did the probe, else why there was none. The report has all of the reason. */
export function libraryOrReason({ library, reason = '' }: DeviceReport): string {
  const text = library ?? (reason.split('\n', 1)[0] ?? '').replace(SOURCE_PLACE, '');
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}
