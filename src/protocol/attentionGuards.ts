/** Checks of what the panel asks for and gets, for every boundary it crosses. */
import {
  ATTENTION_QUERIES,
  BLOCK_KINDS,
  type AttentionAnswer,
  type AttentionQueries,
  type AttentionQuery,
  type AttentionQueryName,
  type Candidate,
} from './attentionQueries';
import { ATTENTION_KINDS, layersOf, mapShape, type AttentionRun } from './attentionRun';
import { ALIGNMENT_MODES, FLOWS, PANEL_SIDES } from './panelState';
import {
  aBoolean,
  aNumber,
  anInteger,
  anObject,
  arrayOf,
  aString,
  instanceOf,
  oneOf,
  optional,
  type Reader,
} from './shape';
import { INSPECT_TASKS } from './tasks';

const count = anInteger(0);
const kind = oneOf(...ATTENTION_KINDS);
const nothing = anObject({});
const floats = instanceOf(Float32Array);
const halves = instanceOf(Uint16Array);
const head = { kind, layer: count, head: anInteger(-1) };

const paramsReaders = {
  head: anObject(head),
  steps: nothing,
  flow: anObject({ flow: oneOf(...FLOWS), layer: count }),
  similarity: anObject({ ...head, head: count }),
  model: nothing,
  neighbours: anObject({ side: oneOf(...PANEL_SIDES), index: count }),
  headDetail: anObject({ ...head, head: count, query: count }),
  cost: nothing,
} satisfies { [N in AttentionQueryName]: Reader<AttentionQueries[N]['params']> };

const candidate: Reader<Candidate> = anObject({ text: aString, probability: aNumber(0) });
const shape = { queries: count, keys: count, weights: halves };
const terms = arrayOf(anObject({ id: aString, formula: aString, parameters: count }));
const size: Reader<number | string> = (value, path) =>
  typeof value === 'string' ? value : count(value, path);

const resultReaders = {
  head: anObject({ ...head, ...shape }),
  steps: anObject({
    steps: arrayOf(
      anObject({
        candidates: arrayOf(candidate),
        chosen: anObject({ text: aString, probability: aNumber(0), rank: anInteger(1) }),
      }),
    ),
    hypotheses: arrayOf(anObject({ text: aString, logProbability: aNumber(), score: aNumber() })),
    shown: anInteger(-1),
  }),
  flow: anObject({ flow: oneOf(...FLOWS), layer: count, ...shape }),
  similarity: anObject({ distances: floats }),
  model: anObject({
    name: aString,
    precision: aString,
    blocks: arrayOf(
      anObject({
        id: aString,
        kind: oneOf(...BLOCK_KINDS),
        shape: arrayOf(size),
        inner: optional(arrayOf(size)),
        parameters: count,
        stored: count,
        tied: optional(aString),
      }),
    ),
    parameters: count,
    stored: count,
    modelSize: count,
    feedForwardSize: count,
    heads: count,
    keySize: count,
    encoderLayers: count,
    decoderLayers: count,
    vocabularySize: count,
    maxPositions: count,
    norm: oneOf('pre', 'post'),
    activation: aString,
    positions: aString,
    comparisons: arrayOf(
      anObject({
        name: oneOf('model', 'base', 'big', 'bertBase'),
        terms,
        parameters: count,
        published: optional(count),
      }),
    ),
  }),
  neighbours: anObject({
    neighbours: arrayOf(anObject({ text: aString, cosine: aNumber() })),
  }),
  headDetail: anObject({
    ...head,
    query: count,
    queryVector: floats,
    keyVectors: floats,
    valueVectors: floats,
    scores: floats,
    scaled: floats,
    mask: instanceOf(Uint8Array),
    weights: floats,
    output: floats,
  }),
  cost: anObject({
    points: arrayOf(
      anObject({
        length: count,
        selfAttention: aNumber(0),
        recurrent: aNumber(0),
        encoderMilliseconds: aNumber(0),
      }),
    ),
  }),
} satisfies { [N in AttentionQueryName]: Reader<AttentionQueries[N]['result']> };

const queryHead = anObject({ runId: count, name: oneOf(...ATTENTION_QUERIES) });

/** Whatever else the message has is left out. Throws invalidArgument. */
export const attentionQuery: Reader<AttentionQuery> = (value, path) => {
  const { runId, name } = queryHead(value, path);
  const { params } = value as { params?: unknown };
  // Name and parameters belong together by construction of `paramsReaders`.
  return { runId, name, params: paramsReaders[name](params, `${path}.params`) } as AttentionQuery;
};

/** Throws invalidArgument. */
export const attentionAnswer: Reader<AttentionAnswer> = (value, path) => {
  const { name } = anObject({ name: oneOf(...ATTENTION_QUERIES) })(value, path);
  const { result } = value as { result?: unknown };
  return { name, result: resultReaders[name](result, `${path}.result`) } as AttentionAnswer;
};

/** Whether the run has what is asked for. */
export function isQueryInRange(
  { runId, name, params }: AttentionQuery,
  run: AttentionRun,
): boolean {
  if (runId !== run.runId) return false;
  switch (name) {
    case 'head':
    case 'similarity':
      return params.layer < layersOf(run, params.kind) && params.head < run.heads;
    case 'headDetail':
      return (
        params.layer < layersOf(run, params.kind) &&
        params.head < run.heads &&
        params.query < mapShape(run, params.kind).queries
      );
    case 'flow':
      return params.layer < layersOf(run, params.flow === 'encoder' ? 'encoder' : 'decoder');
    case 'neighbours':
      return params.index < run[params.side].length;
    case 'steps':
    case 'model':
    case 'cost':
      return true;
  }
}

const token = anObject({
  id: count,
  text: aString,
  start: anInteger(-1),
  end: anInteger(-1),
  special: aBoolean,
  word: anInteger(-1),
});
const language = oneOf('en', 'ko');
export const keptReason = oneOf(
  'noText',
  'alreadyTarget',
  'spanLost',
  'numberChanged',
  'repeated',
  'runaway',
  'noOutput',
  'tooLong',
);

/** Of an `AttentionRun`: what it holds, not whether its parts fit each other. Throws invalidArgument. */
export const attentionRun: Reader<AttentionRun> = anObject({
  runId: count,
  modelName: aString,
  modelHash: aString,
  tokenizerHash: aString,
  direction: anObject({ source: language, target: language }),
  encoderLayers: count,
  decoderLayers: count,
  heads: count,
  selectionLength: count,
  sentences: arrayOf(anObject({ start: count, end: count, tokens: count })),
  sentence: anInteger(-1),
  targetText: aString,
  refused: optional(keptReason),
  task: optional(anObject({ name: oneOf(...INSPECT_TASKS), cut: aBoolean })),
  hypothesis: optional(
    anObject({ number: count, count, logProbability: aNumber(), score: aNumber() }),
  ),
  source: arrayOf(token),
  target: arrayOf(token),
  predicted: arrayOf(token),
  thumbnailSide: count,
  thumbnails: instanceOf(Uint8Array),
  metrics: floats,
  valueNorms: halves,
  alignment: anObject({ layer: count, mode: oneOf(...ALIGNMENT_MODES) }),
});
