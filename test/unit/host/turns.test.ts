import assert from 'node:assert/strict';
import { pauseBeforeTurn } from '../../../src/host/scopes/turns';

describe('turns of long work in the extension host', () => {
  it('follow each other at once while the work is short', () => {
    assert.equal(pauseBeforeTurn(1_100, { began: 1_000, edited: -Infinity }), 0);
  });

  it('leave room when the work is long', () => {
    const pause = pauseBeforeTurn(2_000, { began: 1_000, edited: -Infinity });
    assert.ok(pause > 0 && pause < 10, String(pause));
  });

  it('wait until nobody types, and no longer', () => {
    const times = { began: 1_000, edited: 1_050 };
    const pause = pauseBeforeTurn(1_060, times);
    assert.ok(pause > 200, 'the next key is struck before the next turn');
    assert.equal(pauseBeforeTurn(1_060 + pause, { ...times, began: 1_300 }), 0);
  });
});
