/** What is on while a key is struck: hovers with what is prefetched for them, bilingual reading too, no extension at all. */
export const MODES = ['hovers', 'bilingual', 'without'] as const;
export type Mode = (typeof MODES)[number];

/** Of a few keys struck in a row: one value per stroke. */
export interface Strokes {
  /** Milliseconds from the editor's command to its end. */
  readonly whole: readonly number[];
  /** Milliseconds of that in Headlight's own listeners. */
  readonly own: readonly number[];
  /** Bytes that the extension host sent to the editor meanwhile. */
  readonly sent: readonly number[];
}

/** One row of each mode, taken one after another in turning order. */
export type Round = Readonly<Record<Mode, Strokes>>;

/** The same of a file that was just opened, where nothing is read yet. */
export type FirstRound = Pick<Round, 'hovers' | 'without'>;

/** Milliseconds of one hover that is in the cache. */
export interface CachedHover {
  /** From the editor's command to the answer of all providers. */
  readonly whole: number;
  /** The same with a provider that gives a constant string at once in the place of Headlight's, right before or after. */
  readonly editor: number;
  /** From the call of Headlight's provider to its answer. */
  readonly own: number;
}

/** What the measurement in the editor hands over: in the order in which it was taken. */
export interface HoverSamples {
  /** Words of each comment. */
  readonly words: readonly number[];
  /** Milliseconds from the editor's command to the answer of all providers. */
  readonly cold: readonly number[];
  readonly cached: readonly CachedHover[];
  readonly long: readonly Round[];
  readonly firstLong: readonly FirstRound[];
  readonly minified: readonly Round[];
  readonly editor: string;
}

export const RESULT_VARIABLE = 'HEADLIGHT_BENCH_RESULT';
export const WORKLOAD_VARIABLE = 'HEADLIGHT_BENCH_WORKLOAD';
/** File of the built extension. */
export const EXTENSION_VARIABLE = 'HEADLIGHT_BENCH_EXTENSION';
