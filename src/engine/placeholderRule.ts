import { MAX_PLACEHOLDERS, placeholderOf } from '../text/protect';
import type { Tokenizer } from '../tokenizer/tokenizer';

/** The tokens that stand for protected spans. */
export function placeholderIds(tokenizer: Tokenizer): ReadonlySet<number> {
  const names = Array.from({ length: MAX_PLACEHOLDERS }, (_, number) => placeholderOf(number));
  return new Set(names.flatMap((name) => tokenizer.tokenToId(name) ?? []));
}

/**
 * What the search of one source may write: every placeholder as often as the source has it, and no end before all are there.
 * Another translation is refused afterwards anyway; known at every step, the search spends its beams on those that may
 * stand (Hokamp and Liu 2017 search for outputs that hold given words).
 */
export class PlaceholderRule {
  private readonly counts = new Map<number, number>();
  private readonly total: number;

  constructor(
    private readonly placeholders: ReadonlySet<number>,
    source: readonly number[],
    private readonly endTokenId: number,
  ) {
    const own = source.filter((id) => placeholders.has(id));
    for (const id of own) this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
    this.total = own.length;
  }

  /** Whether `id` may follow `ids`, which keep the rule themselves. */
  allows(ids: readonly number[], id: number): boolean {
    const { counts, endTokenId, placeholders, total } = this;
    if (id === endTokenId) return ids.filter((other) => placeholders.has(other)).length === total;
    if (!placeholders.has(id)) return true;
    return ids.filter((other) => other === id).length < (counts.get(id) ?? 0);
  }
}
