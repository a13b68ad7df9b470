/** How the editor names an icon in a label: `$(sync~spin)`. */
const ICON = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/gu;

/** For labels of pickers and lenses, which draw icons: text as it stands, `$(pwd)` too. Anything else may not be escaped. */
export function plainLabel(text: string): string {
  return text.replaceAll(ICON, '\\$&');
}
