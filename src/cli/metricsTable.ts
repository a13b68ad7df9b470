import { headMetrics, type AttentionKind, type HeadMetrics } from '../attention/headMetrics';
import type { InspectResult, Tensor } from '../engine/types';

/** Keys that are no words of the text. */
export interface SpecialTokens {
  readonly source: ReadonlySet<number>;
  readonly target: ReadonlySet<number>;
  /** Place of `</s>` in the source. */
  readonly sourceEnd: number;
}

/** One row per kind, layer and head (from 0) with every measure of src/attention; empty where one has no meaning. */
export function metricsTable(result: InspectResult, special: SpecialTokens): string {
  const rows = [
    ...kindRows('encoder', result.enc, special),
    ...kindRows('decoder', result.dec, special),
    ...kindRows('cross', result.cross, special),
  ];
  const names = Object.keys(rows[0]?.metrics ?? {}) as (keyof HeadMetrics)[];
  const lines = rows.map(({ place, metrics }) =>
    [...place, ...names.map((name) => cell(metrics[name]))].join(','),
  );
  return [['kind', 'layer', 'head', ...names].join(','), ...lines, ''].join('\n');
}

interface Row {
  readonly place: readonly [AttentionKind, number, number];
  readonly metrics: HeadMetrics;
}

/** `maps` is [layers, heads, queries, keys]. */
function* kindRows(kind: AttentionKind, maps: Tensor, special: SpecialTokens): Generator<Row> {
  const [layers = 0, heads = 0, queries = 0, keys = 0] = maps.dims;
  const all = kind === 'decoder' ? special.target : special.source;
  const end = new Set(kind === 'decoder' ? [] : [special.sourceEnd]);
  for (let layer = 0; layer < layers; layer++) {
    for (let head = 0; head < heads; head++) {
      const start = (layer * heads + head) * queries * keys;
      const weights = maps.data.subarray(start, start + queries * keys);
      const map = { weights, queries, keys, causal: kind === 'decoder' };
      yield { place: [kind, layer, head], metrics: headMetrics(map, kind, { all, end }) };
    }
  }
}

function cell(value: number): string {
  return Number.isNaN(value) ? '' : String(Number(value.toPrecision(7)));
}
