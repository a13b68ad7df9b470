import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { AppError } from '../../src/common/errors';
import { openBestModel } from '../../src/engine/devices';
import { forkedTrial } from '../../src/engine/trial';
import type { EngineClient } from '../../src/host/engine/client';
import type { DeviceReport } from '../../src/protocol/engine';
import {
  buildEngine,
  type BuiltEngine,
  clientOf,
  GREEDY,
  loadParams,
  translateParams,
} from './support/engine';
import type { LostAndRepeated } from './support/loseDevice';
import { runScript } from './support/runScript';
import { NO_GPU, softwareGpu } from './support/softwareGpu';
import { type TinyModel, writeTinyModel } from './support/tinyModel';

function reportOf(reports: readonly DeviceReport[], device: string): DeviceReport {
  const report = reports.find((candidate) => candidate.device === device);
  assert.ok(report, `no report of ${device}`);
  return report;
}

describe('devices', function () {
  // A software GPU beside other work: seconds for a few steps.
  this.timeout(600_000);
  let engine: BuiltEngine;
  let tiny: TinyModel;
  let gpu: Record<string, string>;
  let client: EngineClient | undefined;

  before(async () => {
    gpu = await softwareGpu();
    engine = await buildEngine();
    tiny = await writeTinyModel();
  });

  after(async () => {
    await engine.remove();
    await tiny.remove();
  });

  afterEach(async () => {
    await client?.stop();
    client?.dispose();
    client = undefined;
  });

  function start(env: Record<string, string>): EngineClient {
    client = clientOf(engine.path, { env });
    return client;
  }

  it('a named device that works is used, and translates as the CPU does', async () => {
    const params = translateParams(['It is a and the, in the. Call `map` to.'], {
      decoding: { ...GREEDY, maxTokens: 6 },
    });
    const onCpu = start(gpu);
    await onCpu.request('load', loadParams({ modelPath: tiny.path }));
    const expected = await onCpu.request('translate', params);
    await onCpu.stop();
    const onGpu = start(gpu);
    const info = await onGpu.request(
      'load',
      loadParams({ modelPath: tiny.path, device: 'webgpu' }),
    );
    assert.equal(info.device, 'webgpu', JSON.stringify(info.devices));
    const report = reportOf(info.devices, 'webgpu');
    assert.deepEqual([report.available, report.chosen], [true, true]);
    assert.ok((report.probeMilliseconds ?? 0) > 0);
    assert.equal(reportOf(info.devices, 'cpu').chosen, false);
    const result = await onGpu.request('translate', params);
    assert.deepEqual(
      result.results.map(({ text }) => text),
      expected.results.map(({ text }) => text),
    );
  });

  it('auto refuses a GPU that is none, and says what it is', async () => {
    const info = await start(gpu).request(
      'load',
      loadParams({ modelPath: tiny.path, device: 'auto' }),
    );
    assert.equal(info.device, 'cpu');
    const [webgpu, cpu] = [reportOf(info.devices, 'webgpu'), reportOf(info.devices, 'cpu')];
    assert.deepEqual([webgpu.available, webgpu.chosen, cpu.chosen], [true, false, true]);
    assert.deepEqual([webgpu.software, webgpu.refusal], [true, 'software']);
    assert.match(webgpu.library ?? '', /libvk_swiftshader/u);
    assert.ok((webgpu.probeMilliseconds ?? 0) > 0);
  });

  it('a named device that does not work leaves the CPU, with the runtime’s own words', async () => {
    const info = await start(NO_GPU).request(
      'load',
      loadParams({ modelPath: tiny.path, device: 'webgpu' }),
    );
    assert.equal(info.device, 'cpu');
    const report = reportOf(info.devices, 'webgpu');
    assert.deepEqual([report.available, report.chosen], [false, false]);
    assert.match(report.reason ?? '', /No session on webgpu: .*adapter/u);
  });

  it('the devices of the platform can be tried again at any time', async () => {
    const engineClient = start(gpu);
    await engineClient.request('load', loadParams({ modelPath: tiny.path }));
    const reports = await engineClient.request('devices', {});
    assert.deepEqual(
      reports.map(({ device, available, chosen }) => [device, available, chosen]),
      [
        ['cuda', false, false],
        ['webgpu', true, false],
        ['cpu', true, true],
      ],
    );
  });

  it('a driver that crashes is a reason, not the end of the engine', async () => {
    const trial = forkedTrial(join(__dirname, 'support', 'crashingTrial.mjs'));
    const outcome = await trial({ modelPath: tiny.path, device: 'webgpu', threads: 1 });
    assert.ok(!outcome.ok);
    assert.match(outcome.reason, /^The trial process ended: SIGABRT\.\ndriver fault at 0xdead\n/u);
  });

  it('a trial is given up when the load is cancelled', async () => {
    const abort = new AbortController();
    const trial = forkedTrial(join(__dirname, 'support', 'fakeEngine.mjs'));
    const call = trial({ modelPath: tiny.path, device: 'webgpu', threads: 1 }, abort.signal);
    abort.abort();
    await assert.rejects(call, (error: AppError) => error.code === 'cancelled');
  });

  it('strict: a named device that does not work is an error', async () => {
    await assert.rejects(
      openBestModel(tiny.path, {
        device: 'webgpu',
        threads: 1,
        strict: true,
        trial: () => Promise.resolve({ ok: false, reason: 'no adapter' }),
      }),
      (error: AppError) => error.code === 'deviceUnavailable' && error.message === 'no adapter',
    );
  });

  it('a provider that this platform’s runtime does not have is not tried', async () => {
    const { model, reports } = await openBestModel(tiny.path, {
      device: 'coreml',
      threads: 1,
      trial: () => assert.fail('tried'),
    });
    await model.dispose();
    assert.match(reportOf(reports, 'coreml').reason ?? '', /no provider 'coreml', only cpu, /u);
  });

  it('auto says of every device what it took or why it was refused', async () => {
    const { model, reports } = await openBestModel(tiny.path, {
      device: 'auto',
      threads: 1,
      trial: ({ device }) =>
        Promise.resolve(device === 'cuda' ? assert.fail('tried') : { ok: true, milliseconds: 1e9 }),
    });
    await model.dispose();
    assert.equal(model.device, 'cpu');
    // Without CUDA support it is not even tried.
    assert.match(reportOf(reports, 'cuda').reason ?? '', /^CUDA support is not installed/u);
    assert.equal(reportOf(reports, 'webgpu').probeMilliseconds, 1e9);
    assert.ok((reportOf(reports, 'cpu').probeMilliseconds ?? 0) > 0);
  });

  it('repeats a run that fails on a GPU on the CPU, once, and stays there', async () => {
    const lost = await runScript<LostAndRepeated>('loseDevice.ts', [tiny.path], gpu);
    assert.deepEqual(lost.failing, ['webgpu', 'cpu']);
    assert.equal(lost.after, 'cpu');
    assert.deepEqual(lost.wrong, ['cpu'], 'what is no fault of the device is not repeated');
    assert.deepEqual(lost.info?.lost, { device: 'webgpu', reason: 'The device is lost.' });
  });

  it('goes on with the CPU where the process dies on a GPU in the middle of a run', async () => {
    client = clientOf(engine.path, { env: gpu });
    const params = loadParams({ modelPath: tiny.path, device: 'webgpu' });
    const info = await client.request('load', params);
    assert.equal(info.device, 'webgpu', JSON.stringify(info.devices));
    const text = 'Open the file. Close the window. Save the page.';
    const call = client.request('translate', translateParams([text], { decoding: GREEDY }));
    process.kill(client.pid ?? assert.fail('no engine runs'), 'SIGKILL');
    const { results } = await call;
    const { model } = await client.request('status', {});
    assert.equal(model?.device, 'cpu');
    assert.equal(model.lost?.device, 'webgpu');
    const again = await client.request('translate', translateParams([text], { decoding: GREEDY }));
    assert.deepEqual(again.results, results);
    // The user's own choice tries the device anew.
    assert.equal((await client.request('load', params)).device, 'webgpu');
  });
});
