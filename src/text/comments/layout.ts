import type { RawBlock, RawLine } from './group';
import { isWrapped, isWrappedByCharacters, joint, runWidth } from './join';
import { findKept } from './keep';
import { findFieldLead, findLeads, isLead } from './leads';
import { displayWidth } from './width';

/** Lines that are one paragraph of text: a list item, a described parameter, sentences that were wrapped. */
export interface Paragraph {
  /** Indices of the first line and the one behind the last. */
  readonly first: number;
  readonly end: number;
  /** What of the first line's body comes before the text, and of the last line's behind it. */
  readonly lead: string;
  readonly tail: string;
  /** What stands between a line's text and the next's; one less than lines. */
  readonly joints: readonly ('' | ' ')[];
}

interface Entry {
  readonly line: RawLine;
  readonly lead: string;
  readonly tail: string;
}

/** The paragraphs of a block in order; lines in none are kept or empty. */
export function layOut(raw: RawBlock, languageId: string): Paragraph[] {
  const { lines } = raw;
  const kept = findKept(lines, languageId);
  const fields = fieldSections(raw);
  const entries = lines.map((line, index): Entry | undefined => {
    if (kept[index] || line.body === '') return undefined;
    // What begins a string is part of what it says.
    const found = raw.kind === 'string' ? { lead: '', tail: '' } : findLeads(line.body, languageId);
    const field = fields[index] ? findFieldLead(line.body.slice(found.lead.length)) : '';
    const lead = found.lead + field;
    return lead.length + found.tail.length >= line.body.length
      ? undefined
      : { line, lead, tail: found.tail };
  });
  const paragraphs: Paragraph[] = [];
  for (let first = 0; first < entries.length; first++) {
    if (!entries[first]) continue;
    let end = first + 1;
    if (raw.kind !== 'string') {
      while (entries[end] && follows(entries[end - 1]!, entries[end]!, entries[first]!)) end++;
    }
    const run = entries.slice(first, end).filter((entry) => entry !== undefined);
    paragraphs.push(...split(run, first));
    first = end - 1;
  }
  return paragraphs;
}

/** Goes on with what stands above, as far as marks and indentation tell. */
function follows(above: Entry, entry: Entry, first: Entry): boolean {
  if (isLead(entry.lead) || above.tail.trim() !== '') return false;
  // A heading is a line.
  if (/^#{1,6}\s/u.test(first.lead)) return false;
  if (above === first) return true;
  return entry.line.indent.length >= above.line.indent.length || !isLead(first.lead);
}

/** A run of lines, cut where a line was ended on purpose. */
function split(run: readonly Entry[], first: number): Paragraph[] {
  const widths = run.map(({ line }) => displayWidth(line.indent + line.body));
  const full = runWidth(widths);
  const cuts: number[] = [0];
  for (let i = 1; i < run.length; i++) {
    const [above, line] = [run[i - 1]!.line, run[i]!.line];
    if (!isWrapped(above.body, line.body, widths[i - 1]!, full)) cuts.push(i);
  }
  return cuts.map((from, index) => {
    const to = cuts[index + 1] ?? run.length;
    const bodies = run.slice(from, to).map(({ line }) => line.body);
    const byCharacters = isWrappedByCharacters(bodies, widths.slice(from, to));
    const joints: ('' | ' ')[] = [];
    for (let i = from + 1; i < to; i++) {
      joints.push(joint(run[i - 1]!.line.body, run[i]!.line.body, byCharacters));
    }
    const { lead } = run[from]!;
    return { first: first + from, end: first + to, lead, tail: run[to - 1]!.tail, joints };
  });
}

/** Lines that may be `name: text`: below a heading like `Args:`, indented. */
function fieldSections({ kind, lines }: RawBlock): boolean[] {
  let heading: number | undefined;
  return lines.map(({ indent, body }) => {
    if (kind !== 'doc' || body === '') return false;
    if (
      /^(?:Args|Arguments|Attributes|Keyword Arg\w*|Raises|Parameters):$|^- Parameters:$/u.test(
        body,
      )
    ) {
      heading = indent.length;
      return false;
    }
    if (heading !== undefined && indent.length <= heading) heading = undefined;
    return heading !== undefined;
  });
}
