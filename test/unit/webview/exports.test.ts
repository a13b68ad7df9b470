import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { deflateSync, inflateSync, crc32 as zlibCrc } from 'node:zlib';
import { decodeHalf } from '../../../src/attention/half';
import { DEFAULT_PANEL_STATE } from '../../../src/protocol/panelState';
import { byteChunks, textChunks } from '../../../src/webview/export/chunks';
import { csvText } from '../../../src/webview/export/csv';
import { encodeArray, jsonText, toBase64 } from '../../../src/webview/export/json';
import { manifestLines, manifestOf } from '../../../src/webview/export/manifest';
import { crc32, withPngText } from '../../../src/webview/export/png';
import { fileStem } from '../../../src/webview/export/send';
import { withSvgMetadata } from '../../../src/webview/export/svg';
import { stacked } from '../../../src/webview/matrix/svg';
import { syntheticRun, words } from '../../panel/syntheticRun';

const run = syntheticRun({
  runId: 1,
  encoderLayers: 1,
  decoderLayers: 1,
  heads: 2,
  source: words(4),
  target: words(4),
});
const manifest = manifestOf(run, { ...DEFAULT_PANEL_STATE, view: 'matrix', head: 1 });

describe('the manifest of an export', () => {
  it('says where the file is from, without any text of the run', () => {
    equal(manifest.model.sha256, run.modelHash);
    equal(manifest.tokenizer.sha256, run.tokenizerHash);
    deepEqual(manifest.heads, ['1.2']);
    deepEqual([manifest.queries, manifest.keys], [run.target.length, run.source.length]);
    const text = JSON.stringify(manifest);
    for (const { text: token, special } of run.source)
      if (!special) ok(!text.includes(token.trim()), token);
    equal(fileStem(manifest), 'headlight-cross-1.2-00000000');
  });

  it('is lines of name and value for CSV', () => {
    const lines = manifestLines(manifest);
    ok(lines.includes('heads: 1.2'));
    ok(lines.includes('filters.specials: show'));
    ok(lines.every((line) => /^[\w.]+: /.test(line)));
  });
});

/** RFC 4180 written down a second time. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (quoted && letter === '"' && text[at + 1] === '"') cell += text[at++];
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === ',') rows.at(-1)?.push(cell);
    else if (!quoted && letter === '\n') {
      rows.at(-1)?.push(cell);
      rows.push([]);
    } else if (quoted || letter !== '\r') cell += letter;
    if (!quoted && (letter === ',' || letter === '\n')) cell = '';
  }
  rows.pop();
  return rows;
}

describe('CSV', () => {
  const HOSTILE = ['=1+1', '+A1', '-2', '@SUM', '\tx', 'a,b', 'say "x"', 'two\nlines', '#no', 'ok'];

  it('is read back as it was, formulas defused', () => {
    const rows = [HOSTILE, HOSTILE.map((_, index) => index / 3)];
    const [header, numbers] = readCsv(csvText([], { name: 'x', rows }));
    deepEqual(
      header,
      HOSTILE.map((text) => (/^[=+\-@\t]/.test(text) ? `'${text}` : text)),
    );
    deepEqual(numbers?.map(Number), rows[1]);
    ok(csvText([], { name: 'x', rows }).startsWith("'=1+1,"));
  });

  it('has comments before the header, one line each, and nothing for NaN', () => {
    const text = csvText(['a: b\nc'], { name: 'x', rows: [['n'], [NaN], [-0.5]] });
    equal(text, '# a: b c\r\nn\r\n\r\n-0.5\r\n');
  });
});

describe('JSON', () => {
  it('holds arrays as half precision that is read back exactly', () => {
    const values = Float32Array.from({ length: 300 * 400 }, (_, index) => index / 65536);
    const { base64, shape, dtype } = encodeArray(values, [300, 400]);
    deepEqual(shape, [300, 400]);
    equal(dtype, 'float16');
    const bytes = Buffer.from(base64, 'base64');
    const halves = new Uint16Array(bytes.length / 2);
    for (let at = 0; at < halves.length; at++) halves[at] = bytes.readUInt16LE(at * 2);
    const read = decodeHalf(halves);
    ok(values.every((value, at) => Math.abs((read[at] ?? NaN) - value) <= value * 2 ** -11 + 1e-7));
    const whole: unknown = JSON.parse(jsonText(manifest, { a: 1 }));
    deepEqual(whole, { ...JSON.parse(JSON.stringify(manifest)), data: { a: 1 } });
  });

  it('has the base64 of any bytes', () => {
    const bytes = Uint8Array.from({ length: 70_001 }, (_, index) => (index * 31) % 256);
    equal(toBase64(bytes), Buffer.from(bytes).toString('base64'));
  });
});

/** The smallest PNG: one grey pixel. */
function tinyPng(): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(zlibCrc(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.from([0, 128]));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('PNG', () => {
  it('carries the manifest in a chunk of its own, the picture unchanged', () => {
    const text = JSON.stringify({ ...manifest, note: '한국어' });
    const png = Buffer.from(withPngText(tinyPng(), 'Headlight', text));
    const chunks: { type: string; data: Buffer }[] = [];
    for (let at = 8; at < png.length;) {
      const length = png.readUInt32BE(at);
      const body = png.subarray(at + 4, at + 8 + length);
      equal(png.readUInt32BE(at + 8 + length), zlibCrc(body), 'the check of each chunk is right');
      chunks.push({ type: body.toString('latin1', 0, 4), data: body.subarray(4) });
      at += 12 + length;
    }
    deepEqual(
      chunks.map(({ type }) => type),
      ['IHDR', 'iTXt', 'IDAT', 'IEND'],
    );
    const data = chunks[1]?.data ?? Buffer.alloc(0);
    equal(data.toString('latin1', 0, 9), 'Headlight');
    equal(data.subarray(9 + 5).toString('utf8'), text);
    deepEqual([...inflateSync(chunks[2]?.data ?? Buffer.alloc(0))], [0, 128]);
  });

  it('has the published check value', () => {
    equal(crc32(new TextEncoder().encode('123456789')), 0xcbf43926);
  });
});

describe('SVG', () => {
  it('carries the manifest as text of its first element', () => {
    const svg = withSvgMetadata('<svg width="1" height="2"><g/></svg>', {
      ...manifest,
      direction: '<a&b>',
    });
    match(svg, /^<svg width="1" height="2"><metadata>/);
    ok(svg.endsWith('</metadata><g/></svg>'));
    ok(svg.includes('&lt;a&amp;b&gt;'));
  });

  it('holds several drawings one below the other', () => {
    const one = '<svg xmlns="x" width="10" height="20"><g/></svg>';
    const two = '<svg xmlns="x" width="30" height="5"><g/></svg>';
    const both = stacked([one, two]);
    match(both, /^<svg [^>]*width="30" height="25" viewBox="0 0 30 25">/);
    ok(both.includes('<svg y="0" xmlns') && both.includes('<svg y="20" xmlns'));
  });
});

describe('pieces for the host', () => {
  it('are below the limit, on buffers of their own, and whole again', () => {
    const bytes = Uint8Array.from({ length: 2_000_000 }, (_, index) => index % 251);
    const parts = byteChunks(bytes.subarray(3));
    ok(parts.every((part) => part.byteLength <= 2 ** 20));
    ok(parts.every((part) => part.buffer.byteLength === part.byteLength));
    ok(Buffer.concat(parts).equals(Buffer.from(bytes.subarray(3))));
    equal(byteChunks(new Uint8Array()).length, 1);
  });

  it('never cut a letter outside the first plane in two', () => {
    const text = `x${'😀'.repeat(500_000)}`;
    const parts = textChunks(text);
    equal(parts.join(''), text);
    ok(parts.every((part) => part.length * 2 <= 2 ** 20));
    ok(parts.every((part) => !/[\ud800-\udbff]$/.test(part)));
    deepEqual(textChunks(''), ['']);
  });
});
