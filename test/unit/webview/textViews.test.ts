import { deepEqual, equal, ok } from 'node:assert/strict';
import type { AttentionMap } from '../../../src/attention/attentionMap';
import type { AttentionRun, PanelToken } from '../../../src/protocol/attentionRun';
import { DEFAULT_PANEL_STATE, type PanelState } from '../../../src/protocol/panelState';
import { visibleToken } from '../../../src/webview/dom';
import { shownMap } from '../../../src/webview/shownMap';
import { cursorAnchor, pinnedAnchor, turnedPins } from '../../../src/webview/text/anchor';
import { anchorWeights } from '../../../src/webview/text/anchors';
import { editorMarks } from '../../../src/webview/text/editorMarks';
import { blockMarks, foundLines, mapInRange, shadingTop } from '../../../src/webview/text/marks';
import { piecesOf } from '../../../src/webview/text/tokenText';
import { linkRows } from '../../../src/webview/text/twin';

const token = (text: string, word: number, special = false): PanelToken => ({
  id: 0,
  text,
  start: special ? -1 : 0,
  end: special ? -1 : text.length,
  special,
  word,
});
/** Source `<2ko> play ing </s>`, output `<s> 놀 이 </s>`: three tokens each without the mark at the other end. */
const run = {
  source: [token('<2ko>', -1, true), token(' play', 0), token('ing', 0), token('</s>', -1, true)],
  target: [token('<s>', -1, true), token('놀', 0), token('이', 0)],
  predicted: [token('놀', 0), token('이', 0), token('</s>', -1, true)],
} as unknown as AttentionRun;
const cross: AttentionMap = {
  weights: Float32Array.of(0, 0.75, 0, 0.25, 0, 0.25, 0.75, 0, 0.5, 0, 0, 0.5),
  queries: 3,
  keys: 4,
  causal: false,
};
const state = (change: Partial<PanelState>): PanelState => ({
  ...DEFAULT_PANEL_STATE,
  ...change,
});
const plain = shownMap(cross, 'cross', run, DEFAULT_PANEL_STATE);
const merged = shownMap(cross, 'cross', run, { ...DEFAULT_PANEL_STATE, words: true });

describe('pins of the linked text', () => {
  it('are rows where they attend and columns where they are attended by', () => {
    const pins = { side: 'target', indices: [1] } as const;
    deepEqual(pinnedAnchor(state({ pins, direction: 'to' }), plain), {
      direction: 'to',
      lines: [1],
    });
    equal(pinnedAnchor(state({ pins, direction: 'by' }), plain), undefined);
    const source = { side: 'source', indices: [2] } as const;
    deepEqual(pinnedAnchor(state({ pins: source, direction: 'by' }), merged), {
      direction: 'by',
      lines: [1],
    });
    equal(pinnedAnchor(state({}), plain), undefined);
  });

  it('stay with their token when the direction turns', () => {
    const indices = [0, 2];
    deepEqual(
      turnedPins(
        { kind: 'encoder', rows: 'predicted', pins: { side: 'source', indices } },
        run,
        'by',
      ),
      {
        side: 'source',
        indices,
      },
    );
    // Row 0 predicts what is input 1; what row 2 predicts is no input.
    deepEqual(
      turnedPins(
        { kind: 'decoder', rows: 'predicted', pins: { side: 'target', indices } },
        run,
        'by',
      ),
      {
        side: 'target',
        indices: [1],
      },
    );
    deepEqual(
      turnedPins(
        { kind: 'decoder', rows: 'predicted', pins: { side: 'target', indices } },
        run,
        'to',
      ),
      {
        side: 'target',
        indices: [1],
      },
    );
    // A row that is called by what it reads stands for the token of that column.
    deepEqual(
      turnedPins({ kind: 'decoder', rows: 'input', pins: { side: 'target', indices } }, run, 'by'),
      { side: 'target', indices },
    );
    deepEqual(
      turnedPins(
        { kind: 'cross', rows: 'predicted', pins: { side: 'target', indices } },
        run,
        'by',
      ),
      {
        side: 'source',
        indices: [],
      },
    );
  });

  it('give way to the tokens under the cursor of the editor, in the direction that these have', () => {
    deepEqual(cursorAnchor(state({ direction: 'to' }), plain, [2]), {
      direction: 'by',
      lines: [2],
    });
    const encoder = state({ kind: 'encoder', direction: 'to' });
    deepEqual(cursorAnchor(encoder, plain, [2]), { direction: 'to', lines: [2] });
    equal(cursorAnchor(state({ kind: 'decoder' }), plain, [2]), undefined);
    equal(cursorAnchor(state({}), plain, []), undefined);
  });
});

describe('marks of the editor', () => {
  it('are the anchor whole and the other text by weight', () => {
    const anchor = { direction: 'to', lines: [1] } as const;
    const weights = anchorWeights(cross, 'to', [1]);
    deepEqual(editorMarks(run, state({}), plain, anchor, weights), [
      // Row 1 predicts what is decoder input 2.
      { side: 'target', indices: [2], weights: [1] },
      { side: 'source', indices: [1, 2], weights: [0.25, 0.75] },
    ]);
  });

  it('cover all tokens of a word', () => {
    const anchor = { direction: 'by', lines: [1] } as const;
    const weights = anchorWeights(merged.map, 'by', [1]);
    const [source, target] = editorMarks(run, state({}), merged, anchor, weights);
    deepEqual(source, { side: 'source', indices: [1, 2], weights: [1, 1] });
    deepEqual(target, { side: 'target', indices: [1, 2], weights: [0.875, 0.875] });
  });

  it('are the weights alone where both are one text', () => {
    const encoder: AttentionMap = {
      weights: Float32Array.from({ length: 16 }, () => 0.25),
      queries: 4,
      keys: 4,
      causal: false,
    };
    const shown = shownMap(encoder, 'encoder', run, DEFAULT_PANEL_STATE);
    const marks = editorMarks(
      run,
      state({ kind: 'encoder' }),
      shown,
      { direction: 'to', lines: [0] },
      [0.5, 0, 0, 0],
    );
    deepEqual(marks, [{ side: 'source', indices: [0], weights: [0.5] }]);
  });
});

describe('marks of the texts', () => {
  const base = { shown: plain, cursor: [2], weights: anchorWeights(cross, 'to', [0]) };

  it('shade the other text only, and show the cursor in the source', () => {
    const anchor = { direction: 'to', lines: [0] } as const;
    const { query, key } = blockMarks({ ...base, state: state({}), anchor });
    equal(query.weights, undefined);
    deepEqual([...(query.anchors ?? [])], [0]);
    deepEqual([...(query.cursor ?? [])], []);
    deepEqual(key.weights, base.weights);
    deepEqual([...(key.cursor ?? [])], [2]);
  });

  it('draw faintly what a decoder row cannot see', () => {
    const anchor = { direction: 'to', lines: [1] } as const;
    const causal = { weights: Float32Array.of(1, 0, 0, 0.5, 0.5, 0, 0.25, 0.25, 0.5), queries: 3 };
    const map = { ...causal, keys: 3, causal: true };
    const shown = shownMap(map, 'decoder', run, DEFAULT_PANEL_STATE);
    const { key } = blockMarks({ ...base, shown, state: state({ kind: 'decoder' }), anchor });
    deepEqual(
      [0, 1, 2].map((line) => key.faint?.(line)),
      [false, false, true],
    );
  });

  it('scale to the greatest where that is wanted or where weights have no bound', () => {
    equal(shadingTop(Float32Array.of(0.25, 0.5), false), 1);
    equal(shadingTop(Float32Array.of(0.25, 0.5), true), 0.5);
    equal(shadingTop(Float32Array.of(0.25, 4), false), 4);
    equal(shadingTop(new Float32Array(3), true), 1);
  });

  it('take away source tokens out of the range, and their links', () => {
    const range = { from: 1, to: 3 };
    const { query, key } = blockMarks({ ...base, state: state({ range }), anchor: undefined });
    equal(query.out, undefined);
    deepEqual(
      [0, 1, 2, 3].map((line) => key.out?.(line)),
      [true, false, false, true],
    );
    deepEqual([...(mapInRange(plain, range).keyMask ?? [])], [0, 1, 1, 0]);
    // The word of tokens 1 and 2 stays if either is in range.
    deepEqual([...(mapInRange(merged, { from: 2, to: -1 }).keyMask ?? [])], [0, 1, 1]);
    equal(mapInRange(plain, { from: 0, to: -1 }), plain.map);
  });

  it('find tokens whatever their case', () => {
    deepEqual(foundLines(plain.keyLabels, 'PLAY '), [1]);
    deepEqual(foundLines(plain.keyLabels, ' '), []);
  });
});

describe('pieces', () => {
  it('stand apart where the text has a blank, and around special tokens', () => {
    deepEqual(
      piecesOf(plain.keyLabels, run.source).map(({ spaced }) => spaced),
      [false, true, false, true],
    );
    const words = piecesOf(merged.keyLabels, run.source);
    deepEqual(
      words.map(({ text }) => text),
      ['<2ko>', 'playing', '</s>'],
    );
  });
});

describe('tokens as they are shown', () => {
  it('have signs for blanks, and the characters that bytes of a word make up', () => {
    equal(visibleToken(' a\tb\n'), 'a⇥b⏎');
    equal(visibleToken(' '), '␣');
    equal(visibleToken(' <0xEB><0xA9><0x88>추고'), '멈추고');
    equal(visibleToken('<0xEB>'), '<0xEB>');
    equal(visibleToken('<0xEB><0xA9>추'), '<0xEB><0xA9>추');
  });
});

describe('rows of links for a file', () => {
  const links = [{ head: 0, query: 0, key: 1, weight: 0.75 }];

  it('name both ends, or only their places', () => {
    deepEqual(linkRows([plain], ['3.5'], links, false)[1], ['3.5', 0, '놀', 1, 'play', 0.75]);
    deepEqual(linkRows([plain], ['3.5'], links, true), [
      ['head', 'query', 'key', 'weight'],
      ['3.5', 0, 1, 0.75],
    ]);
    ok(!JSON.stringify(linkRows([plain], ['3.5'], links, true)).includes('play'));
  });
});
