import type { TransformerConfig } from '../transformer/config';
import { int64, type Tensors } from './runtime';

/** The encoder's inputs [B, S] for a batch of sources, padded to the longest of them. */
export function readSources(
  { padTokenId }: TransformerConfig,
  sources: readonly (readonly number[])[],
): { readonly feeds: Tensors; readonly length: number } {
  const length = Math.max(...sources.map((source) => source.length));
  const padded = (value: (source: readonly number[], at: number) => number) =>
    int64(
      sources.flatMap((source) => Array.from({ length }, (_, at) => value(source, at))),
      [sources.length, length],
    );
  const feeds = {
    source_ids: padded((source, at) => source[at] ?? padTokenId),
    source_mask: padded((source, at) => Number(at < source.length)),
  };
  return { feeds, length };
}
