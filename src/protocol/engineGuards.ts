/**
 * Checks of every message of the engine's contract. The engine reads parameters with `paramsReaders`, the host reads what
 * the engine sends with the others; `satisfies` makes a contract without its reader a compile error.
 */
import { AppError, type ErrorCode, type ErrorData, type WireError } from '../common/errors';
import type {
  EngineMethod,
  EngineNotifications,
  EngineParams,
  EngineResult,
  EngineStatus,
  ModelInfo,
} from './engine';
import { attentionAnswer, attentionQuery, attentionRun, keptReason } from './attentionGuards';
import { MOST_BEAM } from './decoding';
import {
  aBoolean,
  aNumber,
  anInteger,
  anObject,
  arrayOf,
  aString,
  oneOf,
  optional,
  type Reader,
  refuse,
} from './shape';
import { INSPECT_TASKS } from './tasks';

/** Bounds that no honest caller meets; they keep a wrong number from becoming an allocation. */
const MOST_THREADS = 1024;
const MOST_TARGET_TOKENS = 4096;

const language = oneOf('en', 'ko');
const deviceName = oneOf('cpu', 'cuda', 'dml', 'webgpu', 'coreml');
const count = anInteger(0);
const duration = aNumber(0);
const nothing = anObject({});

const finding = {
  device: deviceName,
  available: aBoolean,
  probeMilliseconds: optional(duration),
  library: optional(aString),
  software: optional(aBoolean),
  reason: optional(aString),
};

/** What is kept of a device's report from one start to the next. */
export const deviceFinding = anObject(finding);

const deviceReport = anObject({
  ...finding,
  obstacle: optional(oneOf('noProvider', 'cudaNotInstalled', 'cudaDamaged', 'cudaLibraries')),
  missing: optional(arrayOf(aString)),
  chosen: aBoolean,
  refusal: optional(oneOf('software', 'slower', 'other')),
  stored: optional(aBoolean),
});

const lostDevice = optional(anObject({ device: deviceName, reason: aString }));

const modelInfo: Reader<ModelInfo> = anObject({
  modelPath: aString,
  name: aString,
  device: deviceName,
  precision: oneOf('fp32', 'fp16', 'int8'),
  parameters: count,
  encoderLayers: count,
  decoderLayers: count,
  heads: count,
  modelSize: count,
  vocabularySize: count,
  loadMilliseconds: duration,
  devices: arrayOf(deviceReport),
  lost: lostDevice,
});

const engineStatus: Reader<EngineStatus> = anObject({
  state: oneOf('empty', 'loading', 'ready', 'unloaded', 'busy'),
  model: optional(modelInfo),
  cacheBytes: count,
  cacheEntries: count,
  residentBytes: count,
});

const segment = anObject({
  sourceStart: count,
  sourceEnd: count,
  targetStart: count,
  targetEnd: count,
  status: oneOf('translated', 'kept'),
  reason: optional(keptReason),
  logProbability: optional(aNumber()),
  uncertain: optional(aBoolean),
  terms: optional(arrayOf(anObject({ term: aString, translation: aString }))),
});

const textResult = anObject({
  text: aString,
  source: language,
  target: language,
  segments: arrayOf(segment),
});

const decoding = anObject({
  beam: anInteger(1, MOST_BEAM),
  lengthPenalty: aNumber(),
  maxTokens: anInteger(1, MOST_TARGET_TOKENS),
  wholeVocabulary: optional(aBoolean),
});

const priority = optional(oneOf('hover', 'command', 'background'));
const glossary = optional(arrayOf(anObject({ term: aString, translation: optional(aString) })));

const inspectParams = anObject({
  text: aString,
  sentence: optional(anInteger(-1)),
  cursor: optional(count),
  task: optional(anObject({ name: oneOf(...INSPECT_TASKS), written: optional(aString) })),
  hypothesis: optional(anInteger(0, MOST_BEAM - 1)),
  target: oneOf('auto', 'en', 'ko'),
  decoding,
  protectPatterns: arrayOf(aString),
  glossary,
});

export const paramsReaders = {
  load: anObject({
    modelPath: aString,
    device: oneOf('auto', 'cpu', 'cuda', 'dml', 'webgpu', 'coreml'),
    threads: anInteger(0, MOST_THREADS),
    cacheBytes: count,
    idleUnloadMinutes: duration,
    lost: lostDevice,
    verdictFile: optional(aString),
  }),
  translate: anObject({
    call: count,
    texts: arrayOf(aString),
    target: oneOf('auto', 'en', 'ko'),
    decoding,
    // What compiles and what is safe to run is known where they are used.
    protectPatterns: arrayOf(aString),
    glossary,
    stream: aBoolean,
    priority,
  }),
  status: nothing,
  devices: nothing,
  unload: nothing,
  inspect: inspectParams,
  align: inspectParams,
  alternatives: anObject({
    text: aString,
    target: oneOf('auto', 'en', 'ko'),
    decoding,
    protectPatterns: arrayOf(aString),
    glossary,
    count: anInteger(1, MOST_BEAM),
  }),
  attentionQuery,
  generate: anObject({
    task: oneOf('title', 'oneLine', 'explain', 'translate'),
    language,
    text: aString,
    decoding,
    nBest: anInteger(1, MOST_BEAM),
    protectPatterns: arrayOf(aString),
    priority,
  }),
  summarize: anObject({
    text: aString,
    sentences: anInteger(1, 5),
    language: oneOf('auto', 'en', 'ko'),
    priority,
  }),
  clearCache: nothing,
} satisfies { [M in EngineMethod]: Reader<EngineParams<M>> };

export const resultReaders = {
  load: modelInfo,
  translate: anObject({
    results: arrayOf(textResult),
    sentences: count,
    fromCache: count,
    sourceTokens: count,
    targetTokens: count,
    milliseconds: duration,
  }),
  status: engineStatus,
  devices: arrayOf(deviceReport),
  unload: anObject({ freed: aBoolean }),
  inspect: attentionRun,
  align: anObject({
    targetText: aString,
    links: arrayOf(
      anObject({ sourceStart: count, sourceEnd: count, targetStart: count, targetEnd: count }),
    ),
  }),
  alternatives: anObject({
    alternatives: arrayOf(anObject({ text: aString, logProbability: aNumber() })),
  }),
  attentionQuery: attentionAnswer,
  generate: anObject({
    candidates: arrayOf(anObject({ text: aString, logProbability: aNumber() })),
    refused: optional(keptReason),
    cut: aBoolean,
  }),
  summarize: anObject({
    language,
    sentences: arrayOf(anObject({ start: count, end: count, text: aString, score: duration })),
    total: count,
  }),
  clearCache: anObject({ entries: count }),
} satisfies { [M in EngineMethod]: Reader<EngineResult<M>> };

export const notificationReaders = {
  progress: anObject({ call: count, done: count, total: count }),
  partial: anObject({ call: count, index: count, text: aString }),
  log: anObject({ level: oneOf('debug', 'info', 'warn', 'error'), message: aString }),
  state: engineStatus,
} satisfies { [N in keyof EngineNotifications]: Reader<EngineNotifications[N]> };

const ERROR_CODES = {
  cancelled: true,
  invalidArgument: true,
  modelNotFound: true,
  modelConfigInvalid: true,
  modelWeightsInvalid: true,
  tokenizerInvalid: true,
  textTooLong: true,
  deviceUnavailable: true,
  engineStartFailed: true,
  engineDied: true,
  engineProtocol: true,
  engineTimeout: true,
  inferenceFailed: true,
  downloadFailed: true,
  archiveInvalid: true,
  noSpace: true,
  internal: true,
} satisfies Record<ErrorCode, true>;

const errorCode: Reader<ErrorCode> = (value, path) =>
  typeof value === 'string' && Object.hasOwn(ERROR_CODES, value)
    ? (value as ErrorCode)
    : refuse(path, 'an error code');

const errorData: Reader<ErrorData> = (value, path) => {
  if (typeof value !== 'object' || value === null) return refuse(path, 'an object');
  for (const entry of Object.values(value)) {
    if (!['string', 'number', 'boolean'].includes(typeof entry)) refuse(path, 'plain values');
  }
  return value as ErrorData;
};

const wireError: Reader<WireError> = anObject({
  code: errorCode,
  message: aString,
  data: errorData,
});

/** Rebuilds an error that crossed the boundary. Throws `invalidArgument` if it is not one. */
export function readWireError(value: unknown): AppError {
  const { code, message, data } = wireError(value, 'error');
  return new AppError(code, message, data);
}
