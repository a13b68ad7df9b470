import { AppError } from '../common/errors';
import type { AttentionMap } from './attentionMap';
import { sees, weightAt } from './attentionMap';

/** A file of more cells is slow to open in any program; larger maps come as one picture. */
export const MOST_VECTOR_CELLS = 4096;

export interface SvgOptions {
  readonly map: Pick<AttentionMap, 'weights' | 'queries' | 'keys' | 'causal'>;
  /** One label for each row and for each column, shown as they are. */
  readonly queries: readonly string[];
  readonly keys: readonly string[];
  readonly title: string;
  /** CSS colour of a weight. */
  readonly colour: (weight: number) => string;
  /** A data URL of the cells as a picture of one pixel each: needed where there are more than MOST_VECTOR_CELLS. */
  readonly image?: string;
}

const CELL = 14;
const GAP = 6;
const FONT = 11;
/** Width of a character, about: SVG has no layout to ask. Wide ones take a whole em. */
const NARROW = 0.6 * FONT;
const MOST_LABEL = 24;

/**
 * A map as a drawing of its own: queries down, keys across, what a causal query cannot see hatched. Text is text, so that it can
 * be searched and edited. Throws invalidArgument if labels and map do not fit, or an image is missing.
 */
export function mapToSvg({ map, queries, keys, title, colour, image }: SvgOptions): string {
  if (queries.length !== map.queries || keys.length !== map.keys)
    throw new AppError('invalidArgument', 'labels do not fit the map');
  const cells = map.queries * map.keys;
  if (cells > MOST_VECTOR_CELLS && image === undefined)
    throw new AppError('invalidArgument', `${cells} cells need an image`);
  const rowLabels = queries.map(shortened);
  const columnLabels = keys.map(shortened);
  const left = Math.max(0, ...rowLabels.map(widthOf)) + 2 * GAP;
  const head = 2 * FONT + 2 * GAP;
  const top = head + Math.max(0, ...columnLabels.map(widthOf)) + GAP;
  const width = Math.ceil(Math.max(left + map.keys * CELL, widthOf(title)) + 2 * GAP);
  const height = Math.ceil(top + map.queries * CELL + 2 * GAP);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="${FONT}">`,
    `<title>${escapeXml(title)}</title>`,
    '<defs><pattern id="unseen" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="1" height="4" fill="#999"/></pattern></defs>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${GAP}" y="${GAP + FONT}" font-weight="bold">${escapeXml(title)}</text>`,
  ];
  rowLabels.forEach((label, row) => {
    const y = top + row * CELL + CELL / 2;
    parts.push(
      text(label, `x="${left - GAP}" y="${y}" text-anchor="end" dominant-baseline="central"`),
    );
  });
  columnLabels.forEach((label, column) => {
    const x = left + column * CELL + CELL / 2;
    const y = top - GAP;
    parts.push(
      text(label, `transform="translate(${x} ${y}) rotate(-90)" dominant-baseline="central"`),
    );
  });
  const area = `x="${left}" y="${top}" width="${map.keys * CELL}" height="${map.queries * CELL}"`;
  if (map.causal) parts.push(`<rect ${area} fill="url(#unseen)"/>`);
  if (cells > MOST_VECTOR_CELLS)
    parts.push(
      `<image ${area} href="${escapeXml(image ?? '')}" preserveAspectRatio="none" style="image-rendering:pixelated"/>`,
    );
  else parts.push(...cellsOf(map, colour, left, top));
  parts.push(`<rect ${area} fill="none" stroke="#666"/>`, '</svg>', '');
  return parts.join('\n');
}

function* cellsOf(
  map: SvgOptions['map'],
  colour: (weight: number) => string,
  left: number,
  top: number,
): Generator<string> {
  for (let query = 0; query < map.queries; query++) {
    for (let key = 0; key < map.keys; key++) {
      if (!sees(map, query, key)) continue;
      const fill = escapeXml(colour(weightAt(map, query, key)));
      const place = `x="${left + key * CELL}" y="${top + query * CELL}"`;
      yield `<rect ${place} width="${CELL}" height="${CELL}" fill="${fill}"/>`;
    }
  }
}

function text(label: string, attributes: string): string {
  return `<text ${attributes} xml:space="preserve">${escapeXml(label)}</text>`;
}

/** Of at most MOST_LABEL characters, an ellipsis for the rest. */
function shortened(label: string): string {
  const characters = Array.from(label);
  return characters.length <= MOST_LABEL
    ? label
    : `${characters.slice(0, MOST_LABEL - 1).join('')}…`;
}

function widthOf(label: string): number {
  let width = 0;
  for (const character of label) width += (character.codePointAt(0) ?? 0) < 0x1100 ? NARROW : FONT;
  return Math.ceil(width);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for content and attributes of XML 1.0; characters that it cannot hold at all become U+FFFD. */
export function escapeXml(value: string): string {
  return value
    .replace(
      // eslint-disable-next-line no-control-regex -- exactly those that XML forbids
      /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '\ufffd',
    )
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
