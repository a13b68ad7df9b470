import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBestModel, tryDevices, type OpenBestOptions } from '../../src/engine/devices';
import { ModelKeeper } from '../../src/engine/modelKeeper';
import { Turns } from '../../src/engine/turns';
import { forgetDevice, verdictKey, Verdicts, type VerdictKey } from '../../src/engine/verdicts';
import type { Trial, TrialOutcome } from '../../src/engine/trial';
import type { DeviceReport } from '../../src/protocol/engine';
import { loadParams } from './support/engine';
import { type TinyModel, writeTinyModel } from './support/tinyModel';

const USABLE: TrialOutcome = { ok: true, milliseconds: 5, library: 'libcard.so', software: false };

describe('verdicts on devices', function () {
  this.timeout(60_000);
  let tiny: TinyModel;
  let folder: string;
  let verdictFile: string;
  /** Devices in the order they were probed, the CPU included. */
  let probed: string[];
  let outcome: TrialOutcome;
  let cpuMilliseconds: number;

  before(async () => {
    tiny = await writeTinyModel();
  });
  after(() => tiny.remove());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headlight-verdicts-'));
    verdictFile = join(folder, 'new', 'devices.json');
    probed = [];
    outcome = USABLE;
    cpuMilliseconds = 4;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const trial: Trial = ({ device }) => {
    probed.push(device);
    return Promise.resolve(outcome);
  };

  async function open(changes: Partial<OpenBestOptions> = {}): Promise<DeviceReport[]> {
    const { model, reports } = await openBestModel(tiny.path, {
      device: 'auto',
      threads: 1,
      verdictFile,
      trial,
      timeCpu: () => {
        probed.push('cpu');
        return Promise.resolve(cpuMilliseconds);
      },
      ...changes,
    });
    await model.dispose();
    return reports;
  }

  const webgpu = (reports: readonly DeviceReport[]): DeviceReport =>
    reports.find(({ device }) => device === 'webgpu') ?? assert.fail('no report of webgpu');

  it('are found once and hold at the next start', async () => {
    const first = await open();
    assert.deepEqual(probed, ['webgpu', 'cpu']);
    assert.equal(webgpu(first).stored, undefined);
    const second = await open();
    assert.deepEqual(probed, ['webgpu', 'cpu'], 'nothing is probed again');
    assert.equal(webgpu(second).stored, true);
    assert.deepEqual(
      { ...webgpu(second), stored: undefined },
      { ...webgpu(first), stored: undefined },
    );
  });

  it('hold for devices of no use, too, until one is named', async () => {
    outcome = { ok: false, reason: 'no adapter' };
    await open();
    const [report] = [webgpu(await open())];
    assert.deepEqual(probed, ['webgpu'], 'with no other device the CPU needs no probe');
    assert.equal(report.reason, 'no adapter');
    await open({ device: 'webgpu' });
    assert.deepEqual(probed, ['webgpu', 'webgpu']);
  });

  it('are probed anew when asked to, and the new ones hold', async () => {
    await open();
    outcome = { ...USABLE, milliseconds: 9 };
    const reports = await tryDevices(tiny.path, { threads: 1, trial, verdictFile, fresh: true });
    assert.deepEqual(probed, ['webgpu', 'cpu', 'webgpu', 'cpu']);
    assert.equal(webgpu(reports).probeMilliseconds, 9);
    const again = await tryDevices(tiny.path, { threads: 1, trial, verdictFile, fresh: false });
    assert.equal(probed.length, 4);
    assert.deepEqual([webgpu(again).probeMilliseconds, webgpu(again).stored], [9, true]);
  });

  it('end with the model, the number of threads, the drivers and the versions they hold for', async () => {
    const key = await verdictKey(tiny.path, 1, '1.30.0');
    const finding = { device: 'webgpu', available: true, probeMilliseconds: 5 } as const;
    await (await Verdicts.open(verdictFile, key)).keep(finding);
    const find = async (changes: Partial<VerdictKey>) =>
      (await Verdicts.open(verdictFile, { ...key, ...changes })).find('webgpu');
    assert.deepEqual(await find({}), finding);
    assert.equal((await Verdicts.open(verdictFile, key)).find('cuda'), undefined);
    for (const part of ['machine', 'model', 'versions'] as const)
      assert.equal(await find({ [part]: `${key[part]}2` }), undefined, part);
    assert.equal(await find({ threads: 2 }), undefined);
    assert.notDeepEqual(await verdictKey(tiny.path, 1, '1.31.0'), key);
  });

  it('end with weights that were written again', async () => {
    await open();
    const weights = join(tiny.path, 'model.safetensors');
    const { mtime } = await stat(weights);
    await utimes(weights, mtime, new Date(mtime.getTime() + 60_000));
    await open();
    assert.deepEqual(probed, ['webgpu', 'cpu', 'webgpu', 'cpu']);
  });

  it('end with another driver', async () => {
    const before = process.env['VK_ICD_FILENAMES'];
    try {
      process.env['VK_ICD_FILENAMES'] = join(folder, 'driver.json');
      const missing = await verdictKey(tiny.path, 1, '');
      await writeFile(join(folder, 'driver.json'), '{}');
      const installed = await verdictKey(tiny.path, 1, '');
      await writeFile(join(folder, 'driver.json'), '{ }');
      const updated = await verdictKey(tiny.path, 1, '');
      const machines = [missing, installed, updated].map(({ machine }) => machine);
      assert.equal(new Set(machines).size, 3);
    } finally {
      if (before === undefined) delete process.env['VK_ICD_FILENAMES'];
      else process.env['VK_ICD_FILENAMES'] = before;
    }
  });

  it('end with a device that failed in the middle of a run', async () => {
    await open();
    const keeper = new ModelKeeper(new Turns(), trial, () => undefined);
    const lost = { device: 'webgpu', reason: 'gone' } as const;
    const { signal } = new AbortController();
    await keeper.load(loadParams({ modelPath: tiny.path, verdictFile, lost }), signal);
    await keeper.unload();
    await open();
    assert.deepEqual(probed, ['webgpu', 'cpu', 'webgpu'], 'what the CPU can do still holds');
  });

  it('are no more than can be kept, and none in a damaged file', async () => {
    const key = await verdictKey(tiny.path, 1, '');
    for (let threads = 0; threads < 40; threads++)
      await (
        await Verdicts.open(verdictFile, { ...key, threads })
      ).keep({
        device: 'cpu',
        available: true,
      });
    const stored = JSON.parse(await readFile(verdictFile, 'utf8')) as { verdicts: unknown[] };
    assert.equal(stored.verdicts.length, 32);
    await writeFile(verdictFile, '{"verdicts": [{"key": 1}]}');
    await open();
    assert.deepEqual(probed, ['webgpu', 'cpu']);
    await forgetDevice(verdictFile, 'webgpu');
    await open();
    assert.deepEqual(probed, ['webgpu', 'cpu', 'webgpu']);
  });

  it('choose a device that is faster than the CPU, and no other', async () => {
    const choose = async (device: number, cpu: number) => {
      const reports = await tryDevices(tiny.path, {
        threads: 1,
        fresh: true,
        trial: (request) =>
          Promise.resolve({ ...USABLE, milliseconds: request.device === 'cpu' ? cpu : device }),
      });
      const [chosen] = reports.filter((report) => report.chosen);
      return [chosen?.device, webgpu(reports).refusal];
    };
    assert.deepEqual(await choose(4, 5), ['webgpu', undefined]);
    assert.deepEqual(await choose(5, 5), ['cpu', 'slower'], 'a tie is the CPU’s');
    assert.deepEqual(await choose(6, 5), ['cpu', 'slower']);
  });

  it('leave the model on the CPU where a device is as fast or computes on the CPU itself', async () => {
    cpuMilliseconds = 5;
    assert.equal(webgpu(await open()).refusal, 'slower');
    outcome = { ...USABLE, milliseconds: 0.001, software: true };
    const reports = await open({ verdictFile: join(folder, 'other.json') });
    assert.deepEqual([webgpu(reports).refusal, webgpu(reports).chosen], ['software', false]);
  });
});
