import type { Nodes } from 'mdast';
import type { Range } from '../characters';
import { childrenOf, offsetsOf, parseMarkdown, parsePart } from './parse';

/** Bytes of the document between two lines of a text: the line end, and the marks and blanks before the next line. */
export interface Joint {
  /** Offset in the run's text of the blank that stands for it. */
  readonly at: number;
  readonly source: string;
}

/** Text that may be translated as a whole: lines of one block, joined. Hard line breaks part runs. */
export interface Run extends Range {
  /** One line. */
  readonly text: string;
  readonly joints: readonly Joint[];
  /** Code, addresses and the like in `text`; where one holds a joint, its line end must stay inside. */
  readonly solid: readonly Range[];
  readonly block: 'paragraph' | 'heading' | 'cell';
}

export interface MarkdownRuns {
  readonly runs: readonly Run[];
  /** What is defined for references, by its mark (`[label]`, `[^label]`) in small letters: undefined ones are plain text. */
  readonly definitions: ReadonlySet<string>;
}

/** What may begin a block though a paragraph stands before it: lists, headings, quotes, rules, fences, HTML, tables. */
export const OPENS_BLOCK =
  /^(?:[-+*](?:\s|$)|[-*_]{3}|[=>|]|#{1,6}(?:\s|$)|`{3}|~{3}|\d{1,9}[.)]|<[!?/]|<(?:div|p|table|[uo]l|li|h\d|pre|details|summary|section)\b)/iu;

/** Everything in a Markdown document, or a part that is not its `first`, that is text; ordered, not overlapping. */
export function markdownRuns(source: string, first = true): MarkdownRuns {
  const runs: Run[] = [];
  const definitions = new Set<string>();
  const visit = (node: Nodes, quotes: number): void => {
    switch (node.type) {
      case 'paragraph':
        runs.push(...runsOf(source, node, quotes, 'paragraph'));
        break;
      case 'heading':
        runs.push(...runsOf(source, node, quotes, 'heading'));
        break;
      case 'tableCell':
        runs.push(...runsOf(source, node, quotes, 'cell'));
        break;
      case 'definition':
        definitions.add(`[${node.label ?? node.identifier}]`.toLowerCase());
        break;
      case 'footnoteDefinition':
        definitions.add(`[^${node.label ?? node.identifier}]`.toLowerCase());
        for (const child of childrenOf(node)) visit(child, quotes);
        break;
      case 'blockquote':
        for (const child of childrenOf(node)) visit(child, quotes + 1);
        break;
      default:
        for (const child of childrenOf(node)) visit(child, quotes);
    }
  };
  visit(first ? parseMarkdown(source) : parsePart(source), 0);
  return { runs, definitions };
}

/** The runs of a block with inline content, parted at its hard line breaks. */
function runsOf(source: string, block: Nodes, quotes: number, kind: Run['block']): Run[] {
  const children = childrenOf(block);
  const first = children[0];
  const last = children.at(-1);
  if (!first || !last) return [];
  const breaks: Range[] = [];
  const solid: Range[] = [];
  const collect = (node: Nodes): void => {
    if (node.type === 'break') breaks.push(offsetsOf(node));
    else if (node.type === 'inlineCode' || node.type === 'html' || node.type === 'image') {
      solid.push(offsetsOf(node));
    } else if (node.type === 'link') {
      const inner = childrenOf(node);
      const { start, end } = offsetsOf(node);
      const innerEnd = inner.length > 0 ? offsetsOf(inner.at(-1)!).end : start;
      solid.push({ start: innerEnd, end });
      inner.forEach(collect);
    } else childrenOf(node).forEach(collect);
  };
  children.forEach(collect);
  const runs: Run[] = [];
  let { start } = offsetsOf(first);
  for (const hard of breaks) {
    pushRun(runs, source, { start, end: hard.start }, quotes, solid, kind);
    start = hard.end;
  }
  pushRun(runs, source, { start, end: offsetsOf(last).end }, quotes, solid, kind);
  return runs;
}

function pushRun(
  runs: Run[],
  source: string,
  range: Range,
  quotes: number,
  solid: readonly Range[],
  block: Run['block'],
): void {
  // Blanks and marks of a container after a hard break belong to the break.
  const skipped = prefixLength(source, range.start, quotes);
  const start = range.start + (source[range.start - 1] === '\n' ? skipped : 0);
  const raw = source.slice(start, range.end);
  if (!/\p{L}{2}|[가-힣]/u.test(raw)) return;
  const joints: Joint[] = [];
  const pieces: { at: number; start: number }[] = [{ at: 0, start }];
  let text = '';
  let from = start;
  for (const match of raw.matchAll(/[ \t]*(?:\r\n|\n|\r)/gu)) {
    const at = start + match.index;
    const next = at + match[0].length;
    const to = Math.min(range.end, next + prefixLength(source, next, quotes));
    // A paragraph to this parser, something else to another: such a line stays at its place.
    if (OPENS_BLOCK.test(source.slice(to, to + 12))) {
      pushRun(runs, source, { start, end: at }, quotes, solid, block);
      pushRun(runs, source, { start: to, end: range.end }, quotes, solid, block);
      return;
    }
    text += source.slice(from, at);
    joints.push({ at: text.length, source: source.slice(at, to) });
    text += ' ';
    from = to;
    pieces.push({ at: text.length, start: to });
  }
  text += source.slice(from, range.end);
  const toText = (offset: number): number => {
    const piece = pieces.findLast((item) => item.start <= offset) ?? pieces[0]!;
    return piece.at + offset - piece.start;
  };
  const inside = solid
    .filter((part) => part.start >= start && part.end <= range.end)
    .map((part) => ({ start: toText(part.start), end: toText(part.end) }));
  runs.push({ start, end: range.end, text, joints, solid: inside, block });
}

/** Length of what stands before the text of a continuation line: blanks, and the marks of the block quotes around it. */
function prefixLength(source: string, lineStart: number, quotes: number): number {
  let at = lineStart;
  const blanks = (): void => {
    while (source[at] === ' ' || source[at] === '\t') at++;
  };
  blanks();
  for (let depth = 0; depth < quotes && source[at] === '>'; depth++) {
    at++;
    blanks();
  }
  return at - lineStart;
}
