import * as vscode from 'vscode';
import type { KeptReason, Language, TextResult } from '../protocol/engine';
import { LinkCommand } from './ids';
import { escapeMarkdown } from './markdown';
import { keptSentence, languageName } from './words';

/** What every hover of Headlight is made of. Only `actions` can be clicked, and only to run Headlight's own commands. */

export interface HoverLink {
  readonly icon: string;
  readonly label: string;
  readonly command: (typeof LinkCommand)[keyof typeof LinkCommand];
  readonly args: readonly unknown[];
}

export interface Direction {
  readonly source: Language;
  readonly target: Language;
}

const MARK = '$(lightbulb) **Headlight**';

/** The first line: whose hover it is, and what it is about. */
export function headingPart(about: string): vscode.MarkdownString {
  return new vscode.MarkdownString(`${MARK} ${escapeMarkdown(about)}`, true);
}

/** Whether it is one of ours. Another that pretends to be is only left out of what is translated. */
export function isOwnHover({ contents: [first] }: vscode.Hover): boolean {
  return first instanceof vscode.MarkdownString && first.value.startsWith(MARK);
}

export function directionNames(directions: readonly Direction[]): string {
  return directions
    .map(({ source, target }) => `${languageName(source)} → ${languageName(target)}`)
    .join(', ');
}

/** Text that is not ours: untrusted, without icons, HTML or anything that could be clicked. */
export function plainPart(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString(escapeMarkdown(text.trimEnd()), false);
}

/** Lines of words of ours, each behind the piece of code that it is about. */
export function factsPart(facts: readonly Fact[]): vscode.MarkdownString {
  const lines = facts.map(({ code, words }) =>
    [...(code === undefined ? [] : [codeSpan(code)]), escapeMarkdown(words)].join('  '),
  );
  return new vscode.MarkdownString(lines.join('  \n'), false);
}

export interface Fact {
  readonly code?: string;
  readonly words: string;
}

/** Nothing is read inside a code span; its marks are one more than any row of them in the code. */
function codeSpan(code: string): string {
  const flat = code.replace(/\s+/g, ' ');
  const longest = Math.max(0, ...(flat.match(/`+/g) ?? []).map((row) => row.length));
  const mark = '`'.repeat(longest + 1);
  return `${mark} ${flat} ${mark}`;
}

/** Sentences of ours about the result. */
export function noteLine(icon: 'book' | 'info' | 'warning' | 'loading~spin', text: string): string {
  return `$(${icon}) ${escapeMarkdown(text)}`;
}

export function keptNotes(reasons: ReadonlyMap<KeptReason, number>): string[] {
  return [...reasons].map(([reason, count]) => noteLine('info', keptSentence(reason, count)));
}

/** Sentences that the model itself was not sure of, by what it is known to get wrong. */
export function uncertainNotes(results: readonly TextResult[]): string[] {
  const sentences = results.flatMap(({ text, segments }) =>
    segments
      .filter(({ uncertain }) => uncertain)
      .map(({ targetStart, targetEnd }) => shortened(text.slice(targetStart, targetEnd))),
  );
  if (sentences.length === 0) return [];
  const named = sentences.slice(0, MOST_NAMED).map((sentence) => `“${sentence}”`);
  const list = [...named, ...(sentences.length > MOST_NAMED ? ['…'] : [])].join(' ');
  return [noteLine('warning', vscode.l10n.t('The model is not sure of this: {0}', list))];
}

const MOST_NAMED = 3;
const MOST_CHARACTERS = 40;

function shortened(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}

/** The terms of the glossary that stand in the result, each once. */
export function termNotes(results: readonly TextResult[]): string[] {
  const hits = results.flatMap(({ segments }) => segments.flatMap(({ terms }) => terms ?? []));
  const named = new Set(hits.map(({ term, translation }) => termText(term, translation)));
  return named.size === 0
    ? []
    : [noteLine('book', vscode.l10n.t('Glossary: {0}', [...named].join(', ')))];
}

function termText(term: string, translation: string): string {
  return term === translation ? term : `${term} → ${translation}`;
}

export function actionsPart(
  notes: readonly string[],
  links: readonly HoverLink[],
): vscode.MarkdownString {
  const row = links.map(linkText).join('&nbsp;&nbsp;&nbsp;');
  const markdown = new vscode.MarkdownString([...notes, row].join('\n\n'), true);
  markdown.isTrusted = { enabledCommands: Object.values(LinkCommand) };
  return markdown;
}

function linkText({ icon, label, command, args }: HoverLink): string {
  // Parentheses would end the link's address, and encodeURIComponent leaves them alone.
  const query = encodeURIComponent(JSON.stringify(args)).replace(
    /[()]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16)}`,
  );
  return `[$(${icon}) ${label}](command:${command}?${query})`;
}
