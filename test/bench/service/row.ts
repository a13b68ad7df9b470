/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  /** Empty where there is none. */
  readonly goal: string;
  readonly values: readonly number[];
}

export function row(what: string, figure: string, goal: string, ...values: number[]): Row {
  return { what, figure, goal, values };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
