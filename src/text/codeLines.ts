import { isHangul, type Range } from './characters';
import type { Line } from './lines';

/** Marks the lines that are kept whole: front matter, fenced code, definitions of link targets. */
export function findKeptLines(lines: readonly Line[]): boolean[] {
  const kept = new Array<boolean>(lines.length).fill(false);
  for (let i = frontMatterEnd(lines); i >= 0; i--) kept[i] = true;
  markFences(lines, kept);
  for (let i = 0; i < lines.length; i++) {
    if (!kept[i] && isLinkDefinition(lines[i]!)) kept[i] = true;
  }
  return kept;
}

/** Index of the closing line of YAML or TOML front matter, -1 if the text does not begin with one. */
function frontMatterEnd(lines: readonly Line[]): number {
  const raw = (line: Line): string => line.prefix + line.body + line.suffix;
  const mark = lines[0] ? raw(lines[0]).trimEnd() : '';
  if (mark !== '---' && mark !== '+++') return -1;
  const field =
    mark === '---'
      ? /^(?:\s*[\w"'-]+\s*:|\s*-\s|\s*#|\s*$|\s)/u
      : /^(?:\s*[\w.-]+\s*=|\[|\s*#|\s*$)/u;
  for (let i = 1; i < lines.length; i++) {
    const text = raw(lines[i]!);
    if (text.trimEnd() === mark) return i > 1 ? i : -1;
    if (!field.test(text)) return -1;
  }
  return -1;
}

/** Fenced code of Markdown. A lone fence without a language ends a block that began before the selection. */
function markFences(lines: readonly Line[], kept: boolean[]): void {
  for (let i = 0; i < lines.length; i++) {
    if (kept[i]) continue;
    const open = fence(lines[i]!);
    if (!open) continue;
    let close = -1;
    for (let j = i + 1; j < lines.length && close < 0; j++) {
      const candidate = fence(lines[j]!);
      if (candidate && candidate.info === '' && candidate.mark.startsWith(open.mark)) close = j;
    }
    if (close < 0 && open.info === '') return;
    const end = close < 0 ? lines.length - 1 : close;
    for (let j = i; j <= end; j++) kept[j] = true;
    i = end;
  }
}

function fence(line: Line): { mark: string; info: string } | undefined {
  const match = /^(`{3,}|~{3,})\s*([^`]*)$/u.exec(line.body);
  return match ? { mark: match[1]!, info: match[2]!.trim() } : undefined;
}

/** `[name]: https://…` */
function isLinkDefinition(line: Line): boolean {
  return /^\[[^\]]{1,100}\]:\s*\S/u.test(line.body.slice(0, 120));
}

/** The part of a line's body that is text: all of it, the comment behind code, or nothing where the line is code. */
export function proseArea(body: string): Range | undefined {
  for (const match of body.slice(0, 2000).matchAll(/\s(?:\/\/+|\/\*+|#|--)\s+(?=\S)/gu)) {
    const head = body.slice(0, match.index).trimEnd();
    const quotes = head.match(/["'`]/gu)?.length ?? 0;
    if (quotes % 2 === 0 && (isCodeLine(head) || /^[\])};,]+$/u.test(head))) {
      return { start: match.index + match[0].length, end: body.length };
    }
  }
  return isCodeLine(body) ? undefined : { start: 0, end: body.length };
}

const KEYWORD =
  /^(?:import|export|from|package|using|namespace|return|const|let|var|val|def|fn|func|function|class|struct|enum|interface|trait|impl|type|public|private|protected|static|final|abstract|async|await|if|elif|else|for|foreach|while|do|switch|case|default|break|continue|throw|try|catch|except|finally|with|match|yield|new|delete|typedef|template|extern|void|int|long|float|double|bool|boolean|char|string|unsigned|auto|mut|pub|use|mod|local|end|fi|done|then|echo|sudo|pragma)\b/u;

/**
 * Is this one line of a program? `body` is without indentation and comment marks. Conservative: a line is code only
 * where its shape says so and nothing in it reads like a sentence.
 */
export function isCodeLine(body: string): boolean {
  const line = body.length > 2000 ? body.slice(0, 2000) : body;
  if (line === '' || !/[A-Za-z_]/u.test(line)) return false;
  const bare = withoutStrings(line);
  if ([...bare].some((character) => isHangul(character))) return false;
  if (/^(?:\$|PS [A-Z]:\\[^>]*>|>>>|\.\.\.|C:\\[^>]*>)\s+\S/u.test(line)) return !isProse(bare, 6);
  if (
    /^#!\s?\/|^#(?:include|define|ifn?def|endif|pragma|undef|elif|else|region|endregion)\b/u.test(
      line,
    )
  )
    return true;
  if (isProse(bare, 4)) return false;
  const keyword = KEYWORD.test(bare);
  if (/;$/u.test(bare)) return keyword || /[=()[\]{}.]|->|::/u.test(bare);
  if (/[{]$/u.test(bare)) return keyword || /[()=:>]\s*\{$|^[.#\w$@-]+\s*\{$/u.test(bare);
  if (/^[}\])]/u.test(bare)) return !/^\)?\s*\p{Lu}?\p{Ll}+\s\p{Ll}/u.test(bare.slice(1));
  if (
    /^[A-Za-z_$][\w.$[\]'"*]*(?:\s*:\s*[\w<>[\].| ]{1,40})?\s*(?::=|[-+*/%|&^]?=)(?![=>])\s*\S/u.test(
      bare,
    )
  )
    return true;
  if (/^(?:const|let|var|val|auto|final|static)\s+[\w$[\]{}, :<>]+\s*=/u.test(bare)) return true;
  if (
    /^(?:import\s+[\w.{*"']|from\s+[\w.]+\s+import\b|package\s+[\w.]+$|using\s+[\w.]+$|export\s+(?:default|const|function|class|\{|\*))/u.test(
      bare,
    )
  ) {
    return (
      /^(?:from|export|package|using)/u.test(bare) ||
      /^import\s+(?:[\w.]+|\{[^}]*\}|\*.*|["'][^"']*["'].*|[\w.]+\s+as\s+\w+|.*\bfrom\b.*)\s*$/u.test(
        bare,
      )
    );
  }
  if (
    /^(?:async\s+)?(?:def|fn|func|function)\s+[\w.$]+\s*[(<]|^class\s+\w+\s*(?:\([^)]*\))?\s*:$/u.test(
      bare,
    )
  )
    return true;
  if (
    /^(?:if|elif|else if|for|while|switch|catch|except|with|try|else|finally)\b.*[:{]$/u.test(bare)
  ) {
    return (
      /[()=<>!.[\]_]|\b(?:in|not|is|as)\b/u.test(bare.slice(0, -1)) ||
      /^(?:try|else|finally):$/u.test(bare)
    );
  }
  if (/^(?:return|throw|raise|yield|await|new|print|echo)\b.*[()[\]{}=]/u.test(bare))
    return /[)\]};]$/u.test(bare);
  // One call or one chain of calls, nothing else.
  if (/^(?:await\s+)?[A-Za-z_$][\w$]*(?:(?:\.|::|->)[A-Za-z_$][\w$]*)*\(.*\)[,;]?$/u.test(bare)) {
    return (
      /^[^(]*[._$:]|^[a-z]\w*[A-Z]|\(\s*\)|["'\d=,]|\([\w.]+\)/u.test(line) &&
      !/\(e?s\)$/u.test(line)
    );
  }
  return (
    /^"[^"]*"\s*:\s*(?:["\d[{tfn-].*)$/u.test(line) &&
    /[,{["\d\]el]$/u.test(line) &&
    /^"[\w.$@/-]+"/u.test(line)
  );
}

/** Quoted text is data of the program; its words say nothing about the line. */
function withoutStrings(line: string): string {
  return line
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\\s]|\\.|[ ](?=[^']*'\s*[,;)\]}]))*'|`[^`]*`/gu, '""')
    .trim();
}

/** `count` or more plain words in a row, as code does not have them. */
export function isProse(bare: string, count: number): boolean {
  let run = 0;
  for (const word of bare.split(/\s+/u)) {
    if (/^[\p{L}]+(?:['’-]\p{L}+)*[,.:]?$/u.test(word)) run++;
    else run = 0;
    if (run >= count) return true;
  }
  return false;
}
