interface Delimited {
  /** Sticky; tried at a place. */
  readonly open: RegExp;
  readonly close: (match: RegExpExecArray) => string;
}

export interface BlockRule extends Delimited {
  /** The same opening inside counts: as many closings are needed. */
  readonly nested?: boolean;
}

export interface StringRule extends Delimited {
  readonly escape: 'backslash' | 'double' | 'none';
  /** May go over a line end. */
  readonly lines?: boolean;
  /** Begins on the next line and ends with a line that is `close`. */
  readonly heredoc?: boolean;
}

/** What comments and strings look like in a language. */
export interface CommentSyntax {
  readonly line: readonly RegExp[];
  readonly block: readonly BlockRule[];
  readonly strings: readonly StringRule[];
  /** Literals that only look like the start of a string or comment. */
  readonly skip: readonly RegExp[];
  /** A string in triple quotes that stands alone documents what it stands in. */
  readonly docstrings?: boolean;
  /** The lines are prose: headings, lists, fences. */
  readonly prose?: boolean;
}

const fixed = (text: string) => () => text;
const block = (open: RegExp, close: string, nested = false): BlockRule => ({
  open,
  close: fixed(close),
  ...(nested ? { nested } : {}),
});
const quoted = (
  open: string,
  escape: StringRule['escape'] = 'backslash',
  lines = false,
): StringRule => ({
  open: new RegExp(open.replace(/[$\\]/gu, '\\$&'), 'uy'),
  close: fixed(open),
  escape,
  ...(lines ? { lines } : {}),
});
const heredoc = (open: RegExp): StringRule => ({
  open,
  close: (match) => match[2] ?? '',
  escape: 'none',
  heredoc: true,
});

const SLASHES = /\/\//uy;
const HASH = /#/uy;
/** Where `#` also stands inside words: `$#`, `a#b`. */
const HASH_APART = /(?<=^|\s)#/uy;
const DASHES = /--/uy;
const C_BLOCK = block(/\/\*/uy, '*/');
const NESTED_BLOCK = block(/\/\*/uy, '*/', true);
const XML = block(/<!--/uy, '-->');

const DOUBLE = quoted('"');
const SINGLE = quoted("'");
const BACKTICK = quoted('`', 'backslash', true);
const TRIPLE = quoted('"""', 'backslash', true);
const TRIPLE_SINGLE = quoted("'''", 'backslash', true);
/** `'x'` and `'\n'`, but not the lifetime `'a` or the separator in `1'000`. */
const CHARACTER = /(?:(?<=\d)'(?=\d)|'(?:\\[^']{1,10}|[^\\'])')/uy;
/** A regular expression of JavaScript or Ruby, where no value stands before it that could be divided. */
const REGEXP =
  /(?<=(?:^|[(,=:[!&|?{};+~<>%*-]|\b(?:return|typeof|case|in|of|if|when|and|or|not))\s*)\/(?![*/ ])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/uy;

const syntax = (parts: Partial<CommentSyntax>): CommentSyntax => ({
  line: [],
  block: [],
  strings: [DOUBLE],
  skip: [],
  ...parts,
});

const cLike = (parts: Partial<CommentSyntax> = {}): CommentSyntax =>
  syntax({ line: [SLASHES], block: [C_BLOCK], skip: [CHARACTER], ...parts });
const hashed = (parts: Partial<CommentSyntax> = {}): CommentSyntax =>
  syntax({ line: [HASH], strings: [DOUBLE, SINGLE], ...parts });

const JAVASCRIPT = cLike({
  strings: [DOUBLE, SINGLE, BACKTICK],
  skip: [REGEXP],
});
const C = cLike();
const CPP = cLike({
  strings: [
    { open: /R"([^(\s]{0,16})\(/uy, close: (m) => `)${m[1] ?? ''}"`, escape: 'none', lines: true },
    DOUBLE,
  ],
});
const CSS = cLike({ line: [], strings: [DOUBLE, SINGLE], skip: [] });
const PROSE = syntax({ strings: [], prose: true });
const MARKUP = syntax({ block: [XML], strings: [] });
const SQL_STRINGS = [quoted("'", 'double', true), quoted('"', 'double')];
const LUA_LONG = { open: /\[(=*)\[/uy, close: (m: RegExpExecArray) => `]${m[1] ?? ''}]` };

const SYNTAXES: Readonly<Record<string, CommentSyntax>> = {
  typescript: JAVASCRIPT,
  python: hashed({
    strings: [
      { open: /[rRbBuUfF]{0,2}"""/uy, close: fixed('"""'), escape: 'backslash', lines: true },
      { open: /[rRbBuUfF]{0,2}'''/uy, close: fixed("'''"), escape: 'backslash', lines: true },
      DOUBLE,
      SINGLE,
    ],
    docstrings: true,
  }),
  java: cLike({ strings: [TRIPLE, DOUBLE] }),
  c: C,
  cpp: CPP,
  csharp: cLike({
    strings: [
      { open: /\$*("{3,})/uy, close: (m) => m[1] ?? '', escape: 'none', lines: true },
      { open: /(?:\$@|@\$|@)"/uy, close: fixed('"'), escape: 'double', lines: true },
      DOUBLE,
    ],
  }),
  go: cLike({ strings: [DOUBLE, quoted('`', 'none', true)] }),
  rust: cLike({
    block: [NESTED_BLOCK],
    strings: [
      { open: /b?r(#*)"/uy, close: (m) => `"${m[1] ?? ''}`, escape: 'none', lines: true },
      quoted('"', 'backslash', true),
    ],
  }),
  php: cLike({
    line: [SLASHES, /#(?!\[)/uy],
    block: [C_BLOCK, XML],
    strings: [
      heredoc(/<<<\s*(["']?)([A-Za-z_]\w*)\1/uy),
      quoted('"', 'backslash', true),
      quoted("'", 'backslash', true),
    ],
    skip: [],
  }),
  ruby: hashed({
    block: [block(/(?<=^)=begin\b/uy, '=end')],
    strings: [heredoc(/<<[-~](["'`]?)([A-Z_]\w*)\1/uy), DOUBLE, SINGLE],
    skip: [REGEXP],
  }),
  swift: cLike({ block: [NESTED_BLOCK], strings: [TRIPLE, DOUBLE], skip: [] }),
  kotlin: cLike({ block: [NESTED_BLOCK], strings: [quoted('"""', 'none', true), DOUBLE] }),
  scala: cLike({ block: [NESTED_BLOCK], strings: [quoted('"""', 'none', true), DOUBLE] }),
  dart: cLike({
    block: [NESTED_BLOCK],
    strings: [TRIPLE, TRIPLE_SINGLE, DOUBLE, SINGLE],
    skip: [],
  }),
  groovy: cLike({ strings: [TRIPLE, TRIPLE_SINGLE, DOUBLE, SINGLE], skip: [] }),
  shellscript: hashed({
    line: [HASH_APART],
    strings: [
      heredoc(/<<-?\s*(["']?)([A-Za-z_]\w*)\1/uy),
      quoted('"', 'backslash', true),
      quoted("'", 'none', true),
    ],
    skip: [/\\./uy],
  }),
  powershell: hashed({
    line: [HASH_APART],
    block: [block(/<#/uy, '#>')],
    strings: [quoted('"', 'none'), quoted("'", 'double')],
  }),
  sql: syntax({ line: [DASHES], block: [C_BLOCK], strings: SQL_STRINGS }),
  yaml: hashed({ line: [HASH_APART], strings: [DOUBLE, quoted("'", 'double')] }),
  html: MARKUP,
  css: CSS,
  scss: { ...CSS, line: [SLASHES] },
  lua: syntax({
    line: [DASHES],
    block: [{ open: /--\[(=*)\[/uy, close: (m) => `]${m[1] ?? ''}]` }],
    strings: [{ ...LUA_LONG, escape: 'none', lines: true }, DOUBLE, SINGLE],
  }),
  r: hashed(),
  jsonc: cLike({ skip: [] }),
  julia: hashed({ block: [block(/#=/uy, '=#', true)], strings: [TRIPLE, DOUBLE] }),
  perl: hashed({ line: [HASH_APART] }),
  haskell: syntax({
    line: [/--+(?![!#$%&*+./<=>?@\\^|~])/uy],
    block: [block(/\{-/uy, '-}', true)],
  }),
  fsharp: cLike({ block: [block(/\(\*(?!\))/uy, '*)', true)] }),
  clojure: syntax({ line: [/;+/uy] }),
  latex: syntax({ line: [/(?<!\\)%/uy], strings: [] }),
  ini: syntax({ line: [/(?<=^\s*)[;#]/uy], strings: [] }),
  dockerfile: hashed({ line: [/(?<=^\s*)#/uy], strings: [] }),
  vb: syntax({ line: [/'/uy], strings: [quoted('"', 'double')] }),
  bat: syntax({ line: [/(?<=^\s*)(?:::|rem\b)/iuy], strings: [] }),
  markdown: PROSE,
};

/** Language identifiers of VS Code whose comments look like another's. */
const ALIASES: Readonly<Record<string, string>> = {
  javascript: 'typescript',
  javascriptreact: 'typescript',
  typescriptreact: 'typescript',
  'cuda-cpp': 'cpp',
  'objective-c': 'c',
  'objective-cpp': 'cpp',
  zig: 'go',
  proto3: 'java',
  proto: 'java',
  shaderlab: 'c',
  hlsl: 'c',
  less: 'scss',
  sass: 'scss',
  json: 'jsonc',
  xml: 'html',
  xsl: 'html',
  svg: 'html',
  vue: 'html',
  svelte: 'html',
  handlebars: 'html',
  dockercompose: 'yaml',
  elixir: 'julia',
  coffeescript: 'perl',
  makefile: 'dockerfile',
  toml: 'perl',
  graphql: 'perl',
  terraform: 'perl',
  nix: 'perl',
  properties: 'ini',
  lisp: 'clojure',
  scheme: 'clojure',
  ocaml: 'fsharp',
  tex: 'latex',
  bibtex: 'latex',
  erlang: 'latex',
  plaintext: 'markdown',
  restructuredtext: 'markdown',
  asciidoc: 'markdown',
  'git-commit': 'markdown',
  scminput: 'markdown',
};

/** For a language nobody listed: only comments that begin a line, by the marks that most languages share. */
const UNKNOWN = syntax({
  line: [/(?<=^\s*)(?:\/\/[/!]?|#(?=\s|$)|--(?=\s|$))/uy],
  block: [C_BLOCK],
});

export function commentSyntax(languageId: string): CommentSyntax {
  return SYNTAXES[ALIASES[languageId] ?? languageId] ?? UNKNOWN;
}
