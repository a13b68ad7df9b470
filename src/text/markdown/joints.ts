import type { Range } from '../characters';
import { findSpans } from '../spans';
import { type Joint, OPENS_BLOCK } from './runs';

interface Part {
  readonly text: string;
  /** Relative to `text`. */
  readonly joints: readonly Joint[];
  /** Relative to `text`. */
  readonly solid: readonly Range[];
}

/**
 * Puts the line ends of a sentence into its translation, each at the blank nearest to where it stood by length, so that the
 * lines of the result are the lines of the source. Undefined where there are too few blanks, or code over a line end is
 * not to be found.
 */
export function placeJoints(source: Part, translation: string): string | undefined {
  const fixed = findSolid(source, translation);
  if (!fixed) return undefined;
  const closed = [...findSpans(translation), ...fixed.ranges];
  const places = blanksOf(translation).filter(
    ({ start, end }) =>
      !closed.some((range) => range.start < end && range.end > start) &&
      !OPENS_BLOCK.test(translation.slice(end, end + 12)),
  );
  const loose = source.joints.filter((joint) => !fixed.joints.has(joint));
  const edits = [...fixed.edits];
  let next = 0;
  for (const [index, joint] of loose.entries()) {
    const wanted = (joint.at / source.text.length) * translation.length;
    const last = places.length - (loose.length - index);
    if (next > last) return undefined;
    let best = next;
    for (let at = next; at <= last; at++) {
      if (Math.abs(places[at]!.start - wanted) < Math.abs(places[best]!.start - wanted)) best = at;
    }
    edits.push({ ...places[best]!, by: joint.source });
    next = best + 1;
  }
  return applied(translation, edits);
}

interface Edit extends Range {
  readonly by: string;
}

/** Where the code and addresses of the source stand in the translation; the same ones in the same order. */
function findSolid(source: Part, translation: string) {
  const joints = new Set<Joint>();
  const ranges: Range[] = [];
  const edits: Edit[] = [];
  const searched = new Map<string, number>();
  for (const range of source.solid) {
    const form = source.text.slice(range.start, range.end);
    const inside = source.joints.filter(({ at }) => at >= range.start && at < range.end);
    const at = translation.indexOf(form, searched.get(form) ?? 0);
    if (at < 0 && inside.length > 0) return undefined;
    if (at < 0) continue;
    searched.set(form, at + form.length);
    ranges.push({ start: at, end: at + form.length });
    for (const joint of inside) {
      joints.add(joint);
      const start = at + joint.at - range.start;
      edits.push({ start, end: start + 1, by: joint.source });
    }
  }
  return { joints, ranges, edits };
}

function blanksOf(text: string): Range[] {
  return [...text.matchAll(/(?<=\S) +(?=\S)/gu)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

function applied(text: string, edits: readonly Edit[]): string {
  let result = '';
  let end = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(end, edit.start) + edit.by;
    ({ end } = edit);
  }
  return result + text.slice(end);
}
