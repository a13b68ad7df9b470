import type * as vscode from 'vscode';
import { isProse } from '../commentLine';
import { proseSentences } from '../../text/prose';
import type { CommentBlock } from '../../text/comments/types';
import type { CommentIndex } from '../scopes/commentIndex';

/** Text to be summarized, and where each of its offsets stands in the document. */
export interface SummarySource {
  readonly document: vscode.TextDocument;
  /** The whole document when it was read: it may be edited while its summary is made. */
  readonly whole: string;
  readonly text: string;
  toDocument(offset: number): number;
}

export function selectionSource(editor: vscode.TextEditor): SummarySource {
  const { document, selection } = editor;
  const start = selection.isEmpty ? 0 : document.offsetAt(selection.start);
  const whole = document.getText();
  return {
    document,
    whole,
    text: selection.isEmpty ? whole : document.getText(selection),
    toDocument: (offset) => start + offset,
  };
}

/** A document of prose as it is; of a program its documentation comments, or all comments if it has none of those. */
export async function documentationSource(
  document: vscode.TextDocument,
  index: Pick<CommentIndex, 'blocksIn'>,
  token: vscode.CancellationToken,
): Promise<SummarySource> {
  if (isProse(document.languageId)) {
    const whole = document.getText();
    return { document, whole, text: whole, toDocument: (offset) => offset };
  }
  const blocks = await index.blocksIn(document, undefined, token);
  const documented = blocks.filter(({ kind }) => kind === 'doc');
  const comments = blocks.filter(({ kind }) => kind === 'line' || kind === 'block');
  return blockSource(document, documented.length > 0 ? documented : comments);
}

const SEPARATOR = '\n\n';

function blockSource(
  document: vscode.TextDocument,
  blocks: readonly CommentBlock[],
): SummarySource {
  const starts: number[] = [];
  let text = '';
  for (const block of blocks) {
    starts.push(text.length);
    text += block.text + SEPARATOR;
  }
  return {
    document,
    whole: document.getText(),
    text,
    toDocument: (offset) => {
      const at = starts.findLastIndex((start) => start <= offset);
      const block = blocks[at];
      return block ? block.toDocument(offset - (starts[at] ?? 0)) : 0;
    },
  };
}

/** What a document holds, part by part: a sentence for each of its paragraphs or comments that begin something. */
export interface OutlineEntry {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const MOST_ENTRIES = 40;

/** The headings of a document of prose; of comments, the first sentence of each. */
export function outlineOf(source: SummarySource): OutlineEntry[] {
  const sentences = proseSentences(source.text);
  const prose = isProse(source.document.languageId);
  const first = new Set<number>();
  const entries = sentences.filter((sentence) => {
    if (prose) return sentence.aside && /#\s*$/u.test(lineStart(source.text, sentence.start));
    const block = source.text.lastIndexOf(SEPARATOR, sentence.start);
    if (sentence.aside || first.has(block)) return false;
    first.add(block);
    return true;
  });
  return entries.slice(0, MOST_ENTRIES);
}

function lineStart(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
}
