/**
 * What comes from the other side is checked field by field and dropped if anything is wrong: the webview shows text of
 * documents, and the host must do nothing that a page could have been talked into.
 */
import { attentionAnswer, attentionQuery, attentionRun, isQueryInRange } from './attentionGuards';
import type { AttentionRun } from './attentionRun';
import { MOST_BEAM } from './decoding';
import {
  EXPORT_FORMATS,
  MARK_STEPS,
  MOST_MESSAGE,
  OUTPUTS,
  PAPERS,
  type HostToPanel,
  type PanelToHost,
} from './panel';
import { answerFits, runFits } from './panelFits';
import { MOST_INDICES, PANEL_SIDES, parsePanelState } from './panelState';
import type { PanelStrings } from './panelStrings';
import { SAMPLES } from './samples';
import {
  aBoolean,
  anInteger,
  anObject,
  arrayOf,
  aString,
  aStringUpTo,
  instanceOf,
  oneOf,
  optional,
  type Reader,
  refuse,
} from './shape';

const MOST_CHUNKS = 4096;
const MOST_NAME = 120;

const seq = anInteger(0);
const side = oneOf(...PANEL_SIDES);
const indices = arrayOf(anInteger(0), MOST_INDICES);
const steps = arrayOf(anInteger(1, MARK_STEPS), MOST_INDICES);
const text = aStringUpTo(MOST_MESSAGE / 2);

const chunkData: Reader<string | Uint8Array> = (value, path) => {
  if (typeof value === 'string') return text(value, path);
  const bytes = instanceOf(Uint8Array)(value, path);
  return bytes.byteLength <= MOST_MESSAGE ? bytes : refuse(path, `${MOST_MESSAGE} bytes at most`);
};

const marks = anObject({ runId: seq, side, indices, steps });
const reveal = anObject({ runId: seq, side, index: seq });
const rerun = anObject({
  runId: anInteger(-1),
  sentence: optional(anInteger(-1)),
  hypothesis: optional(anInteger(0, MOST_BEAM - 1)),
  output: optional(oneOf(...OUTPUTS)),
});
const sample = anObject({ index: anInteger(0, SAMPLES.length - 1) });
const exported = anObject({
  runId: seq,
  format: oneOf(...EXPORT_FORMATS),
  name: aStringUpTo(MOST_NAME),
  chunk: seq,
  chunks: anInteger(1, MOST_CHUNKS),
  data: chunkData,
});
const query = anObject({ seq });
const ofMessage = 'message';

/** A message from the webview, answered only if every field is in range of the run shown; else undefined. */
export function parsePanelMessage(
  value: unknown,
  run: AttentionRun | undefined,
): PanelToHost | undefined {
  return unlessRefused(() => panelMessage(value, run));
}

function panelMessage(value: unknown, run: AttentionRun | undefined): PanelToHost | undefined {
  switch (typeOf(value)) {
    case 'ready':
      return { type: 'ready' };
    case 'sample':
      return { type: 'sample', ...sample(value, ofMessage) };
    case 'copy':
      return { type: 'copy', ...anObject({ text })(value, ofMessage) };
    case 'open':
      return { type: 'open', ...anObject({ paper: oneOf(...PAPERS) })(value, ofMessage) };
    case 'rerun': {
      const message = rerun(value, ofMessage);
      const { runId, ...what } = message;
      const known = runId === run?.runId && (what.sentence ?? -1) < run.sentences.length;
      const anything = runId === -1 && Object.keys(what).length === 0;
      return known || anything ? { type: 'rerun', ...message } : undefined;
    }
  }
  return run && messageOfRun(value, run);
}

function messageOfRun(value: unknown, run: AttentionRun): PanelToHost | undefined {
  const type = typeOf(value);
  switch (type) {
    case 'query': {
      const asked = attentionQuery(value, ofMessage);
      if (!isQueryInRange(asked, run)) return undefined;
      return { type: 'query', ...query(value, ofMessage), ...asked };
    }
    case 'mark':
    case 'pin': {
      const message = marks(value, ofMessage);
      const tokens = run[message.side].length;
      const fits =
        message.runId === run.runId &&
        message.indices.length === message.steps.length &&
        message.indices.every((index) => index < tokens);
      return fits ? { type, ...message } : undefined;
    }
    case 'reveal': {
      const message = reveal(value, ofMessage);
      const fits = message.runId === run.runId && message.index < run[message.side].length;
      return fits ? { type: 'reveal', ...message } : undefined;
    }
    case 'export': {
      const message = exported(value, ofMessage);
      const fits = message.runId === run.runId && message.chunk < message.chunks;
      return fits ? { type: 'export', ...message } : undefined;
    }
  }
  return undefined;
}

const panelStrings: Reader<PanelStrings> = (value, path) => {
  if (typeof value !== 'object' || value === null) return refuse(path, 'an object');
  for (const one of Object.values(value)) aString(one, path);
  return value as PanelStrings;
};
const settings = anObject({ singleKeys: aBoolean });
const notice = anObject({
  text: aString,
  kind: oneOf('info', 'stale', 'gone'),
  action: optional(oneOf('rerun', 'recompute')),
});
const cursor = anObject({ runId: seq, indices });

/** A message from the host; undefined if it is none, or of another run than the one shown. */
export function parseHostMessage(
  value: unknown,
  run: AttentionRun | undefined,
): HostToPanel | undefined {
  return unlessRefused(() => hostMessage(value, run));
}

function hostMessage(value: unknown, run: AttentionRun | undefined): HostToPanel | undefined {
  switch (typeOf(value)) {
    case 'strings': {
      const read = anObject({ strings: panelStrings, locale: aString });
      return { type: 'strings', ...read(value, ofMessage) };
    }
    case 'settings':
      return { type: 'settings', ...settings(value, ofMessage) };
    case 'run': {
      const { state } = value as { state?: unknown };
      const read = anObject({ run: attentionRun })(value, ofMessage);
      if (!runFits(read.run)) return undefined;
      return { type: 'run', ...read, ...(state ? { state: parsePanelState(state) } : {}) };
    }
    case 'answer': {
      const head = anObject({ seq, runId: seq })(value, ofMessage);
      if (head.runId !== run?.runId) return undefined;
      const answer = attentionAnswer(value, ofMessage);
      return answerFits(answer, run) ? { type: 'answer', ...head, ...answer } : undefined;
    }
    case 'failure':
      return { type: 'failure', ...anObject({ seq, text: aString })(value, ofMessage) };
    case 'message':
      return { type: 'message', ...notice(value, ofMessage) };
    case 'cursor': {
      const message = cursor(value, ofMessage);
      const fits =
        message.runId === run?.runId && message.indices.every((index) => index < run.source.length);
      return fits ? { type: 'cursor', ...message } : undefined;
    }
    case 'exported':
      return { type: 'exported', ...anObject({ path: aString })(value, ofMessage) };
  }
  return undefined;
}

function typeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null
    ? (value as { type?: unknown }).type
    : undefined;
}

function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
