import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { FIXTURES } from './support/golden';

/** Opens a model, uses it and ends; bundled as the product is, because the order of imports is what is tested. */
const PROGRAM = `
import { openModel } from './src/engine/model';
openModel(${JSON.stringify(join(FIXTURES, 'one-head'))}, { device: 'cpu', threads: 1 }).then(async (model) => {
  await model.generate([[5, 1]], { beam: 1, lengthPenalty: 1, maxTokens: 3, nBest: 1 });
  await model.dispose();
});
`;

describe('onnxruntime', () => {
  it('leaves no trace in the home folder: its telemetry is off', async function () {
    this.timeout(60_000);
    const root = join(__dirname, '../..');
    const cache = join(root, '.cache');
    const temporary = mkdtempSync(join(tmpdir(), 'headlight-home-'));
    const outfile = join(cache, `telemetry-${process.pid}.cjs`);
    try {
      buildSync({
        stdin: { contents: PROGRAM, resolveDir: root, loader: 'ts' },
        bundle: true,
        platform: 'node',
        format: 'cjs',
        external: ['onnxruntime-node'],
        outfile,
      });
      const env = { PATH: process.env.PATH, HOME: temporary, TMPDIR: temporary };
      await promisify(execFile)(process.execPath, [outfile], { env, cwd: root });
      assert.deepEqual(readdirSync(temporary), []);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
      rmSync(outfile, { force: true });
    }
  });
});
