/**
 * The contract between the host and the engine process: one map from method to parameters and result, so that a missing
 * handler is a compile error. Offsets are UTF-16 code units, as in VS Code's own protocol.
 */
import type { GlossaryEntry } from '../common/glossary';
import type { Language, TargetLanguage } from '../common/language';
import type { LogLevel } from '../common/logger';
import type { AttentionAnswer, AttentionQuery } from './attentionQueries';
import type { AttentionRun } from './attentionRun';
import type { DecodingOptions, KeptReason, Priority } from './decoding';
import type {
  GenerateParams,
  GenerateResult,
  InspectTask,
  SummarizeParams,
  SummarizeResult,
} from './tasks';

export type { Language, TargetLanguage } from '../common/language';
export type { DecodingOptions, KeptReason, Priority } from './decoding';

export type DeviceName = 'cpu' | 'cuda' | 'dml' | 'webgpu' | 'coreml';
export type DeviceChoice = 'auto' | DeviceName;

/** A device that failed in the middle of a run, and why: the runtime's words, or how the engine's process ended. */
export interface LostDevice {
  readonly device: DeviceName;
  readonly reason: string;
}

export interface LoadParams {
  /** Folder with config.json, tokenizer.json, model.safetensors. */
  readonly modelPath: string;
  readonly device: DeviceChoice;
  /** Threads of one operator; 0 leaves the choice to the engine. */
  readonly threads: number;
  /** Bound of the translation cache in bytes; 0 switches it off. */
  readonly cacheBytes: number;
  /** Idle time after which the weights are let go, in minutes; 0 keeps them. */
  readonly idleUnloadMinutes: number;
  /** Present: the model is opened on the CPU, whatever `device` says. */
  readonly lost?: LostDevice;
  /** File that keeps what the devices were found to be; absent: they are tried at every start. */
  readonly verdictFile?: string;
}

/** What a device was found to be, and whether it is used. */
export interface DeviceReport {
  readonly device: DeviceName;
  readonly available: boolean;
  readonly chosen: boolean;
  /** Milliseconds of the probe (one encoder pass and a few decoder steps); absent where it could not run. */
  readonly probeMilliseconds?: number;
  /** The libraries and cards that did the probe, where the system says so. */
  readonly library?: string;
  /** It computes on the CPU after all. */
  readonly software?: boolean;
  /** Why it is not available: the runtime's own words, with what it wrote to stderr. */
  readonly reason?: string;
  /** What `reason` says, where there are words for it in the reader's language. */
  readonly obstacle?: DeviceObstacle;
  /** The libraries that `cudaLibraries` is about, each with the product it belongs to. */
  readonly missing?: readonly string[];
  /** Why an available device is not chosen: no graphics card, not faster than the CPU, or another one is in use. */
  readonly refusal?: DeviceRefusal;
  /** Found at an earlier start, with the same model, driver and program. */
  readonly stored?: boolean;
}

export type DeviceRefusal = 'software' | 'slower' | 'other';

/**
 * What keeps a device from being tried: the runtime for this platform does not have it, CUDA support is not installed or not what
 * was installed, or libraries that it needs are missing.
 */
export type DeviceObstacle = 'noProvider' | 'cudaNotInstalled' | 'cudaDamaged' | 'cudaLibraries';

export interface ModelInfo {
  readonly modelPath: string;
  /** Name from config.json, or the folder's name. */
  readonly name: string;
  readonly device: DeviceName;
  readonly precision: 'fp32' | 'fp16' | 'int8';
  readonly parameters: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly heads: number;
  readonly modelSize: number;
  readonly vocabularySize: number;
  readonly loadMilliseconds: number;
  readonly devices: readonly DeviceReport[];
  /** Why the model is on the CPU since. */
  readonly lost?: LostDevice;
}

export interface TranslateParams {
  /** The host's number of this call; progress and partial text carry it. */
  readonly call: number;
  /** One entry per selection; each comes back as one text. */
  readonly texts: readonly string[];
  readonly target: TargetLanguage;
  readonly decoding: DecodingOptions;
  /** Regular expressions, in addition to the built-in ones, of spans that must come out unchanged. */
  readonly protectPatterns: readonly string[];
  /** The user's terms, for whichever direction; the later of two entries for a term holds. */
  readonly glossary?: readonly GlossaryEntry[];
  /** Send `translate/partial` notifications while decoding. Only greedy decoding has partial text. */
  readonly stream: boolean;
  /** `command` if absent. */
  readonly priority?: Priority;
}

/** One term as the text has it and as the translation has it. */
export interface TermHit {
  readonly term: string;
  readonly translation: string;
}

export interface SegmentResult {
  readonly sourceStart: number;
  readonly sourceEnd: number;
  readonly targetStart: number;
  readonly targetEnd: number;
  readonly status: 'translated' | 'kept';
  /** Present exactly when `status` is `kept`. */
  readonly reason?: KeptReason;
  /** Mean log-probability per target token in nats; absent for kept segments and where the glossary alone gave the text. */
  readonly logProbability?: number;
  /** Its log-probability is so low that this model's translations are often wrong there. */
  readonly uncertain?: boolean;
  /** Terms of the glossary that stand in the translation, in its order. */
  readonly terms?: readonly TermHit[];
}

export interface TextResult {
  readonly text: string;
  readonly source: Language;
  readonly target: Language;
  readonly segments: readonly SegmentResult[];
}

export interface TranslateResult {
  readonly results: readonly TextResult[];
  readonly sentences: number;
  readonly fromCache: number;
  readonly sourceTokens: number;
  readonly targetTokens: number;
  readonly milliseconds: number;
}

export interface InspectParams {
  /** Its sentences with something to translate are looked at together if they fit, or one of them. */
  readonly text: string;
  /** Number among the sentences with something to translate; -1: all. Absent: all if they fit, else the one at `cursor`. */
  readonly sentence?: number;
  /** UTF-16 units into `text`. */
  readonly cursor?: number;
  /** Present: not translated; `sentence`, `cursor` and `target` mean nothing then. */
  readonly task?: InspectTask;
  /** Which end of the beam search is shown, from 0; absent: what is used. For what one search wrote. */
  readonly hypothesis?: number;
  readonly target: TargetLanguage;
  readonly decoding: DecodingOptions;
  readonly protectPatterns: readonly string[];
  readonly glossary?: readonly GlossaryEntry[];
}

/** Places of a pair of words, UTF-16 units: in the text and in `targetText`. */
export interface WordLink {
  readonly sourceStart: number;
  readonly sourceEnd: number;
  readonly targetStart: number;
  readonly targetEnd: number;
}

export interface AlignResult {
  readonly targetText: string;
  readonly links: readonly WordLink[];
}

export interface AlternativesParams {
  /** One sentence; of several, the first that there is something to translate in. */
  readonly text: string;
  readonly target: TargetLanguage;
  readonly decoding: DecodingOptions;
  readonly protectPatterns: readonly string[];
  readonly glossary?: readonly GlossaryEntry[];
  /** Most alternatives wanted. */
  readonly count: number;
}

export interface Alternative {
  readonly text: string;
  /** Mean per target token, nats. */
  readonly logProbability: number;
}

export interface AlternativesResult {
  /** Best first; the first is what a search as wide would have given. */
  readonly alternatives: readonly Alternative[];
}

export interface EngineStatus {
  readonly state: 'empty' | 'loading' | 'ready' | 'unloaded' | 'busy';
  readonly model?: ModelInfo;
  readonly cacheBytes: number;
  readonly cacheEntries: number;
  readonly residentBytes: number;
}

/** Requests from host to engine. */
export interface EngineRequests {
  /**
   * Loads a model, replacing the one that is loaded, which stays if this fails. A named device that cannot be used leaves
   * the model on the CPU, with the reason in its report. Throws modelNotFound, modelConfigInvalid, modelWeightsInvalid,
   * tokenizerInvalid; deviceUnavailable if the runtime itself cannot be loaded.
   */
  load: { params: LoadParams; result: ModelInfo };
  /** Translates; loads again first if the model was unloaded. Throws cancelled, inferenceFailed. */
  translate: { params: TranslateParams; result: TranslateResult };
  status: { params: Record<string, never>; result: EngineStatus };
  /** Tries every device of this platform afresh with the loaded model. */
  devices: { params: Record<string, never>; result: readonly DeviceReport[] };
  /** Lets the weights go; the next translation loads them again. */
  unload: { params: Record<string, never>; result: { freed: boolean } };
  /**
   * Translates as `translate` does and keeps every attention map for `attentionQuery`. Throws as translate; invalidArgument
   * with `what: 'sentence'` if there is nothing to translate, textTooLong if what was asked for does not fit the model.
   */
  inspect: { params: InspectParams; result: AttentionRun };
  /** Answers about a run that `inspect` gave. Throws invalidArgument, with `what: 'run'` if it is no longer kept. */
  attentionQuery: { params: AttentionQuery; result: AttentionAnswer };
  /** Titles, one-liners, explanations. Throws as translate; invalidArgument for a bad pattern. */
  generate: { params: GenerateParams; result: GenerateResult };
  /** The sentences of a text that say most of it. Throws as translate. */
  summarize: { params: SummarizeParams; result: SummarizeResult };
  /** Which words of the text became which of its translation; translates it first. Throws as inspect. */
  align: { params: InspectParams; result: AlignResult };
  /** Other translations of a sentence. Throws cancelled, inferenceFailed, invalidArgument. */
  alternatives: { params: AlternativesParams; result: AlternativesResult };
  clearCache: { params: Record<string, never>; result: { entries: number } };
}

/** Notifications from engine to host. `call` is the number the host gave the request. */
export interface EngineNotifications {
  progress: { readonly call: number; readonly done: number; readonly total: number };
  /** Text of one entry of `texts` so far, for showing only. */
  partial: { readonly call: number; readonly index: number; readonly text: string };
  log: { readonly level: LogLevel; readonly message: string };
  /** Sent when a model was loaded, unloaded for idleness, or moved to another device. */
  state: EngineStatus;
}

export type EngineMethod = keyof EngineRequests;
export type EngineParams<M extends EngineMethod> = EngineRequests[M]['params'];
export type EngineResult<M extends EngineMethod> = EngineRequests[M]['result'];
