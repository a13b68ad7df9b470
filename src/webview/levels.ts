/** Weights as levels from 0 to 255 of a colour table. */
import type { AttentionMap } from '../attention/attentionMap';
import { forRow } from '../attention/attentionMap';
import type { PanelState } from '../protocol/panelState';

type Scale = PanelState['scale'];

/** log10 of the least weight that the logarithmic scale tells apart, relative to the top of the range. */
const LOG_FLOOR = -4;
/** The diverging scale ends at 1/16 and 16 times uniform attention, unless a map or row sets it. */
const LOG2_LIMIT = 4;

/** What the colours stand for; the legend says it. `top` is NaN where every row has its own. */
export interface ColourRange {
  readonly scale: Scale;
  readonly domain: PanelState['domain'];
  /** Weight at level 255; with `uniform` how many times uniform attention. */
  readonly top: number;
  /** Weight at level 0. */
  readonly bottom: number;
}

export interface Levels {
  /** [queries, keys] */
  readonly values: Uint8Array<ArrayBuffer>;
  readonly range: ColourRange;
}

/**
 * @param visible [queries], n_i: keys that each query sees
 * @param weighted weights are times value norms, so that 1 is no bound: the range is then the map's instead of 0 to 1
 */
export function levelsOf(
  map: AttentionMap,
  visible: Float32Array,
  state: Pick<PanelState, 'scale' | 'domain'>,
  weighted: boolean,
): Levels {
  const { scale } = state;
  const domain = weighted && state.domain === 'fixed' && scale !== 'uniform' ? 'map' : state.domain;
  const values = new Uint8Array(map.weights.length);
  const { queries, keys } = map;
  const overall = domain === 'map' ? topOf(map, visible, scale, 0, queries) : NaN;
  const fixed = scale === 'uniform' ? LOG2_LIMIT : 1;
  for (let query = 0; query < queries; query++) {
    const top =
      domain === 'fixed'
        ? fixed
        : domain === 'map'
          ? overall
          : topOf(map, visible, scale, query, query + 1);
    const count = visible[query] ?? 0;
    forRow(map, query, (key, weight) => {
      const at = query * keys + key;
      values[at] = Math.round(255 * position(weight, top, count, scale));
    });
  }
  const top = domain === 'row' ? NaN : domain === 'map' ? overall : fixed;
  return { values, range: rangeOf(scale, domain, top) };
}

/** Where a weight stands in its range, 0 to 1; with `uniform` 0.5 is 1 / `visible`. */
export function position(weight: number, top: number, visible: number, scale: Scale): number {
  if (scale === 'uniform') {
    if (weight <= 0 || !(top > 0)) return weight > 0 ? 0.5 : 0;
    return clamp((Math.log2(weight * visible) / top + 1) / 2);
  }
  if (!(top > 0)) return 0;
  const share = clamp(weight / top);
  switch (scale) {
    case 'sqrt':
      return Math.sqrt(share);
    case 'linear':
      return share;
    case 'log':
      return share === 0 ? 0 : clamp(1 - Math.log10(share) / LOG_FLOOR);
  }
}

function rangeOf(scale: Scale, domain: PanelState['domain'], top: number): ColourRange {
  if (scale === 'uniform') return { scale, domain, top: 2 ** top, bottom: 2 ** -top };
  return { scale, domain, top, bottom: scale === 'log' ? 10 ** LOG_FLOOR * top : 0 };
}

/** The greatest weight of rows, or with `uniform` the farthest power of two from uniform attention. */
function topOf(
  map: AttentionMap,
  visible: Float32Array,
  scale: Scale,
  from: number,
  to: number,
): number {
  let top = 0;
  for (let query = from; query < to; query++) {
    const count = visible[query] ?? 0;
    forRow(map, query, (_key, weight) => {
      if (scale !== 'uniform') top = Math.max(top, weight);
      else if (weight > 0) top = Math.max(top, Math.abs(Math.log2(weight * count)));
    });
  }
  return scale === 'uniform' ? Math.min(top, 10) : top;
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/**
 * Level of detail: the greatest level of each block, so that a single strong cell stays visible when cells are smaller than
 * pixels. [height, width]
 */
export function pooledLevels(
  values: Uint8Array,
  rows: number,
  columns: number,
  height: number,
  width: number,
): Uint8Array<ArrayBuffer> {
  const pooled = new Uint8Array(height * width);
  for (let row = 0; row < rows; row++) {
    const into = Math.floor((row * height) / rows) * width;
    for (let column = 0; column < columns; column++) {
      const at = into + Math.floor((column * width) / columns);
      const value = values[row * columns + column] ?? 0;
      if (value > (pooled[at] ?? 0)) pooled[at] = value;
    }
  }
  return pooled;
}
