/** Milliseconds per keystroke: with hovers, with bilingual reading, with neither. */
export interface TypingSamples {
  readonly on: readonly number[];
  readonly bilingual: readonly number[];
  readonly off: readonly number[];
}

/** What the measurement in the editor hands over: milliseconds, in the order they were taken. */
export interface HoverSamples {
  /** Words of each comment. */
  readonly words: readonly number[];
  readonly cold: readonly number[];
  readonly cached: readonly number[];
  readonly typing: {
    readonly long: TypingSamples;
    readonly minified: TypingSamples;
  };
  readonly editor: string;
}

export const RESULT_VARIABLE = 'HEADLIGHT_BENCH_RESULT';
export const WORKLOAD_VARIABLE = 'HEADLIGHT_BENCH_WORKLOAD';
