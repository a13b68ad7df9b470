/**
 * Finds the parts of a text that must come out of a translation unchanged.
 *
 * Each rule scans the text once, in order of precedence; what a rule takes is masked for the later ones. Every rule
 * either starts only where its own character class begins (a lookbehind) or has bounded repeats, so that the whole is
 * linear in the text however hostile it is.
 */
import type { Range } from './characters';
import { findBraces, findCode, findEmphasis } from './delimiters';
import { findNames } from './names';
import type { Span, SpanKind } from './span';
import { SPAN_RULES } from './spanRules';

/** A private-use character: no rule takes it for a letter, a digit, a blank or a mark. */
const MASK = '\uE000';

/** Ordered, not overlapping, none empty. `userPatterns` take precedence over everything built in. */
export function findSpans(text: string, userPatterns: readonly RegExp[] = []): Span[] {
  const found: Span[] = [];
  let masked = text;
  const take = (ranges: Iterable<Range & Partial<Span>>, kind: SpanKind): void => {
    let result = '';
    let end = 0;
    for (const range of ranges) {
      if (range.end <= range.start || range.start < end) continue;
      found.push({ ...range, kind });
      result += masked.slice(end, range.start) + MASK.repeat(range.end - range.start);
      end = range.end;
    }
    if (end > 0) masked = result + masked.slice(end);
  };

  for (const pattern of userPatterns) take(userMatches(masked, pattern), 'user');
  take(findCode(masked), 'code');
  for (const rule of SPAN_RULES) {
    if (rule.kind === 'braces') take(findBraces(masked), 'placeholder');
    else if (rule.kind === 'names') take(findNames(masked), 'name');
    else if (!rule.hint || masked.includes(rule.hint)) take(ruleMatches(masked, rule), rule.kind);
  }
  if (masked.includes('**') || masked.includes('~~')) {
    take(sorted(findEmphasis(masked)), 'emphasis');
  }
  return mergeTouching(sorted(found));
}

function sorted<T extends Range>(ranges: Iterable<T>): T[] {
  return [...ranges].sort((a, b) => a.start - b.start || b.end - a.end);
}

/** A user's pattern never reaches into what an earlier one took, and an empty match protects nothing. */
function* userMatches(text: string, pattern: RegExp): Generator<Range> {
  const flags = pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`;
  for (const match of text.matchAll(new RegExp(pattern.source, flags))) {
    if (match[0] === '' || match[0].includes(MASK)) continue;
    yield { start: match.index, end: match.index + match[0].length };
  }
}

function* ruleMatches(
  text: string,
  rule: { pattern: RegExp; trim?: (match: string, before: string) => number },
): Generator<Range> {
  for (const match of text.matchAll(rule.pattern)) {
    const before = text.charAt(match.index - 1);
    const length = rule.trim ? rule.trim(match[0], before) : match[0].length;
    if (length > 0) yield { start: match.index, end: match.index + length };
  }
}

/**
 * Touching spans become one: `<b>{name}</b>` is easier for the model as one word than as three. So do overlapping ones,
 * a tag with a URL inside.
 */
function mergeTouching(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && span.start < last.end) {
      merged[merged.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    } else if (last?.end === span.start) {
      // What is heard last decides the particle, and a closing tag is not heard.
      const silent = span.kind === 'tag' || span.kind === 'emphasis';
      const kind = silent ? last.kind : span.kind;
      merged[merged.length - 1] = { start: last.start, end: span.end, kind };
    } else merged.push(span);
  }
  return merged;
}
