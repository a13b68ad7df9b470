import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { join } from 'node:path';
import type { DeviceReport } from '../../src/protocol/engine';
import { modelFixture, requireCli, runCli, temporaryFolder } from './support/cli';

describe('cli model, devices and bench', function () {
  this.timeout(300_000);
  before(requireCli);

  const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
    const result = await runCli([...args, '--json']);
    equal(result.code, 0, result.stderr);
    return JSON.parse(result.stdout) as Record<string, unknown>;
  };

  it('adds up the parameters of the default model', async () => {
    const { parameters, types } = await json('model');
    const counts = parameters as Record<string, number> & Record<'encoder' | 'decoder', Stack>;
    deepEqual(types, ['F32', 'I8']);
    // 16,000 x 512, six encoder layers, two decoder layers with one attention more.
    equal(counts['embedding'], 8_192_000);
    equal(counts.encoder.total, 6 * 3_152_384);
    equal(counts.decoder.total, 2 * 4_204_032);
    equal(counts['total'], 35_514_368);
    const { stdout } = await runCli(['model']);
    match(stdout, /^headlight-/);
    match(stdout, /total +35,514,368\n/);
  });

  interface Stack {
    readonly total: number;
  }

  it('shows a model without reading its weights', async () => {
    const folder = await temporaryFolder();
    try {
      const model = join(folder.path, 'model');
      await modelFixture('uneven-stacks', model);
      const { config } = await json('model', '--model', model);
      const { encoder, decoder } = config as Record<'encoder' | 'decoder', { layers: number }>;
      ok(encoder.layers !== decoder.layers);
    } finally {
      await folder.remove();
    }
  });

  describe('devices', () => {
    const before = process.env['XDG_CACHE_HOME'];
    let cache: Awaited<ReturnType<typeof temporaryFolder>>;

    beforeEach(async () => {
      cache = await temporaryFolder();
      process.env['XDG_CACHE_HOME'] = cache.path;
    });
    afterEach(async () => {
      if (before === undefined) delete process.env['XDG_CACHE_HOME'];
      else process.env['XDG_CACHE_HOME'] = before;
      await cache.remove();
    });

    it('says of every device whether it is usable, and why not', async () => {
      const result = await runCli(['devices', '--json']);
      equal(result.code, 0, result.stderr);
      const devices = JSON.parse(result.stdout) as DeviceReport[];
      const cpu = devices.find(({ device }) => device === 'cpu');
      equal(cpu?.available, true);
      equal(devices.filter(({ chosen }) => chosen).length, 1);
      for (const { available, reason } of devices)
        ok(available || reason, 'a refusal has a reason');
    });

    it('shows a table, of what was found earlier until it is told to probe', async () => {
      const measured = async (...args: string[]): Promise<string> => {
        const { code, stdout, stderr } = await runCli(['devices', ...args]);
        equal(code, 0, stderr);
        const [head = '', , ...rows] = stdout.split('\n');
        match(head, /^provider +found +library or reason +probe \(ms\) +measured +chosen$/u);
        const row = rows.find((line) => line.startsWith('cpu '));
        const [, when = ''] =
          /^cpu +yes +\S.* [\d.]+ +(\w+) +(?:yes|no: .+)$/u.exec(row ?? '') ?? [];
        return when;
      };
      equal(await measured(), 'now');
      equal(await measured(), 'earlier');
      equal(await measured('--probe'), 'now');
    });
  });

  it('measures itself', async () => {
    const figures = await json('bench', '--quick', '--device', 'cpu');
    for (const name of ['loadMilliseconds', 'sentenceP50', 'greedyTokensPerSecond', 'peakMiB'])
      ok(Number(figures[name]) > 0, `${name} is ${String(figures[name])}`);
    ok(Number(figures['sentenceP95']) >= Number(figures['sentenceP50']));
  });
});
