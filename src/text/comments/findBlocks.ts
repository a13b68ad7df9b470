import { detectLanguage } from '../direction';
import { LaidOutBlock } from './block';
import { groupLines, type RawBlock } from './group';
import { layOut } from './layout';
import { groupProse } from './prose';
import { commentSyntax } from './syntax';
import type { CommentBlock, ScopedLine } from './types';

/**
 * The blocks of prose in consecutive lines of a document, in order: comments, docstrings and strings, or the paragraphs of
 * a language that is prose. The first line must not begin inside a block. What has no text to translate is left out.
 */
export function findBlocks(lines: readonly ScopedLine[], languageId: string): CommentBlock[] {
  const groups = commentSyntax(languageId).prose
    ? groupProse(lines)
    : groupLines(lines, languageId);
  const blocks: CommentBlock[] = [];
  for (const raw of groups) {
    const paragraphs = layOut(raw, languageId);
    if (paragraphs.length === 0) continue;
    const block = new LaidOutBlock(raw, paragraphs);
    if (isWorthReading(raw, block.text)) blocks.push(block);
  }
  return blocks;
}

/** A string is an identifier, a key or a path more often than text; a comment is text. */
function isWorthReading({ kind }: RawBlock, text: string): boolean {
  if (!/\p{L}{2}/u.test(text)) return false;
  if (kind !== 'string') return true;
  if (/^use \w+$/u.test(text)) return false;
  if (/\p{Script=Hangul}/u.test(text)) return true;
  return /\p{L}{2,}[,:]?\s+\S*\p{L}{2}/u.test(text) && detectLanguage(text) !== 'none';
}
