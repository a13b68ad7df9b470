import { MOST_VECTOR_CELLS, mapToSvg } from '../../attention/svg';
import { cssColour } from '../colour';
import { element } from '../dom';
import { headLabel } from '../headMarks';
import { paint } from '../paint';
import type { Label, ViewContext } from '../view';
import type { Plane } from './plane';

/** Maps one below the other as they are coloured on the screen, each a drawing of its own inside the file. */
export function matrixSvg(
  { colours, strings, state }: Pick<ViewContext, 'colours' | 'strings' | 'state'>,
  planes: readonly Plane[],
  omitText: boolean,
): string {
  const drawings = planes.map((plane) => {
    const table = plane.range.scale === 'uniform' ? colours.diverging : colours.weights;
    const queries = plane.rows.length;
    const keys = plane.columns.length;
    const { causal } = plane.shown.map;
    // Levels instead of weights: a row may have a range of its own.
    const weights = Float32Array.from(plane.levels);
    return mapToSvg({
      map: { weights, queries, keys, causal: causal && queries === keys },
      queries: labels(plane.rows, plane.shown.queryLabels, omitText),
      keys: labels(plane.columns, plane.shown.keyLabels, omitText),
      title: `${strings[state.kind]} ${plane.heads.map(headLabel).join(' + ')}`,
      colour: (level) => cssColour(table, level),
      ...(queries * keys > MOST_VECTOR_CELLS ? { image: imageOf(plane, table) } : {}),
    });
  });
  const [only] = drawings;
  return drawings.length === 1 && only !== undefined ? only : stacked(drawings);
}

function labels(lines: Int32Array, all: readonly Label[], omitText: boolean): string[] {
  return Array.from(lines, (line) => (omitText ? String(line + 1) : (all[line]?.text ?? '')));
}

function imageOf(plane: Plane, table: Uint8ClampedArray<ArrayBuffer>): string {
  const canvas = element('canvas');
  paint(canvas, plane.levels, plane.rows.length, plane.columns.length, table);
  return canvas.toDataURL('image/png');
}

/** Drawings inside a drawing; each says its own size in its first tag. */
export function stacked(drawings: readonly string[]): string {
  let top = 0;
  let widest = 0;
  const placed = drawings.map((drawing) => {
    const size = /^<svg [^>]*?width="([\d.]+)" height="([\d.]+)"/.exec(drawing);
    const at = drawing.replace('<svg ', `<svg y="${top}" `);
    widest = Math.max(widest, Number(size?.[1] ?? 0));
    top += Number(size?.[2] ?? 0);
    return at;
  });
  const size = `width="${widest}" height="${top}" viewBox="0 0 ${widest} ${top}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${placed.join('')}</svg>\n`;
}
