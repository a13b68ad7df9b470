import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { DeviceName, DeviceReport } from '../protocol/engine';
import { deviceFinding } from '../protocol/engineGuards';
import { anObject, arrayOf, aString } from '../protocol/shape';
import { modelIdentity } from './folder';
import { graphicsIdentity } from './graphics';

/** What a device was found to be when it was tried, without the choice that was made by it. */
export type Finding = Omit<DeviceReport, 'chosen' | 'refusal' | 'stored' | 'obstacle' | 'missing'>;

/** Several models, settings and drivers side by side; the oldest go. */
const MOST = 32;

const storedFile = anObject({
  verdicts: arrayOf(anObject({ key: aString, finding: deviceFinding })),
});
type Verdict = ReturnType<typeof storedFile>['verdicts'][number];

/** Everything that a verdict holds for: what changes any of it makes the verdict another one's. */
export interface VerdictKey {
  /** Graphics cards, drivers, processor: see graphicsIdentity. */
  readonly machine: string;
  /** See modelIdentity. */
  readonly model: string;
  readonly threads: number;
  /** Of onnxruntime, and of this program. */
  readonly versions: string;
}

/** The key for a model on this machine, with this program. Throws modelNotFound. */
export async function verdictKey(
  modelPath: string,
  threads: number,
  runtimeVersion: string,
): Promise<VerdictKey> {
  // The program as it lies there: a version in development has no number of its own.
  const { size, mtimeMs } = await stat(__filename);
  return {
    machine: await graphicsIdentity(),
    model: await modelIdentity(resolve(modelPath)),
    threads,
    versions: [runtimeVersion, size, mtimeMs].join('\n'),
  };
}

/** What the devices of this machine were found to be at earlier starts, in a file. */
export class Verdicts {
  private constructor(
    private readonly file: string,
    private readonly key: VerdictKey,
    private verdicts: readonly Verdict[],
  ) {}

  /** A file that is missing or damaged is as good as an empty one: it costs new probes. */
  static async open(file: string, key: VerdictKey): Promise<Verdicts> {
    return new Verdicts(file, key, await read(file));
  }

  find(device: DeviceName): Finding | undefined {
    const key = this.hash(device);
    return this.verdicts.find((verdict) => verdict.key === key)?.finding;
  }

  async keep(finding: Finding): Promise<void> {
    const key = this.hash(finding.device);
    // Another window's engine may have written since.
    const others = (await read(this.file)).filter((verdict) => verdict.key !== key);
    this.verdicts = [...others, { key, finding }].slice(-MOST);
    await write(this.file, this.verdicts);
  }

  private hash(device: DeviceName): string {
    const { machine, model, threads, versions } = this.key;
    const parts = JSON.stringify([device, machine, model, threads, versions]);
    return createHash('sha256').update(parts).digest('hex');
  }
}

/** Of a device that failed after all: whatever it was found with, it is looked at anew. */
export async function forgetDevice(file: string, device: DeviceName): Promise<void> {
  await write(
    file,
    (await read(file)).filter(({ finding }) => finding.device !== device),
  );
}

/** Where it cannot be written, the next start probes again. */
async function write(file: string, verdicts: readonly Verdict[]): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, JSON.stringify({ verdicts }, null, 1));
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function read(file: string): Promise<readonly Verdict[]> {
  try {
    return storedFile(JSON.parse(await readFile(file, 'utf8')), file).verdicts;
  } catch {
    return [];
  }
}
