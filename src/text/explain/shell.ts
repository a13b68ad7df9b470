/**
 * The words of a shell command as far as they can be told without running a shell: quotes, operators, redirections. Nothing
 * is expanded, so what it says of a command is what stands there.
 */

export interface ShellOption {
  /** As written, without a value: `-x`, `--file`. */
  readonly name: string;
  /** What stands behind `=`, if anything. */
  readonly value?: string;
}

export interface ShellCommand {
  /** The program's name without its folder. */
  readonly name: string;
  /** The word behind a program that is many in one, as `commit` behind `git`. */
  readonly verb?: string;
  readonly options: readonly ShellOption[];
  /** The other words, quotes removed. */
  readonly operands: readonly string[];
  /** Targets of redirections, with their operator. */
  readonly redirections: readonly { readonly operator: string; readonly target: string }[];
}

export interface CommandLine {
  readonly commands: readonly ShellCommand[];
  /** One fewer than commands: what joins each to the next. */
  readonly operators: readonly string[];
}

/** Words that begin or end a construct of the shell itself: a line of them alone runs no program. */
const KEYWORDS = new Set([
  ...['if', 'then', 'else', 'elif', 'fi', 'for', 'while', 'until', 'do', 'done', 'case', 'esac'],
  ...['in', 'function', 'select', '{', '}', '[[', ']]', '!', '(', ')'],
]);

/** Programs that run the program named behind them. */
const WRAPPERS = new Set(['sudo', 'doas', 'env', 'time', 'nohup', 'nice', 'command', 'exec']);

/** Programs whose first operand is a command of their own. */
const WITH_VERBS = new Set([
  ...['git', 'npm', 'npx', 'yarn', 'pnpm', 'docker', 'podman', 'kubectl', 'apt', 'apt-get', 'brew'],
  ...['dnf', 'yum', 'pip', 'pip3', 'conda', 'cargo', 'go', 'dotnet', 'systemctl', 'gh', 'helm'],
  ...['terraform', 'aws', 'az', 'gcloud', 'flutter', 'dart', 'gem', 'bundle', 'poetry', 'uv'],
]);

const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;
const MOST_COMMANDS = 20;

/** Undefined where there is no command: a comment, an assignment, a keyword, an unclosed quote. */
export function parseCommandLine(text: string): CommandLine | undefined {
  const tokens = tokenize(text);
  if (!tokens) return undefined;
  const commands: ShellCommand[] = [];
  const operators: string[] = [];
  let words: Token[] = [];
  let pending: string | undefined;
  const flush = (operator: string | undefined): void => {
    const command = toCommand(words);
    words = [];
    if (command) {
      if (commands.length > 0 && pending !== undefined) operators.push(pending);
      commands.push(command);
      pending = undefined;
    }
    if (operator !== undefined) pending ??= operator;
  };
  for (const token of tokens) {
    if (token.kind === 'operator') flush(token.text);
    else words.push(token);
  }
  flush(undefined);
  if (commands.length === 0 || commands.length > MOST_COMMANDS) return undefined;
  return { commands, operators };
}

interface Token {
  readonly kind: 'word' | 'operator' | 'redirection';
  readonly text: string;
  readonly quoted: boolean;
}

const OPERATOR = /^(?:\|\||&&|\|&|;;|[|;&\n])/;
const REDIRECTION = /^(?:\d*(?:>>|>\||>&|<<<|<<-?|<>|<&|>|<)|&>>?)/;

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at, at + 8);
    const blank = /^(?:[ \t\r]|\\\r?\n)/.exec(rest);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    if (text[at] === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
      continue;
    }
    const redirection = REDIRECTION.exec(rest);
    const operator = redirection ? undefined : OPERATOR.exec(rest);
    if (redirection ?? operator) {
      const mark = (redirection ?? operator)![0];
      tokens.push({
        kind: redirection ? 'redirection' : 'operator',
        text: mark === '\n' ? ';' : mark,
        quoted: false,
      });
      at += mark.length;
      continue;
    }
    const word = readWord(text, at);
    if (!word) return undefined;
    tokens.push({ kind: 'word', text: word.text, quoted: word.quoted });
    at = word.end;
  }
  return tokens;
}

function readWord(
  text: string,
  start: number,
): { text: string; quoted: boolean; end: number } | undefined {
  let word = '';
  let quoted = false;
  let at = start;
  while (at < text.length) {
    const mark = text[at]!;
    if (/[\s|;&<>]/.test(mark)) break;
    if (mark === '\\') {
      word += text[at + 1] ?? '';
      at += 2;
    } else if (mark === "'" || mark === '"' || mark === '`') {
      const end = closingQuote(text, at, mark);
      if (end < 0) return undefined;
      word += text.slice(at + 1, end);
      quoted = true;
      at = end + 1;
    } else if (mark === '$' && text[at + 1] === '(') {
      const end = closingParenthesis(text, at + 1);
      if (end < 0) return undefined;
      word += text.slice(at, end + 1);
      at = end + 1;
    } else {
      word += mark;
      at++;
    }
  }
  return { text: word, quoted, end: at };
}

function closingQuote(text: string, start: number, mark: string): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\' && mark !== "'") at++;
    else if (text[at] === mark) return at;
  }
  return -1;
}

function closingParenthesis(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

function toCommand(tokens: readonly Token[]): ShellCommand | undefined {
  const redirections: { operator: string; target: string }[] = [];
  const words: Token[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.kind === 'redirection') {
      redirections.push({ operator: token.text, target: tokens[++index]?.text ?? '' });
    } else words.push(token);
  }
  let first = 0;
  while (first < words.length && isPrefix(words[first]!)) first++;
  while (WRAPPERS.has(words[first]?.text ?? '') && words[first + 1]) {
    first++;
    // Options of the wrapper itself, and variables given to `env`.
    while (words[first] && isPrefix(words[first]!, true)) first++;
  }
  const name = words[first];
  if (!name || !/^[\w./~+@-]*[A-Za-z[][\w./+@-]*$/.test(name.text)) return undefined;
  return { ...arrange(baseName(name.text), words.slice(first + 1)), redirections };
}

/** What may stand before the program's name: assignments, keywords, and behind a wrapper its options. */
function isPrefix({ text, quoted }: Token, wrapped = false): boolean {
  if (ASSIGNMENT.test(text)) return true;
  if (quoted) return false;
  return KEYWORDS.has(text) || (wrapped && text.startsWith('-'));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || path;
}

function arrange(name: string, words: readonly Token[]): Omit<ShellCommand, 'redirections'> {
  const options: ShellOption[] = [];
  const operands: string[] = [];
  let literal = false;
  for (const { text } of words) {
    if (!literal && text === '--') literal = true;
    else if (!literal && /^(?:--?[A-Za-z?#]|\+[a-z]$)/.test(text)) {
      const equals = text.indexOf('=');
      options.push(
        equals < 0
          ? { name: text }
          : { name: text.slice(0, equals), value: text.slice(equals + 1) },
      );
    } else operands.push(text);
  }
  const verb = WITH_VERBS.has(name) && /^[a-z][\w:-]*$/.test(operands[0] ?? '');
  return {
    name,
    ...(verb ? { verb: operands[0]! } : {}),
    options,
    operands: verb ? operands.slice(1) : operands,
  };
}
