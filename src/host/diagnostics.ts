import * as os from 'node:os';
import * as vscode from 'vscode';
import { toAppError } from '../common/errors';
import { libraryOrReason } from '../protocol/deviceTable';
import type { DeviceReport, EngineStatus, LoadParams, ModelInfo } from '../protocol/engine';
import { choiceOf, inWords } from './device';
import type { TranslationService } from './translation';

/**
 * The state of this installation as Markdown, to read and to paste into a bug report. In English whatever the display
 * language, but for the table of devices, and without any text the user translated.
 */
export async function diagnose(
  service: TranslationService,
  extension: vscode.Extension<unknown>,
  params: LoadParams,
  signal: AbortSignal,
): Promise<string> {
  // Loads the model and tries the devices: a report of what was never tried helps nobody.
  const devices = await attempt(() => service.testDevices(signal));
  const status = await attempt(() => service.engineStatus());
  return [
    '# Headlight diagnostics',
    table(['Item', 'Value'], installation(extension)),
    '## Devices',
    ...(typeof devices === 'string' ? [`Failed: ${cell(devices)}`] : deviceLines(devices)),
    '## Settings',
    table(['Setting', 'Value'], settingRows(params)),
    '## Model',
    service.state.model
      ? table(['Item', 'Value'], modelRows(service.state.model))
      : 'None was loaded.',
    '## Engine',
    typeof status === 'string'
      ? `Failed: ${cell(status)}`
      : table(['Item', 'Value'], engineRows(service, status)),
    '',
  ].join('\n\n');
}

function installation(extension: vscode.Extension<unknown>): Rows {
  const { version } = extension.packageJSON as { version: string };
  return [
    ['Headlight', version],
    ['VS Code', `${vscode.version} (${vscode.env.appName}, ${vscode.env.appHost})`],
    ['Display language', vscode.env.language],
    ['Remote', vscode.env.remoteName ?? 'no'],
    [
      'Runs as',
      extension.extensionKind === vscode.ExtensionKind.UI ? 'UI extension' : 'workspace extension',
    ],
    ['Platform', `${process.platform} ${process.arch} ${os.release()}`],
    ['Node', process.versions.node],
    ['Processors', `${os.availableParallelism()} x ${os.cpus()[0]?.model ?? 'unknown'}`],
    ['Memory', `${megabytes(os.freemem())} free of ${megabytes(os.totalmem())}`],
    ['Workspace trusted', String(vscode.workspace.isTrusted)],
  ];
}

function settingRows(params: LoadParams): Rows {
  const settings = Object.entries(params).filter(([name]) => name !== 'verdictFile');
  return settings.map(([name, value]) => [name, String(value)]);
}

/** So that the table fits into an editor; the reasons stand below it in full. */
const MOST_CELL = 40;

/** In the display language: who asks why a device is not used reads this here. */
function deviceLines(found: readonly DeviceReport[]): string[] {
  const devices = found.map(inWords);
  const head = [
    vscode.l10n.t('Provider'),
    vscode.l10n.t('Found'),
    vscode.l10n.t('Library or reason'),
    vscode.l10n.t('Probe (ms)'),
    vscode.l10n.t('Chosen'),
  ];
  const rows = devices.map((report) => [
    report.device,
    report.available ? vscode.l10n.t('yes') : vscode.l10n.t('no'),
    libraryOrReason(report, MOST_CELL),
    report.probeMilliseconds?.toFixed(1) ?? '',
    choiceOf(report),
  ]);
  const reasons = devices
    .filter(({ reason }) => reason !== undefined)
    .map(({ device, reason }) => `- ${device}: ${cell(reason ?? '')}`);
  return [table(head, rows), reasons.join('\n')];
}

function modelRows(model: ModelInfo): Rows {
  return [
    ['Name', model.name],
    ['Folder', model.modelPath],
    ['Device', model.device],
    ['Precision', model.precision],
    ['Parameters', model.parameters.toLocaleString('en')],
    ['Layers', `${model.encoderLayers} encoder, ${model.decoderLayers} decoder`],
    ['Heads', String(model.heads)],
    ['Model size', String(model.modelSize)],
    ['Vocabulary', model.vocabularySize.toLocaleString('en')],
    ['Load time', `${Math.round(model.loadMilliseconds)} ms`],
  ];
}

function engineRows(service: TranslationService, status: EngineStatus | undefined): Rows {
  const rows: Rows = [['State seen by the editor', service.state.phase]];
  if (service.state.error) rows.push(['Last error', service.state.error.code]);
  if (!status) return [...rows, ['Process', 'not running']];
  return [
    ...rows,
    ['Process', String(service.enginePid ?? 'unknown')],
    ['State', status.state],
    ['Resident memory', megabytes(status.residentBytes)],
    ['Cache', `${status.cacheEntries} entries, ${megabytes(status.cacheBytes)}`],
  ];
}

type Rows = (readonly string[])[];

/** Columns of one width, since it is read as text at least as often as it is rendered. */
function table(head: readonly string[], rows: Rows): string {
  const cells = [head, ...rows].map((row) => row.map(cell));
  const widths = head.map((_, column) =>
    Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [first = [], ...others] = cells;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join(
    '\n',
  );
}

/** One line, and no mark that would end the cell: runtimes explain themselves in several lines. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\|/g, '\\|').trim();
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`;
}

async function attempt<T>(task: () => Promise<T>): Promise<T | string> {
  try {
    return await task();
  } catch (error) {
    const { code, message, data } = toAppError(error);
    return `${code}: ${message} ${JSON.stringify(data)}`;
  }
}
