import assert from 'node:assert/strict';
import { escapeXml, mapToSvg, MOST_VECTOR_CELLS } from '../../../src/attention/svg';
import { AppError } from '../../../src/common/errors';
import { mapOf } from './maps';

const colour = (weight: number): string => `rgb(${Math.round(255 * (1 - weight))} 0 0)`;

/** Elements by name with their attributes; throws if tags do not close in order. */
function readXml(xml: string): { name: string; attributes: Map<string, string>; text: string }[] {
  const elements: { name: string; attributes: Map<string, string>; text: string }[] = [];
  const open: string[] = [];
  let last = 0;
  for (const match of xml.matchAll(/<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const between = xml.slice(last, match.index);
    assert.ok(!/[<>]/.test(between), between);
    last = match.index + match[0].length;
    const [, closing, name = '', attributes = '', empty] = match;
    if (closing) {
      assert.equal(open.pop(), name);
      const element = elements.findLast((one) => one.name === name);
      if (element) element.text ||= between;
      continue;
    }
    if (!empty) open.push(name);
    const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)];
    const read = new Map(pairs.map(([, key = '', value = '']) => [key, value]));
    elements.push({ name, attributes: read, text: '' });
  }
  assert.deepEqual(open, []);
  return elements;
}

describe('a map as SVG', () => {
  it('has one cell for every weight that can be seen, in its place and colour', () => {
    const map = {
      ...mapOf([
        [1, 0],
        [0.25, 0.75],
      ]),
      causal: true,
    };
    const svg = mapToSvg({ map, queries: ['a', 'b'], keys: ['c', 'd'], title: 'T', colour });
    const cells = readXml(svg).filter(({ attributes }) =>
      attributes.get('fill')?.startsWith('rgb'),
    );
    assert.deepEqual(
      cells.map(({ attributes }) => attributes.get('fill')),
      [colour(1), colour(0.25), colour(0.75)],
    );
    const [first, second, third] = cells.map(({ attributes }) => [
      Number(attributes.get('x')),
      Number(attributes.get('y')),
      Number(attributes.get('width')),
    ]) as [number[], number[], number[]];
    const side = first[2] ?? 0;
    assert.deepEqual(second, [first[0], (first[1] ?? 0) + side, side]);
    assert.deepEqual(third, [(first[0] ?? 0) + side, (first[1] ?? 0) + side, side]);
    // What a causal query cannot see is hatched, not shown as nothing.
    assert.ok(svg.includes('fill="url(#unseen)"'));
  });

  it('shows labels and title as text, whatever they are', () => {
    const hostile = `<img src=x onerror="alert('&')">`;
    const map = mapOf([[1]]);
    const options = { map, queries: [hostile.slice(0, 20)], keys: ['\u0000\ud800한'], colour };
    const svg = mapToSvg({ ...options, title: hostile });
    const elements = readXml(svg);
    assert.ok(!elements.some(({ name }) => name === 'img'));
    const texts = elements.filter(({ name }) => name === 'text').map(({ text }) => text);
    assert.deepEqual(texts, [
      '&lt;img src=x onerror=&quot;alert(&apos;&amp;&apos;)&quot;&gt;',
      '&lt;img src=x onerror=&quot;',
      '\ufffd\ufffd한',
    ]);
  });

  it('shortens long labels and says so', () => {
    const svg = mapToSvg({
      map: mapOf([[1]]),
      queries: ['x'.repeat(99)],
      keys: ['k'],
      title: '',
      colour,
    });
    assert.ok(svg.includes(`>${'x'.repeat(23)}…<`));
  });

  it('takes a picture for more cells than are drawn one by one', () => {
    const side = Math.sqrt(MOST_VECTOR_CELLS) + 1;
    const map = mapOf(Array.from({ length: side }, () => Array<number>(side).fill(1 / side)));
    const labels = Array<string>(side).fill('t');
    const options = { map, queries: labels, keys: labels, title: 'T', colour };
    assert.throws(() => mapToSvg(options), AppError);
    const svg = mapToSvg({ ...options, image: 'data:image/png;base64,AAAA' });
    const image = readXml(svg).find(({ name }) => name === 'image');
    assert.equal(image?.attributes.get('href'), 'data:image/png;base64,AAAA');
    assert.ok(!svg.includes('fill="rgb'));
  });

  it('refuses labels that do not fit', () => {
    const map = mapOf([[1]]);
    assert.throws(() => mapToSvg({ map, queries: [], keys: ['k'], title: '', colour }), AppError);
  });

  it('leaves whole characters alone', () => {
    assert.equal(escapeXml('👩‍💻 ﬁ\t\n'), '👩‍💻 ﬁ\t\n');
    assert.equal(escapeXml('a\u0007\udc00b'), 'a\ufffd\ufffdb');
  });
});
