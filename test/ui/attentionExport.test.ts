import assert from 'node:assert/strict';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inflateSync } from 'node:zlib';
import { decodeHalf } from '../../src/attention/half';
import type { ExportFormat } from '../../src/protocol/panel';
import { AttentionPanel } from './attentionPanel';
import type { Workbench } from './workbench';

const SENTENCE = 'When it grows too large, the oldest entries are removed.';
const SAVE_TIMEOUT_MS = 30_000;

/** Files that the panel writes, read back by other means than it wrote them. */
describe('exports of the attention panel', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let panel: AttentionPanel;
  let folder: string;
  let exports = 0;

  before(async () => {
    panel = await AttentionPanel.openFor(SENTENCE);
    workbench = panel.workbench;
    await panel.openView('matrix');
    await panel.frame.locator('.view canvas').first().waitFor();
  });
  after(() => workbench?.close());
  beforeEach(async () => {
    folder = join(workbench.server.workspace, `exports-${exports++}`);
    await mkdir(folder);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await workbench.screenshot(`failed ${this.currentTest.title}`);
    }
    await workbench.page.keyboard.press('Escape');
  });

  /** Saves under the suggested name, but in the folder of this test; the files by name. */
  async function save(format: ExportFormat, files = 1): Promise<Map<string, Buffer>> {
    await panel.export(format);
    for (let file = 0; file < files; file++) await saveHere(file);
    // A file has another name until it is whole.
    const isPart = (name: string) => name.endsWith('.part');
    await delayUntil(
      async () => (await readdir(folder)).filter((name) => !isPart(name)).length === files,
    );
    const names = await readdir(folder);
    assert.deepEqual(names.filter(isPart), []);
    const contents = await Promise.all(names.map((name) => readFile(join(folder, name))));
    return new Map(names.map((name, index) => [name, contents[index] ?? Buffer.alloc(0)]));
  }

  async function saveHere(already: number): Promise<void> {
    const input = workbench.quickInput();
    await input.waitFor();
    let name = '';
    // The dialog opens before it has its suggestion.
    await delayUntil(async () => {
      name = (await input.inputValue()).split('/').at(-1) ?? '';
      return /^headlight-[\w.-]+\.\w+$/.test(name);
    });
    await input.fill(join(folder, name));
    // The first Enter may only take the dialog to the folder.
    await delayUntil(async () => {
      if (await input.isVisible())
        await input.press('Enter', { timeout: 1000 }).catch(() => undefined);
      await delay(300);
      return (await readdir(folder)).length > already;
    });
  }

  async function delayUntil(condition: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + SAVE_TIMEOUT_MS;
    while (!(await condition())) {
      if (Date.now() > end) assert.fail(`nothing was saved in ${SAVE_TIMEOUT_MS} ms`);
      await delay(50);
    }
  }

  it('PNG: a whole picture that says where it is from', async () => {
    const [[name, bytes]] = [...(await save('png'))] as [[string, Buffer]];
    assert.match(name, /^headlight-cross-[\d.]+-[0-9a-f]{8}\.png$/);
    const { width, height, text } = readPng(bytes);
    assert.ok(width > 100 && height > 100, `${width} x ${height}`);
    const manifest = JSON.parse(text) as { schema: string; model: { sha256: string } };
    assert.equal(manifest.schema, 'headlight.attention/1');
    assert.match(manifest.model.sha256, /^[0-9a-f]{64}$/);
  });

  it('SVG: well-formed, with the labels as text', async () => {
    const [bytes] = [...(await save('svg')).values()];
    const svg = bytes?.toString('utf8') ?? '';
    const read = await workbench.page.evaluate((text) => {
      const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
      return {
        name: root.nodeName,
        metadata: root.querySelector('metadata')?.textContent ?? '',
        words: root.textContent ?? '',
        scripts: root.querySelectorAll('script, foreignObject').length,
      };
    }, svg);
    assert.equal(read.name, 'svg');
    assert.equal(read.scripts, 0);
    assert.match(read.words, /large/);
    assert.match(read.metadata, /"tokenizer":\{"sha256":"[0-9a-f]{64}"/);
  });

  it('JSON: the map with rows that add up to one', async () => {
    const [bytes] = [...(await save('json')).values()];
    const text = bytes?.toString('utf8') ?? '';
    const manifest = JSON.parse(text) as { schema: string; queries: number; keys: number };
    assert.equal(manifest.schema, 'headlight.attention/1');
    const array = findArray(JSON.parse(text));
    assert.ok(array, 'there is an array of half-precision weights');
    assert.deepEqual(array.shape, [manifest.queries, manifest.keys]);
    const raw = Buffer.from(array.base64, 'base64');
    const weights = decodeHalf(
      new Uint16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length)),
    );
    for (let row = 0; row < manifest.queries; row++) {
      const sum = weights
        .subarray(row * manifest.keys, (row + 1) * manifest.keys)
        .reduce((total, weight) => total + weight, 0);
      assert.ok(Math.abs(sum - 1) < 2e-3, `row ${row} adds up to ${sum}`);
    }
  });

  it('CSV: every table, with as many cells in each row', async () => {
    await panel.openView('overview');
    const files = await save('csv');
    for (const [name, bytes] of files) {
      const lines = bytes.toString('utf8').split('\r\n');
      assert.equal(lines.pop(), '', `${name} ends with a line end`);
      const table = lines.filter((line) => !line.startsWith('# '));
      assert.ok(lines.some((line) => line.startsWith('# schema: headlight.attention/1')));
      assert.equal(table.length, 1 + (6 + 2 + 2) * 8, 'a row for each head');
      const widths = new Set(
        table.map((line) => line.match(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)?.length),
      );
      assert.equal(widths.size, 1, name);
    }
  });

  it('Pharaoh: pairs of numbers of words', async () => {
    await panel.openView('alignment');
    const [bytes] = [...(await save('pharaoh')).values()];
    const text = bytes?.toString('utf8') ?? '';
    assert.match(text, /^\d+-\d+( \d+-\d+)*\n$/);
    const pairs = text.trim().split(' ');
    assert.equal(new Set(pairs).size, pairs.length);
  });

  it('nothing when the user gives up', async () => {
    await panel.openView('matrix');
    await panel.export('csv');
    const input = workbench.quickInput();
    await input.waitFor();
    while (await input.isVisible()) {
      await workbench.page.keyboard.press('Escape');
      await delay(300);
    }
    assert.deepEqual(await readdir(folder), []);
    assert.equal(await workbench.notifications().count(), 0);
  });
});

/** Size and text of a PNG; throws if a chunk is damaged or the pixels are not all there. */
function readPng(bytes: Buffer): { width: number; height: number; text: string } {
  assert.equal(bytes.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  const pixels: Buffer[] = [];
  let [width, height, text] = [0, 0, ''];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
    if (type === 'IDAT') pixels.push(data);
    if (type === 'iTXt') text = data.subarray(data.lastIndexOf(0) + 1).toString('utf8');
    at += 12 + length;
  }
  // Red, green, blue and perhaps opacity, and a byte for the filter of each row.
  const size = inflateSync(Buffer.concat(pixels)).length;
  assert.ok(
    [3, 4].some((channels) => size === height * (1 + channels * width)),
    String(size),
  );
  return { width, height, text };
}

interface HalfArray {
  readonly dtype: 'float16';
  readonly shape: readonly number[];
  readonly base64: string;
}

/** The first array of weights, wherever it stands. */
function findArray(value: unknown): HalfArray | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('dtype' in value && 'base64' in value) return value as HalfArray;
  for (const inner of Object.values(value)) {
    const found = findArray(inner);
    if (found) return found;
  }
  return undefined;
}
