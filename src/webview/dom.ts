type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Creates an element. Children are nodes or plain text: markup in a string stays text, so that a token such as
 * `<img onerror=...>` can never become an element.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children);
  return node;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Blanks and line ends are marks of their own in a token; without a sign they would be invisible. Bytes of a word's tokens are
 * shown as the characters that they make up together; those of one token alone stay bytes.
 */
export function visibleToken(text: string): string {
  const shown = text
    .replaceAll(/(?:<0x[0-9A-F]{2}>)+/g, (bytes) => {
      const values = bytes.match(/[0-9A-F]{2}(?=>)/g) ?? [];
      try {
        return decoder.decode(Uint8Array.from(values, (value) => parseInt(value, 16)));
      } catch {
        return bytes;
      }
    })
    .replaceAll('\n', '⏎')
    .replaceAll('\t', '⇥')
    .replace(/^ /, '');
  return shown === '' ? '␣' : shown;
}
