import assert from 'node:assert/strict';
import {
  ExportAssembler,
  fileStem,
  MOST_EXPORT_BYTES,
} from '../../../src/host/attention/exportFile';
import type { ExportChunk } from '../../../src/protocol/panel';

function chunk(change: Partial<ExportChunk> = {}): ExportChunk {
  return { runId: 1, format: 'csv', name: 'map', chunk: 0, chunks: 1, data: 'a,b\n', ...change };
}

describe('an export that comes in chunks', () => {
  it('is the file when its only chunk is there', () => {
    const file = new ExportAssembler().add(chunk({ data: '가,b\n' }));
    assert.deepEqual(file && { ...file, bytes: new TextDecoder().decode(file.bytes) }, {
      format: 'csv',
      name: 'map',
      bytes: '가,b\n',
    });
  });

  it('is put together in order, bytes and text alike', () => {
    for (const parts of [
      ['one ', 'two ', 'three'],
      ['one ', 'two ', 'three'].map((text) => new TextEncoder().encode(text)),
    ]) {
      const assembler = new ExportAssembler();
      const files = parts.map((data, index) =>
        assembler.add(chunk({ data, chunk: index, chunks: parts.length })),
      );
      assert.deepEqual(files.slice(0, 2), [undefined, undefined]);
      assert.equal(new TextDecoder().decode(files[2]?.bytes), 'one two three');
    }
  });

  it('is dropped when a chunk is missing, doubled or of another file', () => {
    const wrong: Partial<ExportChunk>[] = [
      { chunk: 2, chunks: 3 },
      { chunk: 1, chunks: 4 },
      { chunk: 1, chunks: 3, name: 'other' },
      { chunk: 1, chunks: 3, format: 'svg' },
      { chunk: 1, chunks: 3, runId: 2 },
      { chunk: 1, chunks: 3, data: new Uint8Array(1) },
    ];
    for (const change of wrong) {
      const assembler = new ExportAssembler();
      assembler.add(chunk({ chunks: 3 }));
      assert.equal(assembler.add(chunk(change)), undefined);
      // What follows belongs to a file that was dropped.
      assert.equal(assembler.add(chunk({ chunk: 1, chunks: 3 })), undefined);
      assert.equal(assembler.add(chunk({ chunk: 2, chunks: 3 })), undefined);
    }
  });

  it('begins anew with a first chunk', () => {
    const assembler = new ExportAssembler();
    assembler.add(chunk({ chunks: 2, data: 'old' }));
    assert.equal(new TextDecoder().decode(assembler.add(chunk({ data: 'new' }))?.bytes), 'new');
  });

  it('is dropped when it is too large', () => {
    const assembler = new ExportAssembler();
    const data = new Uint8Array(MOST_EXPORT_BYTES / 2 + 1);
    assembler.add(chunk({ data, chunks: 2 }));
    assert.equal(assembler.add(chunk({ data, chunk: 1, chunks: 2 })), undefined);
  });
});

describe('the suggested name of an export', () => {
  for (const [name, stem] of [
    ['cross layer 2 head 7', 'cross-layer-2-head-7'],
    ['../../etc/passwd', 'etc-passwd'],
    ['어텐션 맵', '어텐션-맵'],
    ['a\u0000b:c|d', 'a-b-c-d'],
    ['...', 'attention'],
    ['', 'attention'],
    ['x'.repeat(120), 'x'.repeat(80)],
  ] as const)
    it(`of ${JSON.stringify(name.slice(0, 20))} is ${JSON.stringify(stem.slice(0, 20))}`, () => {
      assert.equal(fileStem(name), stem);
    });
});
