import assert from 'node:assert/strict';
import { withoutFloat16Array } from '../../src/engine/halfTensors';
import { Tensor } from '../../src/engine/onnxruntime';

const here = (): unknown => Object.getOwnPropertyDescriptor(globalThis, 'Float16Array')?.value;

describe('half precision', () => {
  it('stays in the arrays that the runtime writes into, whatever version of Node this is', () => {
    const data = Uint16Array.of(0x3c00, 0x4000);
    const tensor = new Tensor('float16', data, [2]);
    assert.equal(tensor.data, data);
  });

  it('hides Float16Array for a moment and puts it back, after a failure too', () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array');
    const stand = class Half {};
    Object.defineProperty(globalThis, 'Float16Array', { value: stand, configurable: true });
    try {
      let seen: unknown = stand;
      withoutFloat16Array(() => (seen = here()));
      assert.equal(seen, undefined);
      assert.equal(here(), stand);
      assert.throws(() =>
        withoutFloat16Array(() => {
          throw new Error('no tensor');
        }),
      );
      assert.equal(here(), stand);
    } finally {
      Reflect.deleteProperty(globalThis, 'Float16Array');
      if (before) Object.defineProperty(globalThis, 'Float16Array', before);
    }
  });
});
