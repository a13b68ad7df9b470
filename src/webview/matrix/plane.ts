/** A map ready to be drawn: which of its rows and columns are there, their labels, levels and marginals. */
import type { AttentionMap } from '../../attention/attentionMap';
import { rowEntropy } from '../../attention/entropy';
import { coverage } from '../../attention/received';
import type { AttentionRun } from '../../protocol/attentionRun';
import type { HeadChoice, PanelState } from '../../protocol/panelState';
import { levelsOf, type ColourRange } from '../levels';
import type { Label, ShownMap } from '../view';

export interface Plane {
  /** Heads whose mean it is; usually one. */
  readonly heads: readonly HeadChoice[];
  readonly shown: ShownMap;
  /** Numbers of the map's rows and columns that are in range and not hidden, in order. */
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  /** [rows, columns], 0 to 255. */
  readonly levels: Uint8Array<ArrayBuffer>;
  readonly range: ColourRange;
  /** [rows] in nats, and relative to ln n_i. */
  readonly entropy: Float32Array;
  readonly relativeEntropy: Float32Array;
  /** [rows], n_i. */
  readonly visible: Float32Array;
  /** [columns], sum over all rows of the map. */
  readonly received: Float32Array;
}

export function createPlane(
  heads: readonly HeadChoice[],
  shown: ShownMap,
  run: AttentionRun,
  state: PanelState,
): Plane {
  const { map } = shown;
  const rows = inRange(shown.queryLabels, shown.querySide === 'source', run, state, undefined);
  const columns = inRange(shown.keyLabels, shown.keySide === 'source', run, state, map.keyMask);
  const { values, range } = levelsOf(map, shown.visible, state, state.valueWeighted);
  const entropy = Float32Array.from(rows, (row) => rowEntropy(map, row));
  const visible = Float32Array.from(rows, (row) => shown.visible[row] ?? 0);
  const sums = coverage(map);
  return {
    heads,
    shown,
    rows,
    columns,
    levels: cropped(values, map, rows, columns),
    range,
    entropy,
    relativeEntropy: entropy.map((value, at) => {
      const most = Math.log(visible[at] ?? 1);
      return most > 0 ? value / most : 0;
    }),
    visible,
    received: Float32Array.from(columns, (column) => sums[column] ?? 0),
  };
}

/** Lines that have a token in the range, if it is of their side, and that no filter has taken away. */
function inRange(
  labels: readonly Label[],
  isSource: boolean,
  run: AttentionRun,
  { range }: PanelState,
  mask: Uint8Array | undefined,
): Int32Array {
  const to = range.to < 0 ? run.source.length : range.to;
  const has = ({ tokens }: Label): boolean =>
    !isSource || tokens.some((token) => token >= range.from && token < to);
  return Int32Array.from(
    labels.flatMap((label, index) => (has(label) && mask?.[index] !== 0 ? [index] : [])),
  );
}

function cropped(
  values: Uint8Array<ArrayBuffer>,
  map: AttentionMap,
  rows: Int32Array,
  columns: Int32Array,
): Uint8Array<ArrayBuffer> {
  if (rows.length === map.queries && columns.length === map.keys) return values;
  const result = new Uint8Array(rows.length * columns.length);
  rows.forEach((row, r) =>
    columns.forEach((column, c) => {
      result[r * columns.length + c] = values[row * map.keys + column] ?? 0;
    }),
  );
  return result;
}

/** Rank of a key in its row, 1 being the greatest weight; equal ones share the better rank. */
export function rankOf(map: AttentionMap, query: number, key: number): number {
  const row = map.weights.subarray(query * map.keys, (query + 1) * map.keys);
  const weight = row[key] ?? 0;
  return row.reduce((rank, other) => (other > weight ? rank + 1 : rank), 1);
}

/** First column of the plane that the query cannot see, for the hatching; the number of columns if it sees all. */
export function firstHidden({ shown, rows, columns }: Plane, row: number): number {
  const reach = shown.reach[rows[row] ?? 0] ?? 0;
  if (reach >= shown.map.keys) return columns.length;
  const at = columns.findIndex((key) => key >= reach);
  return at < 0 ? columns.length : at;
}
