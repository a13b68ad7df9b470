import assert from 'node:assert/strict';
import { layersOf, mapShape, type AttentionRun } from '../../../src/protocol/attentionRun';
import { MARK_STEPS, MOST_MESSAGE, OUTPUTS, type PanelToHost } from '../../../src/protocol/panel';
import { parseHostMessage, parsePanelMessage } from '../../../src/protocol/panelGuards';
import { hostMessages, panelMessages, tampered } from '../../panel/messages';
import { seeded } from '../../panel/random';
import { syntheticRun, words } from '../../panel/syntheticRun';

const ROUNDS = 400;

const run = syntheticRun({
  runId: 7,
  encoderLayers: 2,
  decoderLayers: 2,
  heads: 2,
  source: words(6),
  target: words(5),
});

const below = (value: number, limit: number): boolean =>
  Number.isInteger(value) && value >= 0 && value < limit;

/** What the host relies on, written down a second time and independent of the readers. */
function isInRange(message: PanelToHost, { runId }: AttentionRun): boolean {
  const tokens = (side: 'source' | 'target') => run[side].length;
  switch (message.type) {
    case 'ready':
      return true;
    case 'query': {
      if (message.runId !== runId || !below(message.seq, 2 ** 53)) return false;
      const { name, params } = message;
      if (name === 'neighbours') return below(params.index, tokens(params.side));
      if (name === 'flow')
        return below(
          params.layer,
          params.flow === 'encoder' ? run.encoderLayers : run.decoderLayers,
        );
      if (name === 'head' || name === 'similarity' || name === 'headDetail') {
        const headFits = (name === 'head' && params.head === -1) || below(params.head, run.heads);
        const rows = mapShape(run, params.kind).queries;
        const queryFits = name !== 'headDetail' || below(params.query, rows);
        return headFits && queryFits && below(params.layer, layersOf(run, params.kind));
      }
      return true;
    }
    case 'mark':
    case 'pin':
      return (
        message.runId === runId &&
        message.indices.length === message.steps.length &&
        message.indices.every((index) => below(index, tokens(message.side))) &&
        message.steps.every((step) => step >= 1 && below(step, MARK_STEPS + 1))
      );
    case 'reveal':
      return message.runId === runId && below(message.index, tokens(message.side));
    case 'rerun':
      return (
        (message.runId === runId || message.runId === -1) &&
        (message.sentence ?? -1) >= -1 &&
        (message.sentence ?? -1) < run.sentences.length &&
        below(message.hypothesis ?? 0, 64) &&
        OUTPUTS.includes(message.output ?? 'translation')
      );
    case 'sample':
      return below(message.index, 5);
    case 'export': {
      const { data } = message;
      const size = typeof data === 'string' ? 2 * data.length : data.byteLength;
      return (
        message.runId === runId && below(message.chunk, message.chunks) && size <= MOST_MESSAGE
      );
    }
    case 'copy':
      return 2 * message.text.length <= MOST_MESSAGE;
    case 'open':
      return /^\w+$/.test(message.paper);
  }
}

describe('messages that somebody tampered with', () => {
  it('are built on messages that are understood', () => {
    for (const message of panelMessages(run))
      assert.deepEqual(parsePanelMessage(message, run), message, JSON.stringify(message));
    for (const message of hostMessages(run))
      assert.ok(parseHostMessage(message, run), JSON.stringify(message).slice(0, 200));
  });

  it('from the panel are dropped or in range, and read the same when read again', () => {
    const random = seeded(20261121);
    let dropped = 0;
    const messages = panelMessages(run);
    for (let round = 0; round < ROUNDS; round++)
      for (const message of messages) {
        const value = tampered(message, random);
        const read = parsePanelMessage(value, run);
        if (!read) {
          dropped++;
          continue;
        }
        assert.ok(isInRange(read, run), JSON.stringify(value));
        assert.deepEqual(parsePanelMessage(read, run), read);
      }
    // Nearly every change matters; if none were dropped, or all, this test would show nothing.
    const share = dropped / (ROUNDS * messages.length);
    assert.ok(share > 0.5 && share < 0.99, String(share));
  });

  it('from the panel are answered only if they need no run, while there is none', () => {
    const random = seeded(3);
    for (let round = 0; round < ROUNDS; round++)
      for (const message of panelMessages(run)) {
        const read = parsePanelMessage(tampered(message, random), undefined);
        assert.ok(!read || ['ready', 'sample', 'copy', 'open', 'rerun'].includes(read.type));
      }
  });

  it('from the host are dropped or read, and never of another run than the one shown', () => {
    const random = seeded(11);
    for (let round = 0; round < ROUNDS / 4; round++)
      for (const message of hostMessages(run)) {
        const read = parseHostMessage(tampered(message, random), run);
        if (read?.type === 'answer' || read?.type === 'cursor') assert.equal(read.runId, run.runId);
        if (read?.type === 'cursor')
          assert.ok(read.indices.every((index) => below(index, run.source.length)));
        if (read?.type === 'run') assert.ok(isWhole(read.run), 'the run holds what it promises');
        if (read?.type === 'answer' && read.name === 'head')
          assert.equal(read.result.weights.length, read.result.queries * read.result.keys);
      }
  });
});

/** All of its lists have the lengths that its numbers say. */
function isWhole(run: AttentionRun): boolean {
  return (
    run.predicted.length === run.target.length &&
    run.metrics.length === (run.encoderLayers + 2 * run.decoderLayers) * run.heads * 17 &&
    run.source.every(({ start, end }) => start <= end && end <= run.selectionLength)
  );
}
