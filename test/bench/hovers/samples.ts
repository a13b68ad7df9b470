/** What the measurement in the editor hands over: milliseconds, in the order they were taken. */
export interface HoverSamples {
  /** Words of each comment. */
  readonly words: readonly number[];
  readonly cold: readonly number[];
  readonly cached: readonly number[];
  readonly typing: {
    readonly long: { readonly on: readonly number[]; readonly off: readonly number[] };
    readonly minified: { readonly on: readonly number[]; readonly off: readonly number[] };
  };
  readonly editor: string;
}

export const RESULT_VARIABLE = 'HEADLIGHT_BENCH_RESULT';
export const WORKLOAD_VARIABLE = 'HEADLIGHT_BENCH_WORKLOAD';
