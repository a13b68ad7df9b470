import type { CsvTable, ExportOptions, ExportParts } from '../export/parts';
import { canvasBlob } from '../export/canvas';
import { encodeArray } from '../export/json';
import { headLabel } from '../headMarks';
import type { Label, ViewContext } from '../view';
import type { Plane } from './plane';
import { strongestKeys } from './strongest';
import { matrixSvg } from './svg';

/** What a map exports: the filtered weights that are shown, with their labels. */
export function matrixExports(
  context: ViewContext,
  planes: readonly Plane[],
  picture: (scale: number, omitText: boolean) => HTMLCanvasElement,
): ExportParts {
  return {
    png: (scale, { omitText }) => canvasBlob(picture(scale, omitText)),
    svg: ({ omitText }) => matrixSvg(context, planes, omitText),
    json: (options) => planes.map((plane) => jsonOf(plane, options)),
    csv: (options) =>
      planes.flatMap((plane) => {
        const suffix = planes.length > 1 ? `-${plane.heads.map(headLabel).join('+')}` : '';
        return [matrixTable(plane, options, suffix), topTable(plane, options, suffix)];
      }),
  };
}

function jsonOf(plane: Plane, options: ExportOptions): unknown {
  const { map, kept, excluded, queryLabels, keyLabels } = plane.shown;
  return {
    heads: plane.heads.map(headLabel),
    queries: queryLabels.map((label, index) => jsonLabel(label, index, options)),
    keys: keyLabels.map((label, index) => jsonLabel(label, index, options)),
    rows: [...plane.rows],
    columns: [...plane.columns],
    kept: [...kept],
    excluded: [...excluded],
    weights: encodeArray(map.weights, [map.queries, map.keys]),
  };
}

function jsonLabel({ text, special, tokens }: Label, index: number, { omitText }: ExportOptions) {
  return { text: omitText ? String(index + 1) : text, special, tokens };
}

function nameOf(labels: readonly Label[], index: number, { omitText }: ExportOptions): string {
  return omitText ? String(index + 1) : (labels[index]?.text ?? '');
}

function matrixTable(plane: Plane, options: ExportOptions, suffix: string): CsvTable {
  const { map, queryLabels, keyLabels } = plane.shown;
  const header = ['', ...Array.from(plane.columns, (key) => nameOf(keyLabels, key, options))];
  const rows = Array.from(plane.rows, (query) => [
    nameOf(queryLabels, query, options),
    ...Array.from(plane.columns, (key) => map.weights[query * map.keys + key] ?? 0),
  ]);
  return { name: `matrix${suffix}`, rows: [header, ...rows] };
}

function topTable(plane: Plane, options: ExportOptions, suffix: string): CsvTable {
  const { queryLabels, keyLabels } = plane.shown;
  const rows = strongestKeys(plane).flatMap(({ row, keys }) =>
    keys.map(({ column, weight }, index) => [
      row + 1,
      nameOf(queryLabels, row, options),
      index + 1,
      column + 1,
      nameOf(keyLabels, column, options),
      weight,
    ]),
  );
  return {
    name: `top${suffix}`,
    rows: [['query', 'queryText', 'rank', 'key', 'keyText', 'weight'], ...rows],
  };
}
