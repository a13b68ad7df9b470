import assert from 'node:assert/strict';
import { readWrittenText } from '../../../src/host/attention/written';

describe('what the attention command is told', () => {
  it('is a text that was written for the selection', () => {
    const title = { name: 'title', written: 'The cache', beam: 6 };
    assert.deepEqual(readWrittenText({ ...title, more: 1 }), title);
  });

  it('is nothing for what menus and keys pass', () => {
    const others = [
      undefined,
      null,
      7,
      { scheme: 'file', path: '/a.md' },
      { name: 'translate', written: 'a', beam: 1 },
      { name: 'title', written: 'a', beam: 0 },
      { name: 'title', written: 'a', beam: 65 },
      { name: 'title', beam: 4 },
    ];
    for (const other of others) assert.equal(readWrittenText(other), undefined);
  });
});
