import type { DeviceReport } from './engine';

/** Where in the runtime's source a condition failed, which says nothing to who reads a table. */
const SOURCE_PLACE = /\/\S+\.(?:cc|cpp|h):\d+ .*? was false\. /u;

/** One line: the library that did the probe, else why there was none. The report has all of the reason. */
export function libraryOrReason({ library, reason = '' }: DeviceReport): string {
  return library ?? (reason.split('\n', 1)[0] ?? '').replace(SOURCE_PLACE, '');
}
