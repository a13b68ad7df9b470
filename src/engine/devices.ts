import { env, listSupportedBackends } from './onnxruntime';
import { throwIfAborted } from '../common/async';
import { AppError } from '../common/errors';
import type { DeviceChoice, DeviceName, DeviceRefusal, DeviceReport } from '../protocol/engine';
import { cudaObstacle, type Obstacle } from './cuda';
import { openModel } from './model';
import { timeProbe } from './probe';
import { forkedTrial, reasonOf, type Trial } from './trial';
import type { Model, OpenModelOptions } from './types';
import { type Finding, forgetDevice, verdictKey, Verdicts } from './verdicts';

/** What may be faster than the CPU, best guess first. Windows' CUDA build is not in the package; DirectML covers its GPUs. */
const GPU_ORDER: Readonly<Partial<Record<NodeJS.Platform, readonly DeviceName[]>>> = {
  linux: ['cuda', 'webgpu'],
  win32: ['dml', 'webgpu'],
  darwin: ['coreml', 'webgpu'],
};

export interface ProbeOptions {
  readonly threads: number;
  /** How a device is tried; by default in a process forked from the engine's bundle. */
  readonly trial?: Trial;
  /** Where findings are kept from one start to the next; absent: nowhere. */
  readonly verdictFile?: string;
  /** Called after each device: a driver that hangs takes its time, and the next one may hang, too. */
  readonly onFound?: () => void;
  readonly signal?: AbortSignal;
}

export interface OpenBestOptions extends ProbeOptions {
  readonly device: DeviceChoice;
  readonly attention?: OpenModelOptions['attention'];
  readonly precision?: OpenModelOptions['precision'];
  /** A named device that fails is an error (deviceUnavailable) instead of a report beside a model on the CPU. */
  readonly strict?: boolean;
  /** How the CPU is timed; by default by the same probe as the devices. */
  readonly timeCpu?: (model: Model) => Promise<number>;
}

export interface OpenedModel {
  readonly model: Model;
  /** The devices that were looked at, the chosen one among them. */
  readonly reports: DeviceReport[];
}

/**
 * Opens a model on the device asked for. `auto` looks at the platform's devices and takes the one with the shortest probe, if
 * that is shorter than the CPU's and a graphics card does it. A named device that fails leaves the model on the CPU with the
 * reason in its report: a translator that is slow is of more use than none.
 *
 * Throws what `openModel` throws for the folder, `cancelled`, and `deviceUnavailable` if the CPU fails or with `strict`.
 */
export async function openBestModel(path: string, options: OpenBestOptions): Promise<OpenedModel> {
  const { device, strict = false } = options;
  // In any case: what is wrong with the folder shows here, not as the fault of some device.
  const cpu = await openOn(path, 'cpu', options);
  if (device === 'cpu') return { model: cpu, reports: [{ device, available: true, chosen: true }] };
  try {
    const probes = await Probes.open(path, options);
    const named = device !== 'auto';
    const found: Finding[] = [];
    for (const name of named ? [device] : gpuCandidates())
      // Who names a device that was of no use may have done something about it.
      found.push(await probes.find(name, named ? 'usable' : 'all'));
    // The user's own choice is not weighed against the CPU.
    const weighed = !named && found.some(({ available, software }) => available && !software);
    const cpuFinding: Finding = weighed
      ? await probes.findCpu(() => (options.timeCpu ?? timeProbe)(cpu))
      : { device: 'cpu', available: true };
    const choice = named ? found.filter(({ available }) => available) : faster(found, cpuFinding);
    for (const finding of choice) {
      const model = await openOn(path, finding.device, options).catch(async (error: unknown) => {
        if (options.verdictFile) await forgetDevice(options.verdictFile, finding.device);
        const reason = reasonOf(error);
        found[found.indexOf(finding)] = { device: finding.device, available: false, reason };
      });
      if (!model) continue;
      await cpu.dispose();
      return { model, reports: probes.reports([...found, cpuFinding], model.device) };
    }
    const reason = found[0]?.reason ?? '';
    if (named && strict)
      throw new AppError('deviceUnavailable', reason, { device, detail: reason });
    return { model: cpu, reports: probes.reports([...found, cpuFinding], 'cpu') };
  } catch (error) {
    await cpu.dispose();
    throw error;
  }
}

/**
 * Looks at every device of this platform, the CPU too, and opens none. `fresh`: what was found earlier does not count.
 * `inUse`: the device that was chosen; absent: the one that `auto` would take. Throws cancelled, modelNotFound.
 */
export async function tryDevices(
  path: string,
  options: ProbeOptions & { readonly inUse?: DeviceName; readonly fresh: boolean },
): Promise<DeviceReport[]> {
  const probes = await Probes.open(path, options);
  const found: Finding[] = [];
  for (const device of [...gpuCandidates(), 'cpu' as const])
    found.push(await probes.find(device, options.fresh ? 'none' : 'all'));
  const cpu = found.find(({ device }) => device === 'cpu');
  const best = cpu && faster(found, cpu)[0];
  return probes.reports(found, options.inUse ?? best?.device ?? 'cpu');
}

/** The findings that are better than the CPU's, best first. A device as fast as the CPU is not worth its risks. */
function faster(found: readonly Finding[], cpu: Finding): Finding[] {
  return found
    .filter((finding) => refusalOf(finding, cpu) === undefined && finding.available)
    .sort((a, b) => milliseconds(a) - milliseconds(b));
}

function refusalOf(finding: Finding, cpu: Finding): DeviceRefusal | undefined {
  if (!finding.available) return undefined;
  if (finding.software) return 'software';
  return milliseconds(finding) >= milliseconds(cpu) ? 'slower' : undefined;
}

function milliseconds({ probeMilliseconds = Infinity }: Finding): number {
  return probeMilliseconds;
}

/** What the devices are with one model: found now, one after another since they are compared by their times, or earlier. */
class Probes {
  private readonly stored = new Set<Finding>();

  private constructor(
    private readonly path: string,
    private readonly options: ProbeOptions,
    private readonly verdicts: Verdicts | undefined,
  ) {}

  static async open(path: string, options: ProbeOptions): Promise<Probes> {
    const { threads, verdictFile } = options;
    if (verdictFile === undefined) return new Probes(path, options, undefined);
    const key = await verdictKey(path, threads, env.versions.node ?? '');
    return new Probes(path, options, await Verdicts.open(verdictFile, key));
  }

  /** `accept`: which earlier findings stand. */
  async find(
    device: DeviceName,
    accept: 'all' | 'usable' | 'none',
  ): Promise<Finding & Partial<Obstacle>> {
    const obstacle = await obstacleTo(device);
    if (obstacle) return { device, available: false, ...obstacle };
    const earlier = accept === 'none' ? undefined : this.earlier(device);
    if (earlier && (earlier.available || accept === 'all')) return earlier;
    const finding = await tryDevice(this.path, device, this.options);
    this.options.onFound?.();
    await this.verdicts?.keep(finding);
    return finding;
  }

  async findCpu(time: () => Promise<number>): Promise<Finding> {
    const earlier = this.earlier('cpu');
    if (earlier) return earlier;
    const finding = { device: 'cpu', available: true, probeMilliseconds: await time() } as const;
    await this.verdicts?.keep(finding);
    return finding;
  }

  reports(found: readonly Finding[], inUse: DeviceName): DeviceReport[] {
    const cpu = found.find(({ device }) => device === 'cpu') ?? { device: 'cpu', available: true };
    return found.map((finding) => {
      const { device, available } = finding;
      const chosen = device === inUse;
      const why = device === 'cpu' ? undefined : refusalOf(finding, cpu);
      return {
        ...finding,
        chosen,
        ...(available && !chosen ? { refusal: why ?? 'other' } : {}),
        ...(this.stored.has(finding) ? { stored: true } : {}),
      };
    });
  }

  private earlier(device: DeviceName): Finding | undefined {
    const finding = this.verdicts?.find(device);
    if (finding) this.stored.add(finding);
    return finding;
  }
}

async function tryDevice(
  path: string,
  device: DeviceName,
  { threads, trial = forkedTrial(), signal }: ProbeOptions,
): Promise<Finding> {
  throwIfAborted(signal);
  const outcome = await trial({ modelPath: path, device, threads }, signal);
  if (!outcome.ok) return { device, available: false, reason: outcome.reason };
  const { library, software } = outcome;
  return {
    device,
    available: true,
    probeMilliseconds: outcome.milliseconds,
    ...(library === undefined ? {} : { library }),
    ...(software === undefined ? {} : { software }),
  };
}

function gpuCandidates(): readonly DeviceName[] {
  return GPU_ORDER[process.platform] ?? [];
}

/** Why there is no use in trying, as far as that shows without a process of the device's own. */
async function obstacleTo(device: DeviceName): Promise<Obstacle | undefined> {
  const names = listSupportedBackends().map(({ name }) => name);
  if (names.includes(device)) return device === 'cuda' ? cudaObstacle() : undefined;
  const target = `${process.platform}-${process.arch}`;
  const reason = `ONNX Runtime for ${target} has no provider '${device}', only ${names.join(', ')}.`;
  return { reason, obstacle: 'noProvider' };
}

function openOn(path: string, device: DeviceName, options: OpenBestOptions): Promise<Model> {
  const { threads, attention, precision } = options;
  return openModel(path, {
    device,
    threads,
    ...(attention ? { attention } : {}),
    ...(precision ? { precision } : {}),
  });
}
