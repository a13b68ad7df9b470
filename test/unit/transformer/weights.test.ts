import assert from 'node:assert/strict';
import { AppError } from '../../../src/common/errors';
import { headerLength, parseSafetensors } from '../../../src/transformer/weights';

/** A header with `json` and the size of a file that has `data` bytes behind it. */
function file(json: unknown, data: number, claimed?: number): [Uint8Array, number] {
  const text = new TextEncoder().encode(typeof json === 'string' ? json : JSON.stringify(json));
  const bytes = new Uint8Array(8 + text.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(claimed ?? text.length), true);
  bytes.set(text, 8);
  return [bytes, bytes.length + data];
}

const tensor = (begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

function refuses(what: string, [bytes, size]: [Uint8Array, number], name: string): void {
  it(`refuses ${what}, naming ${name}`, () => {
    assert.throws(
      () => parseSafetensors(bytes, size),
      (error) =>
        error instanceof AppError &&
        error.code === 'modelWeightsInvalid' &&
        error.data.tensor === name,
    );
  });
}

describe('safetensors header', () => {
  it('gives absolute offsets', () => {
    const [bytes, size] = file(
      { __metadata__: { format: 'pt' }, b: tensor(8, 24, [2, 2]), a: tensor(0, 8) },
      24,
    );
    const weights = parseSafetensors(bytes, size);
    assert.deepEqual(weights.get('b'), {
      dtype: 'F32',
      shape: [2, 2],
      offset: bytes.length + 8,
      length: 16,
    });
    assert.deepEqual([...weights.keys()].sort(), ['a', 'b']);
  });

  it('takes spaces behind the JSON, and tensors without elements', () => {
    const [bytes, size] = file(`${JSON.stringify({ a: tensor(0, 0, [0, 3]) })}    `, 0);
    assert.equal(parseSafetensors(bytes, size).get('a')?.length, 0);
  });

  refuses('an empty file', [new Uint8Array(0), 0], 'header');
  refuses('a length beyond the file', file({}, 0, 5000), 'header');
  refuses('a length of 2^63', file({}, 0, 2 ** 63), 'header');
  refuses('what is not JSON', file('{"a":', 0), 'header');
  refuses('what is not UTF-8', [Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x22, 0xff), 10], 'header');
  refuses('a list', file([], 0), 'header');
  refuses('a tensor that ends behind the file', file({ a: tensor(0, 64) }, 32), 'a');
  refuses('overlapping tensors', file({ a: tensor(0, 16), b: tensor(8, 24) }, 24), 'b');
  refuses('the same range twice', file({ a: tensor(0, 16), b: tensor(0, 16) }, 16), 'b');
  refuses('a hole', file({ a: tensor(0, 8), b: tensor(16, 24) }, 24), 'b');
  refuses('a rest behind the last tensor', file({ a: tensor(0, 8) }, 24), 'file');
  refuses('a range backwards', file({ a: tensor(16, 8, [2]) }, 24), 'a');
  refuses('negative offsets', file({ a: tensor(-8, 0) }, 24), 'a');
  refuses('offsets that are no whole numbers', file({ a: tensor(0.5, 8.5, [2]) }, 24), 'a');
  refuses('a shape that does not fit the range', file({ a: tensor(0, 16, [5]) }, 16), 'a');
  refuses('a shape with huge sizes', file({ a: tensor(0, 16, [2 ** 40, 2 ** 40]) }, 16), 'a');
  refuses('a negative size', file({ a: tensor(0, 16, [-2, -2]) }, 16), 'a');
  refuses('an unknown dtype', file({ a: tensor(0, 16, [2], 'F64') }, 16), 'a');
  refuses("a dtype that is an object's own", file({ a: tensor(0, 4, [1], 'toString') }, 4), 'a');
  refuses('a description that is none', file({ a: 3 }, 0), 'a');

  it('refuses a length before the header is read', () => {
    assert.throws(() => headerLength(Uint8Array.of(1, 2), 2), AppError);
  });
});
