import * as vscode from 'vscode';
import type { CommentBlock } from '../../text/comments/types';
import { regexLiteralAt, regexStringAt } from '../../text/explain/regexLiteral';
import { parseCommandLine } from '../../text/explain/shell';
import { isKnownCommand } from './commandFacts';
import { commandAt } from './commandLines';
import type { HoverSettings } from './settings';

/** What a hover can be about. */
export type Subject =
  | {
      readonly kind: 'text';
      readonly range: vscode.Range;
      readonly text: string;
      readonly block?: CommentBlock;
    }
  | { readonly kind: 'command' | 'code'; readonly range: vscode.Range; readonly text: string }
  | {
      readonly kind: 'regex';
      readonly range: vscode.Range;
      readonly text: string;
      readonly pattern: string;
      readonly flags: string;
    };

/** Finds the comments, strings and paragraphs of documents. */
export interface Blocks {
  blockAt(
    document: vscode.TextDocument,
    position: vscode.Position,
    token?: vscode.CancellationToken,
  ): Promise<CommentBlock | undefined>;
  blocksIn(
    document: vscode.TextDocument,
    range?: vscode.Range,
    token?: vscode.CancellationToken,
  ): Promise<readonly CommentBlock[]>;
}

export interface SubjectQuery {
  readonly document: vscode.TextDocument;
  readonly position: vscode.Position;
  readonly settings: HoverSettings;
  /** Whether a text has anything in it that the reader's language is not. */
  readonly isForeign: (text: string) => boolean;
  /** The user asked for this place: lines of code count too. */
  readonly asked: boolean;
  readonly token: vscode.CancellationToken;
}

/** More code than this is no snippet, and the model reads no more anyway. */
const MOST_SNIPPET = 400;
const MOST_SNIPPET_LINES = 5;

/** What stands at the position: a selection around it, else a comment, string or paragraph, else code. */
export async function subjectAt(query: SubjectQuery, blocks: Blocks): Promise<Subject | undefined> {
  const { document, position, settings, asked } = query;
  const selection = selectionAt(document, position);
  if (selection) return ofSelection(query, selection, blocks);
  if (settings.trigger === 'selection' && !asked) return undefined;
  const line = document.lineAt(position.line).text;
  const command = settings.code || asked ? commandAt(document, position) : undefined;
  const block = await blocks.blockAt(document, position, query.token);
  if (query.token.isCancellationRequested) return undefined;
  const isComment = block !== undefined && block.kind !== 'string' && block.kind !== 'text';
  if (command && !isComment) return { kind: 'command', ...command };
  if (settings.code || asked) {
    const regex = isComment ? undefined : regexAt(line, position);
    if (regex) return regex;
  }
  if (block) {
    if (!isWanted(block, settings, asked) || !query.isForeign(block.text)) return undefined;
    return { kind: 'text', range: rangeOf(document, block), text: block.text, block };
  }
  return asked ? lineOfCode(document, position) : undefined;
}

/** The selection of an editor of this document that the position lies in. */
export function selectionAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): vscode.Range | undefined {
  for (const editor of vscode.window.visibleTextEditors) {
    if (editor.document !== document) continue;
    const found = editor.selections.find((item) => !item.isEmpty && item.contains(position));
    if (found) return new vscode.Range(found.start, found.end);
  }
  return undefined;
}

export function rangeOf(
  document: vscode.TextDocument,
  { start, end }: { readonly start: number; readonly end: number },
): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

async function ofSelection(
  query: SubjectQuery,
  range: vscode.Range,
  blocks: Blocks,
): Promise<Subject | undefined> {
  const { document, settings, asked } = query;
  const text = document.getText(range);
  const explain = settings.code || asked;
  if (explain && (await isCommand(query, range, text, blocks))) {
    return { kind: 'command', range, text };
  }
  if (explain) {
    const regex = /^\/(.+)\/([a-z]*)$/s.exec(text.trim());
    if (regex) return { kind: 'regex', range, text, pattern: regex[1]!, flags: regex[2]! };
  }
  if (query.isForeign(text)) return { kind: 'text', range, text };
  const short =
    text.length <= MOST_SNIPPET && range.end.line - range.start.line < MOST_SNIPPET_LINES;
  return explain && short && isCode(text) ? { kind: 'code', range, text } : undefined;
}

/** In a script whatever runs a program outside its comments; elsewhere only what looks like nothing else. */
async function isCommand(
  { document, token }: SubjectQuery,
  range: vscode.Range,
  text: string,
  blocks: Blocks,
): Promise<boolean> {
  if (text.length > MOST_SNIPPET || !parseCommandLine(text)) return false;
  if (!SHELLS.has(document.languageId)) return isKnownCommand(text);
  const block = await blocks.blockAt(document, range.start, token);
  return block === undefined || block.kind === 'string';
}

/** Not a number, a mark or prose in the reader's own language. */
function isCode(text: string): boolean {
  return /[A-Za-z_]{2}/.test(text) && /[(){}[\];=<>|&$.:]/.test(text) && !/[가-힣]/.test(text);
}

function isWanted(block: CommentBlock, settings: HoverSettings, asked: boolean): boolean {
  if (block.kind === 'string') return (settings.strings || asked) && isSentence(block.text);
  return settings.comments || asked;
}

/** Most strings are names and codes; prose has words with blanks between them. */
function isSentence(text: string): boolean {
  return (
    /[가-힣]/.test(text) || /[\p{L}\p{M}'’]{2,}[ ,]+[\p{L}\p{M}'’]+[ ,]+[\p{L}\p{M}'’]+/u.test(text)
  );
}

function regexAt(line: string, position: vscode.Position): Subject | undefined {
  const found = regexLiteralAt(line, position.character) ?? regexStringAt(line, position.character);
  if (!found) return undefined;
  const { start, end, pattern, flags } = found;
  const range = new vscode.Range(position.line, start, position.line, end);
  return { kind: 'regex', range, text: line.slice(start, end), pattern, flags };
}

function lineOfCode(document: vscode.TextDocument, position: vscode.Position): Subject | undefined {
  const line = document.lineAt(position.line);
  const text = line.text.trim();
  if (text.length > MOST_SNIPPET || !isCode(text)) return undefined;
  const range = new vscode.Range(
    position.line,
    line.firstNonWhitespaceCharacterIndex,
    position.line,
    line.text.trimEnd().length,
  );
  return { kind: 'code', range, text };
}

const SHELLS: ReadonlySet<string> = new Set(['shellscript', 'fish', 'bat', 'powershell']);
