import { tryDevices } from '../engine/devices';
import { readModelFiles } from '../engine/modelFiles';
import { libraryOrReason } from '../protocol/deviceTable';
import type { DeviceRefusal, DeviceReport } from '../protocol/engine';
import type { ModelOptions } from './arguments';
import { deviceVerdicts } from './cacheFolder';
import { modelFolder } from './modelFolder';
import { writeOut } from './output';
import { formatTable } from './table';

export interface DevicesOptions extends ModelOptions {
  readonly json: boolean;
  /** What was found earlier does not count. */
  readonly probe: boolean;
}

/** Says of every device of the platform what it is with the model, and which one a translation takes. */
export async function devices(options: DevicesOptions): Promise<void> {
  const { device, threads, probe } = options;
  const folder = modelFolder(options);
  // What is wrong with the folder is said once, not of every device.
  await readModelFiles(folder);
  const reports = await tryDevices(folder, {
    threads,
    fresh: probe,
    verdictFile: deviceVerdicts(),
    ...(device === 'auto' ? {} : { inUse: device }),
  });
  await writeOut(options.json ? `${JSON.stringify(reports, null, 1)}\n` : describe(reports));
}

const MOST_CELL = 80;

const REFUSALS: Readonly<Record<DeviceRefusal, string>> = {
  software: 'no: software, no graphics card',
  slower: 'no: not faster than the CPU',
  other: 'no: another one is in use',
};

/** Whole reasons stand below the table, each after its provider. */
function describe(reports: readonly DeviceReport[]): string {
  const rows = reports.map((report) => [
    report.device,
    report.available ? 'yes' : 'no',
    libraryOrReason(report, MOST_CELL),
    report.probeMilliseconds?.toFixed(1) ?? '',
    report.probeMilliseconds === undefined ? '' : report.stored ? 'earlier' : 'now',
    report.chosen ? 'yes' : report.refusal ? REFUSALS[report.refusal] : 'no: not found',
  ]);
  const reasons = reports
    .filter(({ reason }) => reason !== undefined)
    .map(({ device, reason }) => `${device}: ${reason ?? ''}\n`);
  const head = ['provider', 'found', 'library or reason', 'probe (ms)', 'measured', 'chosen'];
  return [formatTable(head, rows), '', ...reasons].join('\n');
}
