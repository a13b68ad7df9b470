/** The vocabulary shortlist: with all pieces it changes no token, with some it takes no others, and its file is not trusted. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../src/common/errors';
import { readTokenizer } from '../../src/engine/folder';
import { openModel } from '../../src/engine/model';
import { Shortlist, SHORTLIST_FILE } from '../../src/engine/shortlist';
import type { DecodeOptions, Hypothesis, Model } from '../../src/engine/types';
import { DEFAULT_MODEL } from './support/engine';
import { FIXTURES, readGoldens } from './support/golden';

const CPU = { device: 'cpu', threads: 1 } as const;
const GREEDY: DecodeOptions = { beam: 1, lengthPenalty: 1, maxTokens: 14, nBest: 1 };
const BEAM: DecodeOptions = { ...GREEDY, beam: 4, nBest: 4 };
const TEXTS = [
  '<2ko> The file is empty.',
  '<2ko> Each test runs in a folder of its own, which is removed afterwards.',
  '<2ko> Passwords are never written to the log, not even in debug mode.',
  '<2en> 설정이 바뀌거나 사용자가 로그아웃하면 캐시가 비워집니다.',
  '<2en> 파일 이름을 바꾸기 전에 파일을 닫아야 합니다.',
];

/** `rows[x]`: what source piece x may become; `always`: what is always in. */
interface Rows {
  readonly tag: number;
  readonly rows: readonly (readonly number[])[];
  readonly always: readonly number[];
}

/** As models/recipe/shortlist.py writes it. */
function encoded(size: number, tables: readonly Rows[]): Uint8Array {
  const parts: Uint8Array[] = [
    Buffer.from('HLSL'),
    bytesOf(Uint32Array.of(1, size, tables.length)),
  ];
  for (const { tag, rows, always } of tables) {
    const all = [...Array.from({ length: size }, (_, id) => rows[id] ?? []), always];
    let end = 0;
    const offsets = Uint32Array.from([0, ...all.map((row) => (end += row.length))]);
    const ids = Uint16Array.from(all.flat());
    const padding = new Uint8Array(ids.byteLength % 4);
    parts.push(bytesOf(Uint32Array.of(tag)), bytesOf(offsets), bytesOf(ids), padding);
  }
  return Buffer.concat(parts);
}

function bytesOf({ buffer }: Uint32Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer);
}

const range = (count: number): number[] => Array.from({ length: count }, (_, id) => id);

function idsOf(hypotheses: readonly Hypothesis[][]): number[][][] {
  return hypotheses.map((row) => row.map(({ ids }) => ids));
}

/** The model of a folder, with this shortlist. */
async function withShortlist(
  source: string,
  shortlist: Uint8Array,
  work: (model: Model) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'headlight-shortlist-'));
  try {
    cpSync(source, folder, {
      recursive: true,
      filter: (path) => !path.endsWith(SHORTLIST_FILE),
    });
    writeFileSync(join(folder, SHORTLIST_FILE), shortlist);
    const model = await openModel(folder, CPU);
    try {
      await work(model);
    } finally {
      await model.dispose();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the shortlist', function () {
  this.timeout(120_000);

  describe('of a random int8 model', () => {
    const golden = readGoldens().find(({ name }) => name === 'int8');
    assert.ok(golden);
    const size = golden.tensors.get('logits')?.shape.at(-1) ?? 0;
    const folder = join(FIXTURES, 'int8');
    const tags = [...new Set(golden.sources.map(([first = 0]) => first))];

    it('finds the same tokens and probabilities with all pieces, greedily and by beams', async () => {
      const all = encoded(
        size,
        tags.map((tag) => ({ tag, rows: [], always: range(size) })),
      );
      await withShortlist(folder, all, async (model) => {
        for (const options of [GREEDY, BEAM]) {
          const whole = await model.generate(golden.sources, options);
          const listed = await model.generate(golden.sources, { ...options, shortlist: true });
          assert.deepEqual(idsOf(listed), idsOf(whole));
          for (const [row, [best]] of listed.entries())
            assert.ok(
              Math.abs((best?.logProbability ?? NaN) - (whole[row]?.[0]?.logProbability ?? NaN)) <
                1e-4,
            );
        }
      });
    });

    it('takes no piece that is not in it, its source or special, and gives those in it the probability that they have among all', async () => {
      // Every other piece, so that many of the best ones are missing.
      const always = range(size).filter((id) => id % 2 === 1);
      const differences: number[] = [];
      const tables = tags.map((tag) => ({ tag, rows: [], always }));
      await withShortlist(folder, encoded(size, tables), async (model) => {
        for (const source of golden.sources) {
          const allowed = new Set([...always, ...source, model.config.endTokenId]);
          const [listed] = await model.generate([source], { ...BEAM, shortlist: true });
          assert.ok(listed && listed.length > 0);
          for (const { ids } of listed) assert.ok(ids.every((id) => allowed.has(id)));
          const first = { ...BEAM, maxTokens: 1 };
          const [whole = []] = await model.generate([source], { ...first, beam: 24, nBest: 24 });
          const [few = []] = await model.generate([source], { ...first, shortlist: true });
          for (const { ids, logProbability } of few) {
            const same = whole.find((other) => other.ids[0] === ids[0]);
            if (same) differences.push(Math.abs(same.logProbability - logProbability));
          }
        }
      });
      assert.ok(differences.length > golden.sources.length);
      assert.ok(Math.max(...differences) < 1e-4, `${Math.max(...differences)}`);
    });

    it('is left alone where a source begins with another tag', async () => {
      const other = range(size).find((id) => !tags.includes(id)) ?? 0;
      const none = encoded(size, [{ tag: other, rows: [], always: [] }]);
      await withShortlist(folder, none, async (model) => {
        const whole = await model.generate(golden.sources, GREEDY);
        const listed = await model.generate(golden.sources, { ...GREEDY, shortlist: true });
        assert.deepEqual(listed, whole);
      });
    });
  });

  it('finds the same tokens with all pieces of the default model', async () => {
    const tokenizer = await readTokenizer(DEFAULT_MODEL);
    const sources = TEXTS.map((text) => tokenizer.encode(text).ids);
    const tags = [...new Set(sources.map(([first = 0]) => first))];
    const { vocab_size: size } = JSON.parse(
      readFileSync(join(DEFAULT_MODEL, 'config.json'), 'utf8'),
    ) as { vocab_size: number };
    const all = encoded(
      size,
      tags.map((tag) => ({ tag, rows: [], always: range(size) })),
    );
    await withShortlist(DEFAULT_MODEL, all, async (model) => {
      for (const options of [GREEDY, BEAM]) {
        const whole = await model.generate(sources, { ...options, maxTokens: 40 });
        const listed = await model.generate(sources, {
          ...options,
          maxTokens: 40,
          shortlist: true,
        });
        assert.deepEqual(idsOf(listed), idsOf(whole));
      }
    });
  });

  it('of the default model names few pieces for a sentence, its own among them', async () => {
    const tokenizer = await readTokenizer(DEFAULT_MODEL);
    const model = await openModel(DEFAULT_MODEL, CPU);
    const { vocabularySize } = model.config;
    await model.dispose();
    const bytes = readFileSync(join(DEFAULT_MODEL, SHORTLIST_FILE));
    const shortlist = Shortlist.parse(bytes, vocabularySize);
    for (const text of TEXTS) {
      const { ids } = tokenizer.encode(text);
      const found = shortlist.candidates([ids], []);
      assert.ok(found, text);
      assert.ok(
        ids.every((id) => found.includes(id)),
        text,
      );
      assert.ok(found.length < vocabularySize / 5, `${found.length} pieces for ${text}`);
      assert.deepEqual(
        [...found],
        [...new Set(found)].sort((a, b) => a - b),
      );
    }
    const title = tokenizer.encode('<title> The file is empty.').ids;
    assert.equal(shortlist.candidates([title], []), undefined);
  });
});

describe('the file of a shortlist', () => {
  const SIZE = 5;
  const good = encoded(SIZE, [{ tag: 4, rows: [[], [2, 3]], always: [0] }]);

  it('gives what a source may become, and what is asked for besides', () => {
    const shortlist = Shortlist.parse(good, SIZE);
    assert.deepEqual([...(shortlist.candidates([[4, 1]], []) ?? [])], [0, 1, 2, 3, 4]);
    assert.deepEqual([...(shortlist.candidates([[4, 2]], [1]) ?? [])], [0, 1, 2, 4]);
    assert.equal(shortlist.candidates([[4, 2], [3]], []), undefined);
  });

  const changed = (at: number, value: number): Uint8Array => {
    const bytes = Uint8Array.from(good);
    new DataView(bytes.buffer).setUint32(at, value, true);
    return bytes;
  };
  const bad: Readonly<Record<string, Uint8Array>> = {
    'empty bytes': new Uint8Array(0),
    'another format': changed(0, 1),
    'another version': changed(4, 2),
    'another vocabulary': changed(8, SIZE + 1),
    'more tables than there are': changed(12, 2),
    'offsets that go back': changed(24, 9),
    'more ids than there are': changed(20 + 4 * (SIZE + 1), 1000),
    'ids outside of the vocabulary': changed(good.length - 4, 0xffff),
    'a cut end': good.slice(0, good.length - 4),
  };
  for (const [what, bytes] of Object.entries(bad))
    it(`is refused with ${what}`, () => {
      assert.throws(
        () => Shortlist.parse(bytes, SIZE),
        (error) => error instanceof AppError && error.code === 'modelWeightsInvalid',
      );
    });
});
