import type { TransformerConfig } from '../transformer/config';
import { fullBatch, positionRoom } from './fixedShapes';
import { int64, type Tensors } from './runtime';

/** The encoder's inputs [B, S] for a batch of sources, padded to the longest of them or to the next of the fixed shapes. */
export function readSources(
  { config, fixedShapes }: { readonly config: TransformerConfig; readonly fixedShapes?: boolean },
  sources: readonly (readonly number[])[],
): { readonly feeds: Tensors; readonly batch: number; readonly length: number } {
  const { padTokenId, maxPositions } = config;
  const longest = Math.max(...sources.map((source) => source.length));
  const length = fixedShapes ? positionRoom(longest, maxPositions) : longest;
  const rows = fixedShapes ? fullBatch(sources) : sources;
  const padded = (value: (source: readonly number[], at: number) => number) =>
    int64(
      rows.flatMap((source) => Array.from({ length }, (_, at) => value(source, at))),
      [rows.length, length],
    );
  const feeds = {
    source_ids: padded((source, at) => source[at] ?? padTokenId),
    source_mask: padded((source, at) => Number(at < source.length)),
  };
  return { feeds, batch: rows.length, length };
}
