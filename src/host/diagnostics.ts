import * as os from 'node:os';
import * as vscode from 'vscode';
import { toAppError } from '../common/errors';
import type { DeviceReport, EngineStatus, LoadParams, ModelInfo } from '../protocol/engine';
import type { TranslationService } from './translation';

/**
 * The state of this installation as Markdown, to read and to paste into a bug report. In English whatever the display
 * language, and without any text the user translated.
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
    '## Settings',
    table(['Setting', 'Value'], settingRows(params)),
    '## Devices',
    ...(typeof devices === 'string' ? [`Failed: ${cell(devices)}`] : deviceLines(devices)),
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
  return Object.entries(params).map(([name, value]) => [name, String(value)]);
}

function deviceLines(devices: readonly DeviceReport[]): string[] {
  const rows = devices.map((report) => [
    report.device,
    report.available ? 'yes' : 'no',
    report.chosen ? 'yes' : 'no',
    report.probeMilliseconds === undefined ? '' : `${report.probeMilliseconds.toFixed(1)} ms`,
  ]);
  const reasons = devices
    .filter(({ reason }) => reason !== undefined)
    .map(({ device, reason }) => `- ${device}: ${cell(reason ?? '')}`);
  return [table(['Device', 'Available', 'Chosen', 'Probe'], rows), reasons.join('\n')];
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
