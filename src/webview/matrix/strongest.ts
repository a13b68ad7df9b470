import { keysByWeight } from '../../attention/filters';
import { formatWeight } from '../format';
import { dataTable } from '../table';
import type { ViewContext } from '../view';
import type { Plane } from './plane';

const MOST_KEYS = 10;
/** A row of ten cells for each of so many queries; beyond that a row's keys are in one cell, for the sake of speed. */
const MOST_CELLS_ROWS = 128;

/** The table twin of a map: each query with its strongest keys. */
export function strongestTable(plane: Plane, { strings, state, locale }: ViewContext): HTMLElement {
  const rows = strongestKeys(plane).map(({ query, keys }) => ({
    query,
    keys: keys.map(({ key, weight }) => `${key} ${formatWeight(weight, locale)}`),
  }));
  const first =
    state.kind === 'encoder'
      ? strings.query
      : state.rows === 'input'
        ? strings.reads
        : strings.predicts;
  const separate = rows.length <= MOST_CELLS_ROWS;
  const columns = separate
    ? [first, ...Array.from({ length: MOST_KEYS }, (_, index) => `${strings.key} ${index + 1}`)]
    : [first, strings.strongestKeys];
  return dataTable(
    strings.tokenTable,
    columns,
    rows.map(({ query, keys }) => (separate ? [query, ...keys] : [query, keys.join(', ')])),
  );
}

export interface StrongestKeys {
  readonly query: string;
  readonly row: number;
  readonly keys: readonly {
    readonly key: string;
    readonly column: number;
    readonly weight: number;
  }[];
}

/** At most ten keys of each query in view, the strongest first; those without weight are left out. */
export function strongestKeys(plane: Plane): StrongestKeys[] {
  const { map, queryLabels, keyLabels } = plane.shown;
  const shown = new Set(plane.columns);
  // With keys out of range all have to be looked at, for the strongest may be among those.
  const count = shown.size === map.keys ? MOST_KEYS : map.keys;
  return [...plane.rows].map((row) => ({
    query: queryLabels[row]?.text ?? '',
    row,
    keys: keysByWeight(map, row, count)
      .filter((key) => shown.has(key))
      .slice(0, MOST_KEYS)
      .map((key) => ({
        key: keyLabels[key]?.text ?? '',
        column: key,
        weight: map.weights[row * map.keys + key] ?? 0,
      }))
      .filter(({ weight }) => weight > 0),
  }));
}
