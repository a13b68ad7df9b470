import { cutAt } from '../text/clauses';
import { PLACEHOLDER, placeholderOf, type ProtectedSpan } from '../text/protect';
import type { Tokenizer } from '../tokenizer/tokenizer';

/** What the model reads at once: a sentence, or a part of one that is too long. */
export interface Piece {
  /** Protected text: spans are placeholders, numbered from 0 by first appearance, as the model was trained. */
  readonly text: string;
  readonly spans: readonly ProtectedSpan[];
  /** The tag, the text and `</s>`. */
  readonly ids: readonly number[];
}

/** Tokens by which a piece cut out may be longer than its share of the whole: a first blank, a split word. */
const SLACK = 4;

/**
 * The pieces of a protected sentence, of at most `limit` tokens each, cut at clauses. Undefined where a piece has no place
 * to cut.
 */
export function makePieces(
  sentence: { readonly text: string; readonly spans: readonly ProtectedSpan[] },
  tokenizer: Tokenizer,
  tag: string,
  limit: number,
): Piece[] | undefined {
  const encode = (text: string) => tokenizer.encode(`${tag} ${text}`).ids;
  const whole = { ...sentence, ids: encode(sentence.text) };
  if (whole.ids.length <= limit) return [whole];
  const tokensBefore = tokenCounter(tokenizer, sentence.text);
  const share = limit - encode('').length - SLACK;
  const pieces = cutAt(
    sentence.text,
    [],
    (start, end) => tokensBefore(end) - tokensBefore(start) > share,
  ).map(({ start, end }) => {
    const part = renumber(sentence.text.slice(start, end), sentence.spans);
    return { ...part, ids: encode(part.text) };
  });
  return pieces.every(({ ids }) => ids.length <= limit) ? pieces : undefined;
}

/** How many tokens of the text begin before an offset; one encoding for all the questions of the search for cuts. */
function tokenCounter(tokenizer: Tokenizer, text: string): (offset: number) => number {
  const { spans } = tokenizer.encode(text, { addSpecialTokens: false });
  const before = new Uint32Array(text.length + 1);
  for (const { start } of spans) if (start >= 0) before[start + 1] = (before[start + 1] ?? 0) + 1;
  for (let i = 1; i <= text.length; i++) before[i] = (before[i] ?? 0) + (before[i - 1] ?? 0);
  return (offset) => before[offset] ?? 0;
}

/** A part of a protected text by itself: its own placeholders from 0, with their own counts. */
function renumber(
  text: string,
  spans: readonly ProtectedSpan[],
): { text: string; spans: ProtectedSpan[] } {
  const byPlaceholder = new Map(spans.map((span) => [span.placeholder, span]));
  const own = new Map<string, ProtectedSpan>();
  const renumbered = text.replaceAll(PLACEHOLDER, (placeholder) => {
    const span = byPlaceholder.get(placeholder);
    if (!span) return placeholder;
    const known = own.get(placeholder);
    const name = known?.placeholder ?? placeholderOf(own.size);
    own.set(placeholder, { ...span, placeholder: name, count: (known?.count ?? 0) + 1 });
    return name;
  });
  return { text: renumbered, spans: [...own.values()] };
}
