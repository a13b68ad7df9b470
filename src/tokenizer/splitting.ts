import type { AlignedText } from './alignedText';
import { asString, unsupported } from './json';
import type { FindMatches } from './pattern/patterns';

const BEHAVIORS = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const;

/** What becomes of the matches (delimiters) when a text is split at them. */
export type SplitBehavior = (typeof BEHAVIORS)[number];

interface Part {
  readonly from: number;
  to: number;
  readonly match: boolean;
}

export function readBehavior(value: unknown, field: string): SplitBehavior {
  const name = asString(value, field);
  const found = BEHAVIORS.find((behavior) => behavior === name);
  if (!found) throw unsupported(field, name);
  return found;
}

/** `invert` splits at what lies between the matches instead. Empty pieces are left out. */
export function split(
  text: AlignedText,
  pattern: FindMatches,
  behavior: SplitBehavior,
  invert = false,
): AlignedText[] {
  const parts: Part[] = [];
  let done = 0;
  pattern(text.text, (start, end) => {
    if (start > done) parts.push({ from: done, to: start, match: invert });
    parts.push({ from: start, to: end, match: !invert });
    done = end;
  });
  if (done < text.length) parts.push({ from: done, to: text.length, match: invert });
  return merge(parts, behavior)
    .filter((part) => part.to > part.from)
    .map((part) => text.slice(part.from, part.to));
}

function merge(parts: readonly Part[], behavior: SplitBehavior): readonly Part[] {
  switch (behavior) {
    case 'Removed':
      return parts.filter((part) => !part.match);
    case 'Isolated':
      return parts;
    case 'Contiguous':
      return joined(parts, (before, part) => before.match === part.match);
    case 'MergedWithPrevious':
      return joined(parts, (before, part) => part.match && !before.match);
    case 'MergedWithNext':
      return joined(parts, (before, part) => before.match && !part.match);
  }
}

/** Joins each part to the one before where `together` says so of the two neighbours. */
function joined(
  parts: readonly Part[],
  together: (before: Part, part: Part) => boolean,
): readonly Part[] {
  const result: Part[] = [];
  parts.forEach((part, index) => {
    const before = parts[index - 1];
    const last = result.at(-1);
    if (before && last && together(before, part)) last.to = part.to;
    else result.push({ ...part });
  });
  return result;
}
