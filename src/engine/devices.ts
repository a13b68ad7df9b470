import { listSupportedBackends } from './onnxruntime';
import { onAbort, throwIfAborted } from '../common/async';
import { AppError } from '../common/errors';
import type { DeviceChoice, DeviceName, DeviceReport } from '../protocol/engine';
import { cudaObstacle } from './cuda';
import { openModel } from './model';
import { timeProbe } from './probe';
import { forkedTrial, reasonOf, type Trial } from './trial';
import type { Model, OpenModelOptions } from './types';

/** What may be faster than the CPU, best guess first. Windows' CUDA build is not in the package; DirectML covers its GPUs. */
const GPU_ORDER: Readonly<Partial<Record<NodeJS.Platform, readonly DeviceName[]>>> = {
  linux: ['cuda', 'webgpu'],
  win32: ['dml', 'webgpu'],
  darwin: ['coreml', 'webgpu'],
};

export interface OpenBestOptions {
  readonly device: DeviceChoice;
  readonly threads: number;
  readonly attention?: OpenModelOptions['attention'];
  readonly precision?: OpenModelOptions['precision'];
  /** A named device that fails is an error (deviceUnavailable) instead of a report beside a model on the CPU. */
  readonly strict?: boolean;
  /** How a device is tried; by default in a process forked from the engine's bundle. */
  readonly trial?: Trial;
  readonly signal?: AbortSignal;
}

export interface OpenedModel {
  readonly model: Model;
  /** The devices that were looked at, the chosen one among them. */
  readonly reports: DeviceReport[];
}

/**
 * Opens a model on the device asked for. `auto` tries the platform's devices, each in a process of its own, and takes the
 * first in the platform's order that answers a small probe faster than the CPU. A named device that fails leaves the model on the CPU
 * with the reason in its report: a translator that is slow is of more use than none.
 *
 * Throws what `openModel` throws for the folder, `cancelled`, and `deviceUnavailable` if the CPU fails or with `strict`.
 */
export async function openBestModel(path: string, options: OpenBestOptions): Promise<OpenedModel> {
  if (options.device === 'cpu')
    return { model: await openCpu(path, options), reports: [cpuOnly()] };
  const candidates = options.device === 'auto' ? gpuCandidates() : [options.device];
  const giveUp = new AbortController();
  const detach = onAbort(options.signal, () => giveUp.abort());
  // All at once and beside the CPU's session: most fail, and each takes the better part of a second to say so.
  const trials = candidates.map((device) => ({
    device,
    report: tryDevice({ ...options, path, device }, giveUp.signal),
  }));
  for (const { report } of trials) report.catch(() => undefined);
  try {
    return await choose(path, options, trials);
  } finally {
    detach();
    giveUp.abort();
  }
}

type Report = Omit<DeviceReport, 'chosen'>;

async function choose(
  path: string,
  options: OpenBestOptions,
  trials: readonly { readonly device: DeviceName; readonly report: Promise<Report> }[],
): Promise<OpenedModel> {
  // In any case: what is wrong with the folder shows here, not as the fault of some device.
  const cpu = await openCpu(path, options);
  try {
    const search = new Search(path, options, cpu);
    for (const { device, report } of trials) {
      const model = await search.consider(await report);
      if (!model) continue;
      await cpu.dispose();
      return { model, reports: search.reports(device) };
    }
    const reports = search.reports('cpu');
    if (options.device !== 'auto' && options.strict) {
      const reason = reports[0]?.reason ?? '';
      throw new AppError('deviceUnavailable', reason, { device: options.device, detail: reason });
    }
    return { model: cpu, reports };
  } catch (error) {
    await cpu.dispose();
    throw error;
  }
}

/** Tries every device of this platform, the CPU too, and opens none. `inUse` marks the one that is chosen. */
export async function tryDevices(
  path: string,
  options: { threads: number; inUse: DeviceName; trial?: Trial; signal?: AbortSignal },
): Promise<DeviceReport[]> {
  const reports: DeviceReport[] = [];
  for (const device of [...gpuCandidates(), 'cpu' as const]) {
    // One after another: they are compared by their times.
    const outcome = await tryDevice({ ...options, path, device }, options.signal);
    reports.push({ ...outcome, chosen: device === options.inUse });
  }
  return reports;
}

/** One look for a device faster than the CPU. */
class Search {
  private readonly seen: Report[] = [];
  private cpuMilliseconds: number | undefined;

  constructor(
    private readonly path: string,
    private readonly options: OpenBestOptions,
    private readonly cpu: Model,
  ) {}

  /** The model on the device of this report, or undefined and a report that says why not. */
  async consider(report: Report): Promise<Model | undefined> {
    const { device, available, probeMilliseconds } = report;
    if (!available || probeMilliseconds === undefined) {
      this.seen.push(report);
      return undefined;
    }
    // The user's own choice is not weighed against the CPU.
    if (this.options.device === 'auto') {
      this.cpuMilliseconds ??= await timeProbe(this.cpu);
      if (probeMilliseconds >= this.cpuMilliseconds) {
        this.seen.push({ ...report, reason: 'It works, but is not faster than the CPU.' });
        return undefined;
      }
    }
    try {
      const model = await openModel(this.path, openOptions(device, this.options));
      this.seen.push(report);
      return model;
    } catch (error) {
      this.seen.push({ device, available: false, reason: reasonOf(error) });
      return undefined;
    }
  }

  reports(chosen: DeviceName): DeviceReport[] {
    const cpu = { device: 'cpu' as const, available: true, ...milliseconds(this.cpuMilliseconds) };
    return [...this.seen, cpu].map((report) => ({ ...report, chosen: report.device === chosen }));
  }
}

async function tryDevice(
  what: { path: string; device: DeviceName; threads: number; trial?: Trial },
  signal: AbortSignal | undefined,
): Promise<Report> {
  throwIfAborted(signal);
  const { path, device, threads, trial = forkedTrial() } = what;
  const missing = missingProvider(device) ?? (device === 'cuda' ? await cudaObstacle() : undefined);
  if (missing) return { device, available: false, reason: missing };
  const outcome = await trial({ modelPath: path, device, threads }, signal);
  return outcome.ok
    ? { device, available: true, probeMilliseconds: outcome.milliseconds }
    : { device, available: false, reason: outcome.reason };
}

function gpuCandidates(): readonly DeviceName[] {
  return GPU_ORDER[process.platform] ?? [];
}

/** Why there is no use in trying, if there is none: the provider is not in this platform's build of the runtime. */
function missingProvider(device: DeviceName): string | undefined {
  const names = listSupportedBackends().map(({ name }) => name);
  if (names.includes(device)) return undefined;
  const target = `${process.platform}-${process.arch}`;
  return `ONNX Runtime for ${target} has no provider '${device}', only ${names.join(', ')}.`;
}

async function openCpu(path: string, options: OpenBestOptions): Promise<Model> {
  return openModel(path, openOptions('cpu', options));
}

function openOptions(device: DeviceName, options: OpenBestOptions): OpenModelOptions {
  const { threads, attention, precision } = options;
  return {
    device,
    threads,
    ...(attention ? { attention } : {}),
    ...(precision ? { precision } : {}),
  };
}

function cpuOnly(): DeviceReport {
  return { device: 'cpu', available: true, chosen: true };
}

function milliseconds(value: number | undefined): { probeMilliseconds?: number } {
  return value === undefined ? {} : { probeMilliseconds: value };
}
