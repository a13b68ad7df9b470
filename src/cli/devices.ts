import { tryDevices } from '../engine/devices';
import type { DeviceReport } from '../protocol/engine';
import type { ModelOptions } from './arguments';
import { writeOut } from './output';
import { openSession } from './session';
import { formatTable } from './table';

/** Opens the model as a translation would, then tries every device of the platform. */
export async function devices(options: ModelOptions & { readonly json: boolean }): Promise<void> {
  const { folder, model } = await openSession(options);
  try {
    const { threads } = options;
    const reports = await tryDevices(folder, { threads, inUse: model.device });
    await writeOut(options.json ? `${JSON.stringify(reports, null, 1)}\n` : describe(reports));
  } finally {
    await model.dispose();
  }
}

function describe(reports: readonly DeviceReport[]): string {
  const rows = reports.map(({ device, available, chosen, probeMilliseconds }) => [
    device,
    chosen ? 'in use' : available ? 'usable' : 'not usable',
    probeMilliseconds === undefined ? '' : probeMilliseconds.toFixed(1),
  ]);
  const reasons = reports
    .filter(({ reason }) => reason !== undefined)
    .map(({ device, reason }) => `${device}: ${reason ?? ''}\n`);
  return [formatTable(['device', 'state', 'probe (ms)'], rows), '', ...reasons].join('\n');
}
