import { deepEqual, equal } from 'node:assert/strict';
import { readElfLinks } from '../../../src/cuda/elf';
import { linksOf } from '../../../src/cuda/libraries';
import { elfFile } from './elfFile';

const reading = (bytes: Buffer) => (offset: number, length: number) =>
  Promise.resolve(bytes.subarray(offset, offset + length));

describe('ELF files', () => {
  const library = elfFile(['libcublas.so.12', 'libc.so.6'], '$ORIGIN:/opt/libs');

  it('say which libraries they need and where to look first', async () => {
    deepEqual(await readElfLinks(reading(library)), {
      needed: ['libcublas.so.12', 'libc.so.6'],
      runPath: ['$ORIGIN', '/opt/libs'],
    });
    deepEqual(await readElfLinks(reading(elfFile([]))), { needed: [], runPath: [] });
  });

  it('are read as binutils reads them: the binding of the runtime', async () => {
    const path = require.resolve('onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node');
    // readelf -d of the same file.
    deepEqual(await linksOf(path), {
      needed: ['libonnxruntime.so.1', 'libstdc++.so.6', 'libm.so.6', 'libgcc_s.so.1', 'libc.so.6'],
      runPath: ['$ORIGIN/'],
    });
  });

  it('of other machines, and what is none, are refused', async () => {
    const changed = (offset: number, value: number) => {
      const bytes = Buffer.from(library);
      bytes[offset] = value;
      return readElfLinks(reading(bytes));
    };
    equal(await changed(0, 0), undefined, 'no ELF');
    equal(await changed(4, 1), undefined, '32 bits');
    equal(await changed(5, 2), undefined, 'big endian');
    equal(await changed(18, 183), undefined, 'ARM');
    equal(await linksOf(__filename), undefined);
    equal(await linksOf(__dirname), undefined);
    equal(await linksOf('/nonexistent/lib.so'), undefined);
  });

  it('that were cut off never give names they do not have', async () => {
    for (let length = 0; length < library.length; length++) {
      const links = await readElfLinks(reading(library.subarray(0, length)));
      for (const name of links?.needed ?? [])
        equal('libcublas.so.12libc.so.6'.includes(name), true);
    }
  });
});
