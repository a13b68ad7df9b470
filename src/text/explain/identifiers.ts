/** Names longer than this are keys and hashes. */
const MOST_NAME = 60;
const MOST_NAMES = 6;

/** The names of a line of code that are made of several words, with their words in lower case. Strings are not names. */
export function splitIdentifier(
  code: string,
): readonly { readonly name: string; readonly words: readonly string[] }[] {
  const bare = code.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, ' ');
  const found = new Map<string, readonly string[]>();
  for (const [name] of bare.matchAll(/[A-Za-z_$][\w$]*/g)) {
    if (name.length > MOST_NAME || found.has(name)) continue;
    const words = wordsOf(name);
    if (words.length > 1) found.set(name, words);
    if (found.size === MOST_NAMES) break;
  }
  return [...found].map(([name, words]) => ({ name, words }));
}

/** `readHTMLFile_2` is read, HTML, file, 2: abbreviations keep their capitals. */
function wordsOf(name: string): string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map((word) =>
    word.length > 1 && word === word.toUpperCase() ? word : word.toLowerCase(),
  );
}
