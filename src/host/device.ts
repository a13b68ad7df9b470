import * as vscode from 'vscode';
import { AppError } from '../common/errors';
import { libraryOrReason } from '../protocol/deviceTable';
import type { DeviceChoice, DeviceName, DeviceReport } from '../protocol/engine';
import { Setting } from './ids';
import type { Notices } from './notices';
import { withDelayedProgress } from './progress';
import { DEVICES, readLoadParams, updateSetting } from './settings';
import type { TranslationService } from './translation';
import { deviceName } from './words';

interface DeviceItem extends vscode.QuickPickItem {
  readonly device?: DeviceChoice;
}

/**
 * Lets the user choose, or takes `choice` from a key binding, writes the setting and loads the model there at once: who
 * chooses a device wants to know now whether it works.
 */
export async function selectDevice(
  service: TranslationService,
  notices: Notices,
  choice: unknown,
): Promise<DeviceChoice | undefined> {
  try {
    const device = DEVICES.find((item) => item === choice) ?? (await pickDevice(service));
    if (!device) return undefined;
    await updateSetting(Setting.device, device);
    service.forgetLostDevice();
    const model = await withDelayedProgress(vscode.l10n.t('Loading the model'), (signal) =>
      service.ensureLoaded(signal),
    );
    if (device !== 'auto' && model.device !== device) {
      notices.error(new AppError('deviceUnavailable', `${device} is not used.`));
    } else {
      notices.info(
        vscode.l10n.t('Headlight translates on {0}: {1}.', deviceName(model.device), model.name),
      );
    }
    return device;
  } catch (error) {
    notices.error(error);
    return undefined;
  }
}

async function pickDevice(service: TranslationService): Promise<DeviceChoice | undefined> {
  const current = readLoadParams('').device;
  let reports: readonly DeviceReport[] = service.state.model?.devices ?? [];
  for (;;) {
    const items = deviceItems(current, reports);
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Headlight: Select Device'),
      placeHolder: vscode.l10n.t('Automatic measures every device and takes the fastest'),
      matchOnDetail: true,
    });
    if (!chosen || chosen.device) return chosen?.device;
    reports = await withDelayedProgress(vscode.l10n.t('Testing devices'), (signal) =>
      service.testDevices(signal),
    );
  }
}

/** What the runtime can have on each platform; the engine's reports tell what this machine has of it. */
const PLATFORM_DEVICES: Readonly<Partial<Record<NodeJS.Platform, readonly DeviceName[]>>> = {
  linux: ['cuda', 'webgpu', 'cpu'],
  win32: ['dml', 'webgpu', 'cpu'],
  darwin: ['coreml', 'webgpu', 'cpu'],
};

function deviceItems(current: DeviceChoice, reports: readonly DeviceReport[]): DeviceItem[] {
  const reported = reports.map(({ device }) => device);
  const devices = new Set([...(PLATFORM_DEVICES[process.platform] ?? ['cpu']), ...reported]);
  const items = (['auto', ...devices] as const).map((device): DeviceItem => {
    const report = reports.find((item) => item.device === device);
    return {
      device,
      label: deviceName(device),
      ...(device === current ? { description: vscode.l10n.t('current') } : {}),
      ...(report ? { detail: reportDetail(report) } : {}),
    };
  });
  return [
    ...items,
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: `$(beaker) ${vscode.l10n.t('Test all devices now')}` },
  ];
}

/** The engine falls back to the CPU rather than fail; who chose another device should know, once. */
export function noticeFallback(service: TranslationService, notices: Notices): void {
  const { device } = readLoadParams('');
  const { model } = service.state;
  // A device that was lost is told by the status bar: a notice a run would be a loop of them.
  if (!model || model.lost || device === 'auto' || model.device === device) return;
  notices.warnOnce(
    `device:${device}`,
    vscode.l10n.t(
      'The chosen device {0} cannot be used on this machine, so Headlight translates on {1}. Run the diagnostics to see why.',
      deviceName(device),
      deviceName(model.device),
    ),
  );
}

/** The report with the reason in the display language, as far as that is not the runtime's own words. */
export function inWords(report: DeviceReport): DeviceReport {
  const reason = obstacleWords(report);
  return reason === undefined ? report : { ...report, reason };
}

function obstacleWords({ device, obstacle, missing = [] }: DeviceReport): string | undefined {
  switch (obstacle) {
    case undefined:
      return undefined;
    case 'noProvider':
      return vscode.l10n.t('ONNX Runtime for this system does not have {0}.', deviceName(device));
    case 'cudaNotInstalled':
      return vscode.l10n.t('CUDA support is not installed. Run the command Install CUDA Support.');
    case 'cudaDamaged':
      return vscode.l10n.t(
        'The installed CUDA support is damaged or of another version. Run the command Install CUDA Support again.',
      );
    case 'cudaLibraries':
      return vscode.l10n.t(
        'Libraries of CUDA are missing on this machine: {0}.',
        missing.join('; '),
      );
  }
}

/** Whether a device is the one in use, or why it is not. */
export function choiceOf({ available, chosen, refusal }: DeviceReport): string {
  if (chosen) return vscode.l10n.t('yes');
  if (!available) return vscode.l10n.t('no: not found');
  switch (refusal) {
    case 'software':
      return vscode.l10n.t('no: software, no graphics card');
    case 'slower':
      return vscode.l10n.t('no: not faster than the processor');
    default:
      return vscode.l10n.t('no: another one is in use');
  }
}

function reportDetail(report: DeviceReport): string {
  const { probeMilliseconds: time } = report;
  const probe = time === undefined ? undefined : vscode.l10n.t('probe {0} ms', time.toFixed(1));
  if (!report.available)
    return [vscode.l10n.t('not available'), libraryOrReason(inWords(report), 80)].join(', ');
  const refused = report.chosen ? undefined : choiceOf(report);
  return [probe, report.library, refused].filter((text) => text !== undefined).join(', ');
}
