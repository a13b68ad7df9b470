import { cssColour } from '../colour';
import { element } from '../dom';
import { headLabel } from '../headMarks';
import { paint } from '../paint';
import type { ViewContext } from '../view';
import type { Plane } from './plane';

/** More cells than this are embedded as a picture: editors of vector graphics choke on them. */
const MOST_RECTS = 4096;
const CELL = 14;
const LEFT = 110;
const TOP = 96;
const SPACE = 30;

/** Maps one below the other, labels as text. Everything is written by number or escaped: a token cannot become markup. */
export function matrixSvg(
  { colours, strings, state }: ViewContext,
  planes: readonly Plane[],
  omitText: boolean,
): string {
  const { theme } = colours;
  const parts: string[] = [];
  let width = 0;
  let height = 0;
  for (const plane of planes) {
    const rows = plane.rows.length;
    const columns = plane.columns.length;
    const table = plane.range.scale === 'uniform' ? colours.diverging : colours.weights;
    const title = `${strings[state.kind]} ${plane.heads.map(headLabel).join(' + ')}`;
    parts.push(`<g transform="translate(0 ${height})">`, text(4, 16, 'start', title));
    if (rows * columns <= MOST_RECTS) {
      plane.levels.forEach((level, at) => {
        const x = LEFT + (at % columns) * CELL;
        const y = TOP + Math.floor(at / columns) * CELL;
        const fill = cssColour(table, level);
        parts.push(`<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="${fill}"/>`);
      });
    } else {
      const canvas = element('canvas');
      paint(canvas, plane.levels, rows, columns, table);
      const size = `width="${columns * CELL}" height="${rows * CELL}"`;
      const source = canvas.toDataURL('image/png');
      parts.push(
        `<image x="${LEFT}" y="${TOP}" ${size} image-rendering="pixelated" preserveAspectRatio="none" href="${source}"/>`,
      );
    }
    plane.rows.forEach((line, row) => {
      const label = omitText ? String(line + 1) : (plane.shown.queryLabels[line]?.text ?? '');
      parts.push(text(LEFT - 4, TOP + row * CELL + CELL - 3, 'end', label));
    });
    plane.columns.forEach((line, column) => {
      const label = omitText ? String(line + 1) : (plane.shown.keyLabels[line]?.text ?? '');
      const x = LEFT + column * CELL + CELL - 3;
      parts.push(text(x, TOP - 4, 'start', label, `rotate(-90 ${x} ${TOP - 4})`));
    });
    parts.push('</g>');
    width = Math.max(width, LEFT + columns * CELL + SPACE);
    height += TOP + rows * CELL + SPACE;
  }
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const ground = `<rect width="${width}" height="${height}" fill="${escaped(theme.background)}"/>`;
  const style = `font-family="sans-serif" font-size="10" fill="${escaped(theme.foreground)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${ground}<g ${style}>${parts.join('')}</g></svg>\n`;
}

function text(x: number, y: number, anchor: string, content: string, transform?: string): string {
  const turn = transform === undefined ? '' : ` transform="${transform}"`;
  return `<text x="${x}" y="${y}" text-anchor="${anchor}"${turn}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
