import type { CommentSyntax, StringRule } from './syntax';
import type { Region, RegionKind } from './types';

/** What a line ends in that goes on in the next; undefined in code. Compared by value. */
export interface PlainState {
  readonly kind: RegionKind;
  readonly close: string;
  readonly escape: StringRule['escape'];
  /** How many closings are still needed, and what opens one more. */
  readonly depth: number;
  readonly open?: RegExp;
  readonly heredoc?: boolean;
}

export interface ScannedLine {
  readonly regions: readonly Region[];
  readonly end: PlainState | undefined;
}

const NONE: readonly Region[] = [];

/**
 * Comments and strings of a line by the looks of the language, for where no grammar is at hand. It knows no more of a
 * language than its `CommentSyntax` says: what a string interpolates is part of the string.
 */
export function scanLine(
  text: string,
  begin: PlainState | undefined,
  syntax: CommentSyntax,
): ScannedLine {
  if (syntax.prose) return { regions: NONE, end: undefined };
  const regions: Region[] = [];
  let state = begin;
  let start = 0;
  let at = 0;
  if (state?.heredoc) {
    if (/^\s*(\w*)/u.exec(text)![1] === state.close) return { regions: NONE, end: undefined };
    return { regions: [{ start: 0, end: text.length, kind: 'string' }], end: state };
  }
  let next: PlainState | undefined;
  while (at < text.length || state) {
    if (state) {
      const end = closing(text, at, state);
      regions.push({ start, end: end.at, kind: state.kind });
      state = end.state;
      at = end.at;
      if (state) break;
      continue;
    }
    at = nextCandidate(text, at);
    if (at >= text.length) break;
    const opened = openingAt(text, at, syntax);
    if (!opened) {
      at++;
      continue;
    }
    if (opened.state === 'line') {
      regions.push({ start: at, end: text.length, kind: 'comment' });
      break;
    }
    start = at;
    at += opened.length;
    if (opened.state?.heredoc) next = opened.state;
    else state = opened.state;
  }
  return { regions: regions.length > 0 ? regions : NONE, end: state ?? next };
}

function closing(
  text: string,
  from: number,
  state: PlainState,
): { at: number; state: PlainState | undefined } {
  let { depth } = state;
  const { close } = state;
  for (let at = from; at < text.length; at++) {
    if (state.escape === 'backslash' && text[at] === '\\') {
      at++;
      continue;
    }
    if (text.startsWith(close, at)) {
      if (state.escape === 'double' && text.startsWith(close, at + close.length)) {
        at += close.length;
        continue;
      }
      depth--;
      if (depth === 0) return { at: at + close.length, state: undefined };
      at += close.length - 1;
    } else if (state.open && matchAt(state.open, text, at)) {
      depth++;
      at++;
    }
  }
  return { at: text.length, state: depth === state.depth ? state : { ...state, depth } };
}

type Opened = { readonly length: number; readonly state: PlainState | 'line' | undefined };

function openingAt(text: string, at: number, syntax: CommentSyntax): Opened | undefined {
  for (const skip of syntax.skip) {
    const match = matchAt(skip, text, at);
    if (match) return { length: match[0].length, state: undefined };
  }
  for (const { open, close, nested } of syntax.block) {
    const match = matchAt(open, text, at);
    if (!match) continue;
    const base = { kind: 'comment', close: close(match), escape: 'none', depth: 1 } as const;
    return { length: match[0].length, state: nested ? { ...base, open } : base };
  }
  if (syntax.line.some((open) => matchAt(open, text, at))) return { length: 0, state: 'line' };
  for (const rule of syntax.strings) {
    const match = matchAt(rule.open, text, at);
    if (match)
      return { length: match[0].length, state: stringState(text, at, match, rule, syntax) };
  }
  return undefined;
}

function stringState(
  text: string,
  at: number,
  match: RegExpExecArray,
  rule: StringRule,
  syntax: CommentSyntax,
): PlainState | undefined {
  const close = rule.close(match);
  const triple = /"""|'''/u.test(match[0]);
  const documents = syntax.docstrings === true && triple && text.slice(0, at).trim() === '';
  const state: PlainState = {
    kind: documents ? 'doc' : 'string',
    close,
    escape: rule.escape,
    depth: 1,
    ...(rule.heredoc ? { heredoc: true } : {}),
  };
  if (rule.lines || rule.heredoc) return state;
  // Without its end in the line it is an apostrophe or a mistake; the rest of the line is looked at as code.
  return closing(text, at + match[0].length, state).state ? undefined : state;
}

/** What may begin anything: most of a line is passed over without trying every pattern. */
const CANDIDATE = /[^\sA-Za-z0-9_]|\b(?:[A-Za-z]{1,2}["'#]|rem\b)/giu;

function nextCandidate(text: string, from: number): number {
  CANDIDATE.lastIndex = from;
  return CANDIDATE.exec(text)?.index ?? text.length;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
