import assert from 'node:assert/strict';
import { decodeHalf } from '../../src/attention/half';
import { AppError } from '../../src/common/errors';
import { AttentionRuns } from '../../src/engine/attentionRuns';
import { readTokenizer } from '../../src/engine/folder';
import type { InspectParts } from '../../src/engine/inspection';
import { MOST_MANIFEST } from '../../src/engine/manifest';
import { openModel } from '../../src/engine/model';
import { TranslationCache } from '../../src/engine/translationCache';
import { Translator } from '../../src/engine/translator';
import { Turns } from '../../src/engine/turns';
import type { Model } from '../../src/engine/types';
import { Writer } from '../../src/engine/writer';
import type {
  AttentionQueryName,
  AttentionQueryParams,
  AttentionQueryResult,
} from '../../src/protocol/attentionQueries';
import {
  ATTENTION_KINDS,
  HEAD_METRICS,
  layersOf,
  mapShape,
  metricOf,
  thumbnailShape,
  valueNormsOf,
  type AttentionRun,
  type PanelToken,
} from '../../src/protocol/attentionRun';
import type { InspectParams, ModelInfo } from '../../src/protocol/engine';
import { DEFAULT_MODEL } from './support/engine';

const TEXT = '  // Call `free()` once. Then leave the **buffer** alone.';
const PARAMS: InspectParams = {
  text: TEXT,
  target: 'auto',
  decoding: { beam: 2, lengthPenalty: 1, maxTokens: 96 },
  protectPatterns: [],
};

describe('attention runs', function () {
  this.timeout(120_000);
  const { signal } = new AbortController();
  let model: Model;
  let parts: InspectParts;
  let runs: AttentionRuns;
  let run: AttentionRun;

  before(async () => {
    model = await openModel(DEFAULT_MODEL, { device: 'cpu', threads: 1 });
    const tokenizer = await readTokenizer(DEFAULT_MODEL);
    const info = { name: 'default', modelPath: DEFAULT_MODEL } as ModelInfo;
    const cache = new TranslationCache(1e6);
    parts = { model, info, tokenizer, identity: 'default', turns: new Turns(), cache };
    runs = new AttentionRuns();
    run = await inspect({});
  });
  after(() => model?.dispose());

  const inspect = (change: Partial<InspectParams>): Promise<AttentionRun> =>
    runs.inspect(parts, { ...PARAMS, ...change }, signal);

  async function ask<N extends AttentionQueryName>(
    of: AttentionRun,
    name: N,
    params: AttentionQueryParams<N>,
  ): Promise<AttentionQueryResult<N>> {
    const query = { runId: of.runId, name, params } as Parameters<AttentionRuns['answer']>[0];
    const answer = await runs.answer(query, signal, parts.turns, (work) => work(parts));
    assert.equal(answer.name, name);
    return answer.result;
  }

  const surfaces = (text: string, tokens: readonly PanelToken[]): string[] =>
    tokens.filter(({ start }) => start >= 0).map(({ start, end }) => text.slice(start, end).trim());

  const refusal = (code: string, what?: string) => (error: unknown) =>
    error instanceof AppError && error.code === code && error.data['what'] === what;

  it('give every map: rows sum to 1, nothing looks ahead', async () => {
    for (const kind of ATTENTION_KINDS) {
      for (let layer = 0; layer < layersOf(run, kind); layer++) {
        for (let head = -1; head < run.heads; head++) {
          const map = await ask(run, 'head', { kind, layer, head });
          assert.deepEqual(
            { queries: map.queries, keys: map.keys, size: map.weights.length },
            { ...mapShape(run, kind), size: map.queries * map.keys },
          );
          assert.equal(map.weights.buffer.byteLength, map.weights.byteLength);
          const weights = decodeHalf(map.weights);
          for (let query = 0; query < map.queries; query++) {
            const row = weights.subarray(query * map.keys, (query + 1) * map.keys);
            const sum = row.reduce((total, weight) => total + weight, 0);
            assert.ok(Math.abs(sum - 1) < 1e-3, `${kind} ${layer}.${head} row ${query}: ${sum}`);
            if (kind === 'decoder')
              assert.ok(row.subarray(query + 1).every((weight) => weight === 0));
          }
        }
      }
    }
  });

  it('give the mean of a layer as the mean of its heads', async () => {
    const heads = Array.from({ length: run.heads }, (_, head) => head);
    const maps = await Promise.all(
      heads.map((head) => ask(run, 'head', { kind: 'cross', layer: 1, head })),
    );
    const mean = decodeHalf(
      (await ask(run, 'head', { kind: 'cross', layer: 1, head: -1 })).weights,
    );
    mean.forEach((weight, i) => {
      const sum = maps.reduce((total, map) => total + (decodeHalf(map.weights)[i] ?? NaN), 0);
      assert.ok(Math.abs(weight - sum / run.heads) < 5e-4);
    });
  });

  it('show all sentences together, in the words of the translate request', async () => {
    const request = { ...PARAMS, call: 1, texts: [TEXT], stream: false };
    const { results } = await new Translator(parts).translate(request);
    assert.equal(results[0]?.text.trim(), `// ${run.targetText}`);
    assert.equal(run.sentence, -1);
    assert.deepEqual(
      run.sentences.map(({ start, end }) => TEXT.slice(start, end)),
      ['Call `free()` once.', 'Then leave the **buffer** alone.'],
    );
    assert.equal(run.selectionLength, TEXT.length);
    assert.deepEqual(run.direction, { source: 'en', target: 'ko' });
    const one = await inspect({ sentence: 1 });
    assert.equal(one.sentence, 1);
    assert.ok(run.targetText.endsWith(one.targetText) && one.targetText !== run.targetText);
    assert.equal(one.source.length, run.sentences[1]?.tokens);
  });

  it('place tokens in the selection and in the translation, code in the place of its placeholder', () => {
    const source = surfaces(TEXT, run.source);
    for (const word of ['Call', '`free()`', 'once', 'Then', '**', 'buffer', 'alone'])
      assert.ok(source.includes(word), `${word} in ${source.join('|')}`);
    const target = surfaces(run.targetText, run.predicted);
    for (const word of ['`free()`', '**'])
      assert.ok(target.includes(word), `${word} in ${target.join('|')}`);
    // Nothing of the translation but blanks is without a token.
    const covered = new Set(
      run.predicted.flatMap(({ start, end }) =>
        Array.from({ length: end - start }, (_, i) => start + i),
      ),
    );
    const missing = [...run.targetText].filter((c, i) => c.trim() !== '' && !covered.has(i));
    assert.deepEqual(missing, []);
    // The same span has one number, different ones have different numbers, over all sentences.
    const placeholders = run.source.filter(({ text }) => /^<c\d+>$/.test(text.trim()));
    assert.deepEqual(
      placeholders.map(({ text }) => text.trim()),
      ['<c0>', '<c1>', '<c2>'],
    );
  });

  it('say what the rows of the decoder read and what they predict', () => {
    assert.equal(run.target.length, run.predicted.length);
    assert.deepEqual(run.target.slice(1), run.predicted.slice(0, -1));
    assert.equal(run.target[0]?.special, true);
    assert.deepEqual(run.predicted.at(-1), run.source.at(-1));
    assert.equal(run.predicted.at(-1)?.text, '</s>');
    const words = run.source.map(({ word }) => word);
    assert.deepEqual([words[0], words.at(-1)], [-1, -1]);
    const numbers = [...new Set(words.filter((word) => word >= 0))];
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => i),
    );
  });

  it('describe every head by finite measures, except where one has no meaning', () => {
    for (const kind of ATTENTION_KINDS)
      for (let layer = 0; layer < layersOf(run, kind); layer++)
        for (let head = 0; head < run.heads; head++)
          for (const metric of HEAD_METRICS) {
            const value = metricOf(run, kind, layer, head, metric);
            const offsets = ['previous', 'self', 'next', 'previousShare', 'nextShare', 'distance'];
            const none =
              (kind === 'cross' && offsets.includes(metric)) ||
              (kind === 'decoder' && (metric === 'next' || metric === 'nextShare'));
            assert.equal(Number.isNaN(value), none, `${kind} ${layer}.${head} ${metric}`);
          }
    assert.equal(metricOf(run, 'decoder', 0, 0, 'effectiveKeys') >= 1, true);
    const { rows, columns, offset } = thumbnailShape(run, 'cross');
    assert.equal(run.thumbnails.length, offset + run.decoderLayers * run.heads * rows * columns);
    const norms = valueNormsOf(run, 'cross', 1, 7);
    assert.equal(norms.length, run.source.length);
    assert.ok(norms.every((norm) => norm > 0));
    assert.match(run.modelHash, /^[0-9a-f]{64}$/);
    assert.match(run.tokenizerHash, /^[0-9a-f]{64}$/);
  });

  it('tell each step’s candidates, the rank of what was written, and the ends of the search', async () => {
    const one = await inspect({ sentence: 0 });
    const { steps, hypotheses, shown } = await ask(one, 'steps', {});
    assert.equal(shown, 0);
    assert.equal(one.hypothesis, undefined);
    assert.equal(steps.length, one.predicted.length);
    steps.forEach(({ candidates, chosen }, row) => {
      assert.equal(candidates.length, 10);
      const probabilities = candidates.map(({ probability }) => probability);
      assert.deepEqual(
        probabilities,
        probabilities.toSorted((a, b) => b - a),
      );
      assert.equal(chosen.text, one.predicted[row]?.text);
      if (chosen.rank <= 10) assert.equal(chosen.probability, probabilities[chosen.rank - 1]);
      else assert.ok(chosen.probability <= (probabilities[9] ?? 0));
    });
    assert.equal(hypotheses.length, PARAMS.decoding.beam);
    assert.equal(hypotheses[0]?.text, one.targetText);
    assert.ok((hypotheses[0]?.score ?? 0) >= (hypotheses[1]?.score ?? 0));
    const together = await ask(run, 'steps', {});
    assert.equal(together.steps.length, run.predicted.length);
    assert.deepEqual(together.hypotheses, []);
  });

  it('follow attention through the layers: every row a mixture, nothing from the future', async () => {
    const [sources, targets] = [run.source.length, run.target.length];
    for (const flow of ['encoder', 'source', 'prefix'] as const) {
      const layers = flow === 'encoder' ? run.encoderLayers : run.decoderLayers;
      for (let layer = 0; layer < layers; layer++) {
        const map = await ask(run, 'flow', { flow, layer });
        assert.equal(map.queries, flow === 'encoder' ? sources : targets);
        assert.equal(map.keys, flow === 'prefix' ? targets : sources);
        const weights = decodeHalf(map.weights);
        for (let row = 0; row < map.queries; row++) {
          const values = weights.subarray(row * map.keys, (row + 1) * map.keys);
          const sum = values.reduce((total, value) => total + value, 0);
          assert.ok(Math.abs(sum - 1) < 2e-3, `${flow} ${layer} row ${row}: ${sum}`);
          if (flow === 'prefix') assert.ok(values.subarray(row + 1).every((value) => value === 0));
        }
      }
    }
  });

  it('measure how unlike heads are: nothing to itself, the same both ways', async () => {
    const at = (layer: number, head: number) =>
      ask(run, 'similarity', { kind: 'encoder', layer, head });
    const first = (await at(0, 1)).distances;
    const second = (await at(3, 2)).distances;
    assert.equal(first.length, run.encoderLayers * run.heads);
    assert.equal(first[1], 0);
    assert.ok(Math.abs((first[3 * run.heads + 2] ?? NaN) - (second[1] ?? NaN)) < 1e-6);
    assert.ok(first.every((distance) => distance <= Math.sqrt(Math.LN2) + 1e-6));
  });

  it('show the sentence at the cursor where not all fit, and refuse what was asked for and does not', async () => {
    const sentence = 'Open the settings of the project and choose a model for the server. ';
    const text = sentence.repeat(60);
    const cursor = sentence.length * 41 + 5;
    const one = await inspect({ text, cursor });
    assert.equal(one.sentence, 41);
    assert.equal(one.sentences.length, 60);
    assert.equal(one.sentences[41]?.start, sentence.length * 41);
    const places = one.source.filter(({ start }) => start >= 0);
    assert.ok(places.every(({ start }) => start >= sentence.length * 41));
    await assert.rejects(inspect({ text, sentence: -1 }), refusal('textTooLong'));
    await assert.rejects(inspect({ text, sentence: 60 }), refusal('invalidArgument'));
    const word = 'internationalization '.repeat(300);
    await assert.rejects(inspect({ text: word, target: 'ko' }), refusal('textTooLong'));
  });

  it('open with a message below 1 MB', async () => {
    const text = 'Open the settings and choose a model. '.repeat(40);
    const large = await inspect({ text });
    assert.ok(large.sentence === -1 && large.source.length > 300, String(large.source.length));
    const { thumbnails, metrics, valueNorms, ...rest } = large;
    const bytes = [thumbnails, metrics, valueNorms].map(({ byteLength }) => byteLength);
    const json = new TextEncoder().encode(JSON.stringify(rest)).length;
    assert.ok(bytes.reduce((a, b) => a + b, json) < MOST_MANIFEST);
  });

  it('show another end of the search when it is chosen, forced like the first, and go back', async () => {
    const one = await inspect({ sentence: 0 });
    const { hypotheses } = await ask(one, 'steps', {});
    const other = await inspect({ sentence: 0, hypothesis: 1 });
    const wanted = hypotheses[1];
    assert.ok(wanted);
    assert.equal(other.targetText, wanted.text);
    assert.notDeepEqual(
      other.predicted.map(({ id }) => id),
      one.predicted.map(({ id }) => id),
    );
    const { logProbability, score } = wanted;
    assert.deepEqual(other.hypothesis, { number: 1, count: 2, logProbability, score });
    const again = await ask(other, 'steps', {});
    assert.deepEqual([again.hypotheses, again.shown], [hypotheses, 1]);
    // Each token was forced: together they are as probable as the search found them.
    const forced = again.steps.reduce((sum, { chosen }) => sum + Math.log(chosen.probability), 0);
    assert.ok(Math.abs(forced - logProbability) < 0.05 * Math.abs(logProbability) + 0.05);
    const map = await ask(other, 'head', { kind: 'cross', layer: 0, head: 0 });
    assert.equal(map.queries, other.predicted.length);
    const back = await inspect({ sentence: 0 });
    assert.deepEqual(back.predicted, one.predicted);
    await assert.rejects(inspect({ sentence: 0, hypothesis: 2 }), refusal('invalidArgument'));
    await assert.rejects(inspect({ hypothesis: 0 }), refusal('invalidArgument'));
  });

  it('show what was read for a title and what was written, placed in the text', async () => {
    const text =
      '// The **cache** keeps results in `memory.ts`.\n// When it is full,\n// the oldest entries are removed.\n';
    const task = { task: 'title', language: 'en', text, decoding: PARAMS.decoding } as const;
    const { candidates } = await new Writer(parts).generate({
      ...task,
      nBest: 2,
      protectPatterns: [],
    });
    for (const { text: written } of candidates) {
      const title = await inspect({ text, task: { name: 'title', written } });
      assert.equal(title.targetText, written);
      assert.deepEqual(title.task, { name: 'title', cut: false });
      assert.deepEqual(title.direction, { source: 'en', target: 'en' });
      assert.equal(title.source[0]?.text.trim(), '<title>');
      assert.equal(title.source[0]?.special, true);
      const read = surfaces(text, title.source);
      for (const word of ['cache', '`memory.ts`', 'full', 'entries', 'removed'])
        assert.ok(read.includes(word), `${word} in ${read.join('|')}`);
      assert.ok(!read.some((surface) => surface.includes('/') || surface.includes('**')));
      const { hypotheses, shown } = await ask(title, 'steps', {});
      assert.equal(hypotheses[shown]?.text, written);
    }
    const summary = await inspect({ text, task: { name: 'oneLine' } });
    assert.equal(summary.source[0]?.text.trim(), '<sum>');
    const second = await inspect({ text, task: { name: 'oneLine' }, hypothesis: 1 });
    assert.equal(second.hypothesis?.number, 1);
    const none = inspect({ text: '12', task: { name: 'title' } });
    await assert.rejects(none, refusal('invalidArgument', 'sentence'));
  });

  it('keep the last three and refuse others by code', async () => {
    const ids: AttentionRun[] = [];
    for (let i = 0; i < 4; i++) ids.push(await inspect({ sentence: 0 }));
    const [first, second, , last] = ids as [AttentionRun, AttentionRun, AttentionRun, AttentionRun];
    const place = { kind: 'cross', layer: 0, head: 0 } as const;
    await assert.rejects(ask(first, 'head', place), refusal('invalidArgument', 'run'));
    await assert.rejects(ask(last, 'head', { ...place, layer: 2 }), refusal('invalidArgument'));
    assert.equal((await ask(second, 'head', place)).kind, 'cross');
  });

  it('refuse a text without a sentence, and stop when they are cancelled', async () => {
    for (const [text, target, reason] of [
      ['`a` 12', 'auto', 'noText'],
      ['const a = 1;', 'auto', 'noText'],
      ['The cache is full.', 'en', 'alreadyTarget'],
    ] as const) {
      const refused = (error: unknown): boolean =>
        refusal('invalidArgument', 'sentence')(error) &&
        error instanceof AppError &&
        error.data['reason'] === reason;
      await assert.rejects(inspect({ text, target }), refused, text);
    }
    const abort = new AbortController();
    const inspecting = runs.inspect(parts, PARAMS, abort.signal);
    abort.abort();
    await assert.rejects(inspecting, { code: 'cancelled' });
  });
});
