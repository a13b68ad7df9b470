import assert from 'node:assert/strict';
import { decodeHalf } from '../../src/attention/half';
import type { Hypothesis } from '../../src/engine/types';
import type { Generated } from './support/generateOn';
import { runScript } from './support/runScript';
import { softwareGpu } from './support/softwareGpu';
import { type TinyModel, writeTinyModel } from './support/tinyModel';

/** Of float32 sums in another order. */
const CLOSE = 1e-3;

/** The real provider on a GPU in software, with a model that is small enough for it. */
describe('WebGPU', function () {
  this.timeout(600_000);
  let tiny: TinyModel;
  let cpu: Generated;
  let webgpu: Generated;

  before(async () => {
    const gpu = await softwareGpu();
    tiny = await writeTinyModel();
    cpu = await runScript<Generated>('generateOn.ts', [tiny.path, 'cpu'], gpu);
    webgpu = await runScript<Generated>('generateOn.ts', [tiny.path, 'webgpu'], gpu);
    assert.deepEqual([cpu.device, webgpu.device], ['cpu', 'webgpu']);
  });
  after(() => tiny.remove());

  function assertSame(got: Hypothesis[][], expected: Hypothesis[][]): void {
    const ids = (rows: Hypothesis[][]) => rows.map((row) => row.map((best) => best.ids));
    assert.deepEqual(ids(got), ids(expected));
    const all = expected.flat();
    got.flat().forEach(({ logProbability }, index) => close(logProbability, all[index]));
  }

  function close(got: number, expected: Hypothesis | undefined): void {
    const difference = Math.abs(got - (expected?.logProbability ?? NaN));
    assert.ok(difference < CLOSE, `off by ${difference}`);
  }

  function assertClose(name: string, got: Float32Array, expected: Float32Array): void {
    assert.equal(got.length, expected.length, name);
    const difference = got.reduce(
      (most, value, index) => Math.max(most, Math.abs(value - (expected[index] ?? NaN))),
      0,
    );
    assert.ok(difference < CLOSE, `${name} is off by ${difference}`);
  }

  it('decodes 50 sentences to the CPU’s tokens', () => {
    assert.equal(cpu.greedy.length, 50);
    assertSame(webgpu.greedy, cpu.greedy);
  });

  it('finds the same hypotheses of 50 sentences by a beam of 4', () => {
    assert.ok(cpu.beam.every((row) => row.length === 4));
    assertSame(webgpu.beam, cpu.beam);
  });

  it('gives two models that are asked at once what it gives one', () => {
    assert.equal(webgpu.together.length, 2);
    const alone = webgpu.greedy.slice(0, 1);
    for (const rows of webgpu.together) assertSame(rows, alone);
  });

  it('captures the CPU’s attention maps, value norms and logits', () => {
    const [got, expected] = [webgpu.capture, cpu.capture];
    for (const kind of ['encoder', 'decoder', 'cross'] as const) {
      assert.ok(expected.maps[kind].length > 0);
      assertClose(kind, decodeHalf(got.maps[kind]), decodeHalf(expected.maps[kind]));
      assertClose(`${kind} norms`, got.valueNorms[kind], expected.valueNorms[kind]);
    }
    assertClose('logits', got.logits, expected.logits);
  });

  it('keeps keys and values in the device’s memory from run to run, and gives only tokens back', () => {
    const at = (location: string) => {
      const entries = Object.entries(webgpu.locations);
      return entries.flatMap(([name, place]) => (place === location ? [name] : [])).sort();
    };
    assert.deepEqual(at('gpu-buffer'), [
      'cross_key_0',
      'cross_value_0',
      'present_key_0',
      'present_value_0',
      'source_bias',
    ]);
    assert.deepEqual(at('cpu'), ['top_ids', 'top_log_probabilities']);
    assert.deepEqual(new Set(Object.values(cpu.locations)), new Set(['cpu']));
  });
});
