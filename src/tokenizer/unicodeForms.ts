import type { AlignedText, Span } from './alignedText';
import { AlignedBuilder } from './alignedText';
import { unitsAt } from './unicode';

export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/**
 * ASCII never changes and never joins what comes before it, so text falls into independent regions: what is not ASCII,
 * with the one ASCII character before it, which a mark may join.
 */
const REGION = /[\0-\x7f]?[^\0-\x7f]+/gu;
/**
 * A run of marks is cut after 512 of them: putting marks in order takes the platform quadratic time (1.5 s for 64,000),
 * and no writing has such runs.
 */
const OVERLONG = /\p{M}{513}/u;
const CUT = /\P{M}*\p{M}{1,512}|\P{M}+/gu;

/** Unicode normalization (UAX 15) that remembers which source characters each result character was made of. */
export function normalizeForm(source: AlignedText, form: UnicodeForm): AlignedText {
  const builder = new AlignedBuilder(source);
  let done = 0;
  const change = (region: string, at: number): void => {
    const normalized = region.normalize(form);
    if (normalized === region) return;
    builder.keep(done, at);
    alignRegion(source, builder, region, at, normalized, form);
    done = at + region.length;
  };
  for (const { 0: region, index } of source.text.matchAll(REGION)) {
    if (!OVERLONG.test(region)) change(region, index);
    else for (const part of region.matchAll(CUT)) change(part[0], index + part.index);
  }
  if (done === 0) return source;
  builder.keep(done, source.length);
  return builder.finish();
}

/**
 * Source and result decompose to the same characters, and reordering is a stable sort by combining class, so the k-th
 * U+0301 of the result's decomposition is the k-th U+0301 of the source's. That tells where each part of a composed
 * character came from without the tables of UAX 15, which the platform does not show. The span of a composed
 * character reaches from its first source to its last; a mark in between that stayed by itself lies inside of it.
 */
function alignRegion(
  source: AlignedText,
  builder: AlignedBuilder,
  region: string,
  offset: number,
  normalized: string,
  form: UnicodeForm,
): void {
  const decompose = decomposer(form === 'NFC' || form === 'NFD' ? 'NFD' : 'NFKD');
  const origins = new Map<string, Queue>();
  for (let at = 0; at < region.length; at += unitsAt(region, at)) {
    const span = source.span(offset + at, offset + at + unitsAt(region, at));
    for (const part of decompose(characterAt(region, at))) {
      const queue = origins.get(part);
      if (queue) queue.spans.push(span);
      else origins.set(part, { spans: [span], next: 0 });
    }
  }
  for (let at = 0; at < normalized.length; at += unitsAt(normalized, at)) {
    const character = characterAt(normalized, at);
    let start = Infinity;
    let end = -1;
    for (const part of decompose(character)) {
      const queue = origins.get(part);
      const span = queue?.spans[queue.next++];
      if (!span || span.start < 0) continue;
      start = Math.min(start, span.start);
      end = Math.max(end, span.end);
    }
    const nowhere = source.startOf(offset);
    builder.put(character, end < 0 ? { start: nowhere, end: nowhere } : { start, end });
  }
}

interface Queue {
  readonly spans: Span[];
  next: number;
}

function characterAt(text: string, at: number): string {
  return text.slice(at, at + unitsAt(text, at));
}

function decomposer(form: 'NFD' | 'NFKD'): (character: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (character) => {
    let parts = known.get(character);
    if (!parts) {
      parts = Array.from(character.normalize(form));
      known.set(character, parts);
    }
    return parts;
  };
}
