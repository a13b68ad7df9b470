import { splitLines, type Line } from './lines';
import type { Joint, Run } from './markdown/runs';
import { proseParagraphs } from './prose';

/**
 * The texts of a document that is not Markdown: paragraphs of plain text, reStructuredText, AsciiDoc. Literal blocks
 * (behind `::`, between `----`) are left out.
 */
export function plainRuns(source: string): Run[] {
  const literal = literalLines(splitLines(source));
  return proseParagraphs(source, literal).map(({ text, pieces, aside }) => {
    const joints: Joint[] = [];
    pieces.forEach((piece, index) => {
      const before = pieces[index - 1];
      if (!before) return;
      const end = before.start + (piece.at - 1 - before.at);
      joints.push({ at: piece.at - 1, source: source.slice(end, piece.start) });
    });
    const last = pieces.at(-1)!;
    return {
      start: pieces[0]!.start,
      end: last.start + text.length - last.at,
      text,
      joints,
      solid: [],
      block: aside ? 'heading' : 'paragraph',
    };
  });
}

/** Directives of reStructuredText whose content is text. */
const PROSE_DIRECTIVE =
  /^\s*\.\.\s+(?:note|warning|tip|important|caution|seealso|hint|attention|danger|admonition|topic|rubric)::\s*$/u;

/** Lines that are no text though they may look like it. */
function literalLines(lines: readonly Line[]): boolean[] {
  const literal = new Array<boolean>(lines.length).fill(false);
  for (let i = 0; i < lines.length; i++) {
    const text = wholeOf(lines[i]);
    const fence = /^(-{4,}|\.{4,}|={4,}\s*$|\+{4,}|\/{4,})\s*$/u.exec(text)?.[1];
    if (fence && !/^=+$/u.test(fence) && text.trimEnd() === fence) {
      const close = lines.findIndex((line, at) => at > i && wholeOf(line).trimEnd() === fence);
      // A lone row of marks is the underline of a heading.
      if (close > i + 1 && wholeOf(lines[i - 1])?.trim() === '') {
        for (let j = i; j <= close; j++) literal[j] = true;
        i = close;
      }
    } else if (PROSE_DIRECTIVE.test(text)) {
      literal[i] = true;
    } else if (/^\s*\.\.\s+[\w-]+::/u.test(text) || text.trimEnd().endsWith('::')) {
      literal[i] = /^\s*\.\./u.test(text);
      const indent = indentOf(text);
      let j = i + 1;
      while (j < lines.length && isInside(wholeOf(lines[j]), indent)) literal[j++] = true;
      i = j - 1;
    }
  }
  return literal;
}

function isInside(text: string, indent: number): boolean {
  return text.trim() === '' || indentOf(text) > indent;
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

function wholeOf(line: Line | undefined): string {
  return line ? line.prefix + line.body + line.suffix : '';
}
