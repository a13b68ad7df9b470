import assert from 'node:assert/strict';
import { decodeHalf } from '../../src/attention/half';
import { AppError } from '../../src/common/errors';
import { AttentionRuns, type InspectParts } from '../../src/engine/attentionRuns';
import { readTokenizer } from '../../src/engine/folder';
import { openModel } from '../../src/engine/model';
import { Turns } from '../../src/engine/turns';
import type { Model } from '../../src/engine/types';
import type { InspectParams, ModelInfo } from '../../src/protocol/engine';
import { ATTENTION_KINDS, HEAD_METRICS, layersOf, mapIndex } from '../../src/protocol/panel';

const FOLDER = 'models/default';
const TEXT = '  // Call `free()` once. Then leave.';
const PARAMS: InspectParams = {
  text: TEXT,
  target: 'auto',
  decoding: { beam: 1, lengthPenalty: 1, maxTokens: 64 },
  protectPatterns: [],
};

describe('attention runs', function () {
  this.timeout(120_000);
  const { signal } = new AbortController();
  let model: Model;
  let parts: InspectParts;

  before(async () => {
    model = await openModel(FOLDER, { device: 'cpu', threads: 1 });
    const tokenizer = await readTokenizer(FOLDER);
    const info = { name: 'default' } as ModelInfo;
    parts = { model, info, tokenizer, turns: new Turns() };
  });
  after(() => model?.dispose());

  it('gives every map of the sentence: rows sum to 1, nothing looks ahead', async () => {
    const runs = new AttentionRuns();
    const run = await runs.inspect(parts, PARAMS, signal);
    for (const kind of ATTENTION_KINDS) {
      for (let layer = 0; layer < layersOf(run, kind); layer++) {
        for (let head = 0; head < run.heads; head++) {
          const map = runs.head({ runId: run.runId, kind, layer, head });
          assert.equal(map.weights.length, map.queries * map.keys);
          assert.equal(map.weights.buffer.byteLength, map.weights.byteLength);
          const weights = decodeHalf(map.weights);
          for (let query = 0; query < map.queries; query++) {
            const row = weights.subarray(query * map.keys, (query + 1) * map.keys);
            const sum = row.reduce((total, weight) => total + weight, 0);
            assert.ok(Math.abs(sum - 1) < 2e-3, `${kind} ${layer}.${head} row ${query}: ${sum}`);
            if (kind === 'decoder')
              assert.ok(row.subarray(query + 1).every((weight) => weight === 0));
          }
        }
      }
    }
  });

  it('places tokens in the text given, code behind a placeholder too', async () => {
    const run = await new AttentionRuns().inspect(parts, PARAMS, signal);
    const code = run.source.find(({ text }) => text === '<c0>');
    assert.ok(code);
    assert.ok('`free()`'.includes(TEXT.slice(code.start, code.end)) && code.end > code.start);
    const call = run.source.find(({ text }) => text.trim() === 'Call');
    assert.equal(call && TEXT.slice(call.start, call.end).trim(), 'Call');
    assert.deepEqual(run.source.at(-1), { text: '</s>', start: -1, end: -1, special: true });
    assert.equal(run.target[0]?.special, true);
  });

  it('describes every head by finite measures, except where one has no meaning', async () => {
    const run = await new AttentionRuns().inspect(parts, PARAMS, signal);
    const next = HEAD_METRICS.indexOf('next');
    const at = (kind: 'encoder' | 'decoder' | 'cross') =>
      run.metrics[mapIndex(run, kind, 0, 0) * HEAD_METRICS.length + next];
    assert.ok(Number.isFinite(at('encoder')));
    assert.ok(Number.isNaN(at('decoder')), 'a causal map has no next token');
    assert.ok(Number.isNaN(at('cross')), 'a cross map has no offsets');
    const entropies = run.metrics.filter((_, i) => i % HEAD_METRICS.length === 0);
    assert.ok(entropies.every((entropy) => entropy > 0 && entropy < Math.log(64)));
  });

  it('keeps the last three runs and refuses others by code', async () => {
    const runs = new AttentionRuns();
    const ids: number[] = [];
    for (let i = 0; i < 4; i++) ids.push((await runs.inspect(parts, PARAMS, signal)).runId);
    const request = { kind: 'cross', layer: 0, head: 0 } as const;
    const refused = (runId: number, layer = 0) =>
      assert.throws(
        () => runs.head({ ...request, runId, layer }),
        (error) => error instanceof AppError && error.code === 'invalidArgument',
      );
    refused(ids[0] as number);
    refused(ids[3] as number, 2);
    assert.equal(runs.head({ ...request, runId: ids[1] as number }).kind, 'cross');
  });

  it('refuses a text without a sentence, and stops when it is cancelled', async () => {
    const runs = new AttentionRuns();
    await assert.rejects(runs.inspect(parts, { ...PARAMS, text: '`a` 12' }, signal), {
      code: 'invalidArgument',
    });
    const abort = new AbortController();
    const inspecting = runs.inspect(parts, PARAMS, abort.signal);
    abort.abort();
    await assert.rejects(inspecting, { code: 'cancelled' });
  });
});
