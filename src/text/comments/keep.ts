import { isCodeLine } from '../codeLines';
import { isTableRow } from '../tables';
import type { RawLine } from './group';

/** Comments that are addressed to tools: linters, formatters, compilers, editors. */
const DIRECTIVE = new RegExp(
  '^(?:' +
    [
      String.raw`!|\[if\s|<!\[(?:end)?if`,
      String.raw`(?:eslint|tslint|stylelint|jshint|jslint|oxlint|biome|deno|prettier|standard|markdownlint|htmllint|yamllint|luacheck|stylua|swiftlint|ktlint|detekt|shellcheck|phpcs|phpstan|psalm|phan|pylint|flake8|mypy|pyright|ruff|isort|fmt|yapf|black|autopep8|rubocop|reek|clang-format|clang-tidy|cppcheck|cspell|cSpell|spell-checker|sqlfluff|hadolint|checkov|tfsec|lint|styler|spotless|checkstyle|scalastyle|rustfmt|clippy|istanbul|c8|v8|webpack|vite|rollup|esbuild|jest|vitest|nolint|language|codespell|editorconfig-checker|dart|swift-format|swiftformat|sourcery)(?:[-:=]|\s+(?:ignore|disable|enable|off|on|skip|expect|format|config|set|global|env|exclude|source|directive|allow|deny)|\s*$)`,
      String.raw`[@#]__(?:PURE|NO_SIDE_EFFECTS|INLINE|NOINLINE)__`,
      String.raw`[#@]\s?source(?:Mapping)?URL=`,
      String.raw`@(?:ts-(?:ignore|expect-error|nocheck|check)|vite-ignore|jsx\w*|flow|noflow|license|preserve|format|formatter:o\w+|codeCoverageIgnore\w*|phpstan-\S+|psalm-\S+|suppress|SuppressWarnings|nolint|generated)\b`,
      String.raw`(?:global|globals|exported)\s+[\w$, :]+$`,
      String.raw`(?:noqa|noinspection|namespace\s+\S+$|NOLINT\w*|NOSONAR|nosec|nosemgrep|IWYU pragma|type:\s*ignore|pragma:|pyright:|ignore_for_file:|ignore:|coverage:ignore|go:\w+|export \w+$|\+build\s|cgo\s|line\s+\S+:\d|swift-tools-version)`,
      String.raw`-\*-|vim?:|ex:|coding[:=]|encoding:|frozen_string_literal:|warn_indent:|typed:|shareable_constant_value:|rbs_inline:`,
      String.raw`#?(?:end)?region\b|#pragma|<editor-fold|</editor-fold|///?\s*<reference|<reference\s|<amd-`,
      String.raw`yaml-language-server:|\$schema|@?SPDX-|SPDX-License-Identifier|Copyright\b|©|\(c\)\s|Licensed under|All rights reserved`,
    ].join('|') +
    ')',
  'iu',
);

/** Tags whose value is data, alone or with it. */
const DATA_TAG =
  /^(?:[@\\](?:see|since|version|author|default|defaultValue|type|typedef|link|module|name|namespace|memberof|extends|implements|augments|callback|category|group|ingroup|addtogroup|defgroup|export|exports|access|api|package|subpackage|kind|alias|public|private|protected|internal|override|readonly|static|abstract|async|generator|hidden|ignore|inheritDoc|inheritdoc|requires|uses|copyright|license|date|include|import|importFrom|method|property|var|rdname|family|keywords|docType|usage|within|local|function|table|section|endsection|end\w*|rtype|yard\w*|overload|scope|visibility|struct|enum|union|fn|def|package|template|file|headerfile)\b(?:\s+(?:\{[^{}]*\}|\S+)){0,2}\s*$|\{@inheritDoc\}$|:(?:r?type|vartype|class|func|meth|mod|meta)\b[^:]*:\s*\S+|\.\.\s+[\w-]+::\s*\S*$|\.\.\s*_|@(?:since|version|author|copyright|license|see)\b)/iu;

/** Only tags of markup: `<summary>`, `</param>`, `<inheritdoc cref="X"/>`. */
const MARKUP_ONLY = /^(?:<\/?[A-Za-z!][^<>]*>\s*)+$/u;

/** Headings that tools look for in docstrings: Google style. */
const SECTION =
  /^(?:Args|Arguments|Attributes|Example|Examples|Keyword Args|Keyword Arguments|Methods|Note|Notes|Other Parameters|Parameters|References|Return|Returns|Raises|See Also|Todo|Warning|Warnings|Warns|Yield|Yields):?$|^- (?:Parameters|Returns|Throws):$/u;

const CODE_TAG = /^[@\\](?:example|examples|usage|code|snippet|verbatim|startuml|dot|sample)\b/u;

export function isDirective(body: string): boolean {
  return DIRECTIVE.test(body);
}

/** A line without words: rules, boxes, arrows. */
export function isSeparator(body: string): boolean {
  return !/[\p{L}\p{N}]/u.test(body);
}

/** Marks the lines of a block that stay as they are. */
export function findKept(lines: readonly RawLine[], languageId: string): boolean[] {
  const kept = lines.map(
    ({ body }) =>
      body !== '' &&
      (isSeparator(body) ||
        isDirective(body) ||
        DATA_TAG.test(body) ||
        MARKUP_ONLY.test(body) ||
        SECTION.test(body) ||
        isTableRow(body) ||
        /^\+[-=+]+\+$/u.test(body)),
  );
  keepSimpleTables(lines, kept);
  keepMarkedCode(lines, kept);
  keepIndentedCode(lines, kept, languageId);
  keepCodeLines(lines, kept, languageId);
  return kept;
}

/** What stands between ruled lines of reStructuredText (`====  ====`), and names of parameters above descriptions (NumPy). */
function keepSimpleTables(lines: readonly RawLine[], kept: boolean[]): void {
  const ruled = lines.map(({ body }) => /^={2,}(?:\s+={2,})+$/u.test(body));
  const first = ruled.indexOf(true);
  for (let i = first; i >= 0 && i < ruled.lastIndexOf(true); i++) kept[i] = true;
  lines.forEach(({ body, indent }, index) => {
    const below = lines[index + 1];
    const described = below && below.body !== '' && below.indent.length > indent.length;
    const named = /^\*{0,2}\w+(?:, \*{0,2}\w+)* : \S/u.test(body);
    const typed = isUnderline(lines[index - 1]) && /^[\w.[\]]+(?: of [\w.]+)?$/u.test(body);
    if (described && (named || typed)) kept[index] = true;
  });
}

function isUnderline(line: RawLine | undefined): boolean {
  return line !== undefined && /^-{3,}$/u.test(line.body);
}

/** Fences, `<pre>`, `<code>` on lines of their own, `@code … @endcode`, `@example` up to the next tag, sessions of an interpreter. */
function keepMarkedCode(lines: readonly RawLine[], kept: boolean[]): void {
  let end: RegExp | undefined;
  lines.forEach(({ body }, index) => {
    if (end) {
      const closes = end.test(body);
      const byTag = closes && end.source.startsWith('^[@');
      if (!byTag) kept[index] = body !== '' || !closes;
      if (closes) end = undefined;
      if (!byTag) return;
    }
    const fence = /^(`{3,}|~{3,})[^`]*$/u.exec(body);
    if (fence) end = new RegExp(`^${fence[1]!}\\s*$`, 'u');
    else if (/^<pre\b(?!.*<\/pre>)/iu.test(body)) end = /<\/pre>/iu;
    else if (/^<code\b[^>]*>(?!.*<\/code>)/iu.test(body)) end = /<\/code>/iu;
    else if (/^(?:[@\\]code\b|\{@code\b(?!.*\}))/u.test(body))
      end = /^(?:[@\\]endcode\b|\}|<\/pre>)/u;
    else if (/^[@\\]verbatim\b/u.test(body)) end = /^[@\\]endverbatim\b/u;
    else if (CODE_TAG.test(body) && !/<caption>/u.test(body)) end = /^[@\\]\w/u;
    else if (/^>>>\s/u.test(body)) end = /^$/u;
    if (end) kept[index] = true;
  });
}

/** Four columns or more behind an empty line or a line that ends in `::`, where the words do not read as prose. */
function keepIndentedCode(lines: readonly RawLine[], kept: boolean[], languageId: string): void {
  for (let i = 1; i < lines.length; i++) {
    const { indent, body } = lines[i]!;
    if (kept[i] || body === '') continue;
    const above = lines.slice(0, i).findLast((line) => line.body !== '');
    const before = lines[i - 1]!.body;
    const gap = before === '' || (kept[i - 1] === true && !SECTION.test(before));
    const literal = above?.body.endsWith('::') === true && width(indent) > width(above.indent);
    const least = languageId === 'go' ? 1 : 4;
    const deep = gap && above !== undefined && width(indent) >= width(above.indent) + least;
    if (!literal && !(deep && !readsAsProse(body))) continue;
    for (let j = i; j < lines.length; j++) {
      const line = lines[j]!;
      if (line.body === '') continue;
      if (width(line.indent) < width(indent)) break;
      kept[j] = true;
      i = j;
    }
  }
}

/** Lines of a program; one alone in the middle of a sentence is a sentence that looks like one. */
function keepCodeLines(lines: readonly RawLine[], kept: boolean[], languageId: string): void {
  const code = lines.map(({ body }, index) => kept[index] !== true && isCode(body, languageId));
  lines.forEach((_line, index) => {
    if (!code[index]) return;
    const above = kept[index - 1] ? '' : (lines[index - 1]?.body ?? '');
    const below = kept[index + 1] ? '' : (lines[index + 1]?.body ?? '');
    const inSentence =
      !code[index - 1] && !code[index + 1] && /[\p{L},]$/u.test(above) && /^\p{Ll}/u.test(below);
    if (!inSentence) kept[index] = true;
  });
}

/** Statements of languages that look like few others, where they were commented out. */
const STATEMENTS: Readonly<Record<string, RegExp>> = {
  sql: /^(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|DROP|ALTER|WITH|FROM|WHERE|AND|OR|(?:LEFT |INNER )?JOIN|GROUP BY|ORDER BY|SET|GRANT)\s+[\w*("'.]/u,
  yaml: /^(?:- )?[a-z_][\w.-]*:(?:\s+\S+)?$/u,
  css: /^[-a-z]+\s*:\s*[^;]+;$/u,
  scss: /^[-$a-z]+\s*:\s*[^;]+;$/u,
  shellscript: /^[a-z][\w./-]*(?:\s+\S+)*\s+(?:"?\$[\w{(]|--?[a-z]\S*\s+\S|\|\s)/u,
};
/** A call with operators or quoted text among its arguments. */
const CALL = /^[A-Za-z_][\w.:]*\([^()]*(?:\s[*+/<>=-]\s|["'[\]=])[^()]*\)[;,]?$/u;

function isCode(body: string, languageId: string): boolean {
  if (isCodeLine(body)) return true;
  if (/\p{Script=Hangul}/u.test(body) || PROSE_RUN.test(body)) return false;
  return CALL.test(body) || STATEMENTS[languageId]?.test(body) === true;
}

/** Plain words in a row, as code does not have them. */
const PROSE_RUN = /(?:^|\s)\p{L}+,?(?:\s\p{L}[\p{L}’'-]*,?){3}/u;

function readsAsProse(body: string): boolean {
  if (isCodeLine(body)) return false;
  return /[.!?。:]$|[가-힣]{2}/u.test(body) || PROSE_RUN.test(body);
}

function width(indent: string): number {
  return indent.replaceAll('\t', '    ').length;
}
