/** What of the editor's interface the panel's texts need, for a page outside of an editor. */

declare const panelBundle: Readonly<Record<string, string>>;

export const l10n = {
  t(message: string, ...values: readonly (string | number)[]): string {
    const text = panelBundle[message] ?? message;
    return text.replace(/\{(\d)\}/g, (place, index: string) =>
      String(values[Number(index)] ?? place),
    );
  },
};
