/** `{0}`, `{1}` of a text in the display language. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replaceAll(/\{(\d)\}/g, (place, index: string) =>
    String(values[Number(index)] ?? place),
  );
}

/** A weight with three significant digits, which is what half precision holds. */
export function formatWeight(weight: number, locale: string): string {
  if (weight !== 0 && Math.abs(weight) < 1e-4) return weight.toExponential(2);
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(weight);
}

export function formatMetric(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);
}

export function formatShare(share: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(
    share,
  );
}
