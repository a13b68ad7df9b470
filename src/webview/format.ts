/** `{0}`, `{1}` of a text in the display language. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replaceAll(/\{(\d)\}/g, (place, index: string) =>
    String(values[Number(index)] ?? place),
  );
}

const STYLES = {
  weight: { maximumSignificantDigits: 3 },
  metric: { maximumFractionDigits: 2 },
  share: { style: 'percent', maximumFractionDigits: 1 },
} as const satisfies Record<string, Intl.NumberFormatOptions>;

/** Making a formatter takes a hundred times as long as using it, and a table has thousands of numbers. */
const formatters = new Map<string, Intl.NumberFormat>();

function formatterOf(style: keyof typeof STYLES, locale: string): Intl.NumberFormat {
  const key = `${style} ${locale}`;
  const known = formatters.get(key) ?? new Intl.NumberFormat(locale, STYLES[style]);
  formatters.set(key, known);
  return known;
}

/** A weight with three significant digits, which is what half precision holds. */
export function formatWeight(weight: number, locale: string): string {
  if (weight !== 0 && Math.abs(weight) < 1e-4) return weight.toExponential(2);
  return formatterOf('weight', locale).format(weight);
}

export function formatMetric(value: number, locale: string): string {
  return formatterOf('metric', locale).format(value);
}

export function formatShare(share: number, locale: string): string {
  return formatterOf('share', locale).format(share);
}
