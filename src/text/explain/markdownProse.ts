/** More than this of a symbol's documentation is no hover. */
const MOST_CHARACTERS = 3000;

/**
 * What a person reads of Markdown, one line per paragraph or list item: without code blocks, pictures, tags, icons and the
 * targets of links. Code spans stay, for the translation keeps them.
 */
export function markdownProse(markdown: string): string {
  const lines: string[] = [];
  let open = '';
  let paragraph = '';
  const flush = (): void => {
    if (/\p{L}/u.test(paragraph)) lines.push(paragraph);
    paragraph = '';
  };
  for (const raw of markdown.slice(0, 10 * MOST_CHARACTERS).split(/\r\n|\r|\n/)) {
    const fence = /^\s*(`{3,}|~{3,})/.exec(raw)?.[1];
    if (open !== '') {
      if (fence?.startsWith(open) && raw.trim() === fence) open = '';
      continue;
    }
    if (fence !== undefined) {
      flush();
      open = fence;
      continue;
    }
    const text = inline(raw).trim();
    const starts = /^(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|>|\|)/.exec(text);
    if (text === '' || /^(?:-{3,}|={3,}|\*{3,})$/.test(text)) {
      flush();
      continue;
    }
    if (starts) flush();
    const words = starts ? text.slice(starts[0].length).trim() : text;
    paragraph = paragraph === '' ? words : `${paragraph} ${words}`;
    // Two blanks or a backslash at the end of a line are a line end.
    if (/(?: {2}|\\)$/.test(raw)) flush();
  }
  flush();
  return lines.join('\n').slice(0, MOST_CHARACTERS);
}

const ENTITIES: Readonly<Record<string, string>> = {
  nbsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
};

function inline(line: string): string {
  // From the inside out: a label may hold a link or a picture.
  let text = line;
  for (let before = ''; before !== text;) {
    before = text;
    text = text
      .replace(/!\[[^[\]]*\]\((?:[^()]|\([^()]*\))*\)/g, '')
      .replace(/\[([^[\]]*)\]\((?:[^()]|\([^()]*\))*\)/g, '$1');
  }
  return text
    .replace(/<!--.*?-->|<\/?[A-Za-z][^<>]*>/g, '')
    .replace(/\$\([a-z-]+(?:~[a-z]+)?\)/g, '')
    .replace(/&(nbsp|amp|lt|gt|quot);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/&#(\d{1,6});/g, (_, code: string) => characterOf(Number(code)))
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])/g, '$1')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1');
}

function characterOf(code: number): string {
  return code >= 0x20 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
