/**
 * Texts for titles, one-liners and explanations. As in a translation, code and the like become placeholders; unlike there,
 * what is written may leave them out, since a title does not say everything. It may not bring one of its own.
 */
import { fixParticles } from './particles';
import { PLACEHOLDER, protectSpans, type ProtectedSpan, type RestoredSpan } from './protect';
import { proseSentences } from './prose';
import type { Span } from './span';
import { findSpans } from './spans';
import type { Language } from '../common/language';
import { passagePlaces } from './passagePlaces';
import { TAGS } from './tags';

export interface TaskSource {
  /** What the model reads, without the tag. */
  readonly text: string;
  readonly spans: readonly ProtectedSpan[];
  /** Where each unit of the text with its spans stands in what was given, -1 for what stands for none of it. */
  readonly places: readonly number[];
  /** Not the whole text. */
  readonly cut: boolean;
}

/**
 * The beginning of a passage, as many of its sentences as `fits` takes (a protected text -> does the model read it whole?).
 * Undefined where there is no sentence, or the first is too long already.
 */
export function passageSource(
  passage: string,
  patterns: readonly RegExp[],
  fits: (text: string) => boolean,
): TaskSource | undefined {
  const sentences = proseSentences(passage);
  const attempt = (count: number): Attempt | undefined => {
    const text = sentences
      .slice(0, count)
      .map((sentence) => sentence.text)
      .join(' ');
    const { plain, spans, kept } = withoutMarkup(text, findSpans(text, patterns));
    const guarded = protectSpans(plain, spans);
    return guarded.fits && fits(guarded.text) ? { ...guarded, kept } : undefined;
  };
  // More sentences never fit where fewer did not.
  let low = 0;
  let high = sentences.length;
  let best: Attempt | undefined;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const found = attempt(middle);
    if (found) {
      best = found;
      low = middle;
    } else high = middle - 1;
  }
  if (!best) return undefined;
  const { text, spans, kept } = best;
  const joined = passagePlaces(passage, sentences.slice(0, low));
  const places = kept.map((unit) => joined[unit] ?? -1);
  return { text, spans, places, cut: low < sentences.length };
}

/** `kept`: units of the joined sentences that the text with its spans is made of. */
type Attempt = Pick<TaskSource, 'text' | 'spans'> & { readonly kept: readonly number[] };

/** Bold marks and the targets of links say nothing about the subject. Spans are ordered. */
function withoutMarkup(
  text: string,
  spans: readonly Span[],
): { plain: string; spans: readonly Span[]; kept: readonly number[] } {
  let plain = '';
  let end = 0;
  let kept: number[] = [];
  const left: Span[] = [];
  const take = (from: number, to: number): void => {
    plain += text.slice(from, to);
    for (let unit = from; unit < to; unit++) kept.push(unit);
  };
  for (const span of spans) {
    take(end, span.start);
    end = span.end;
    const linked = span.kind === 'link' && plain.endsWith('](') && text[end] === ')';
    const open = linked ? plain.lastIndexOf('[') : -1;
    if (open >= 0) {
      const removed = plain.slice(open).startsWith('[') ? 1 : 0;
      const label = plain.slice(open + 1, -2);
      plain = plain.slice(0, open) + label;
      kept = [...kept.slice(0, open), ...kept.slice(open + removed, open + removed + label.length)];
      for (const [index, other] of left.entries()) {
        if (other.start <= open) continue;
        left[index] = { ...other, start: other.start - removed, end: other.end - removed };
      }
      end++;
    } else if (span.kind !== 'emphasis') {
      left.push({ ...span, start: plain.length, end: plain.length + span.end - span.start });
      take(span.start, span.end);
    }
  }
  take(end, text.length);
  return { plain, spans: left, kept };
}

const tags = Object.values(TAGS).flatMap((byLanguage) => Object.values(byLanguage));
const SPECIAL_TOKEN = new RegExp(
  `<(?=${['<c\\d+>', '</s>', '<pad>', '<unk>', '<nl>', ...tags].map((token) => token.slice(1)).join('|')})`,
  'gu',
);

/** A command or lines of code as the model reads them: as they are, line ends marked, special tokens taken apart. */
export function codeSource(code: string): string {
  return code
    .trim()
    .replaceAll(SPECIAL_TOKEN, '< ')
    .replaceAll(/\s*(?:\r\n|\r|\n)\s*/gu, ' <nl> ');
}

/** What the model wrote with the spans in it; undefined where it holds a placeholder that the source does not have. */
export function taskOutput(
  written: string,
  spans: readonly ProtectedSpan[],
  language: Language,
): string | undefined {
  const output = written.replaceAll(/\s*<nl>\s*/gu, ' ').trim();
  const byPlaceholder = new Map(spans.map((span) => [span.placeholder, span]));
  const ranges: RestoredSpan[] = [];
  let text = '';
  let end = 0;
  for (const match of output.matchAll(PLACEHOLDER)) {
    const span = byPlaceholder.get(match[0]);
    if (!span) return undefined;
    text += output.slice(end, match.index);
    ranges.push({
      start: text.length,
      end: text.length + span.text.length,
      kind: span.kind,
      text: span.text,
    });
    text += span.text;
    end = match.index + match[0].length;
  }
  text += output.slice(end);
  return language === 'ko' ? fixParticles(text, ranges) : text;
}
