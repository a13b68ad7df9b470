import { cssColour } from '../colour';
import type { Scene, Shape } from '../drawing/scene';
import { formatWeight } from '../format';
import { dataTable } from '../table';
import type { Label, ShownMap, ViewContext } from '../view';
import type { Anchor } from './anchor';
import { anchorWeights, meanWeights, strongest } from './anchors';
import type { Box } from './curves';
import type { HeadLink } from './links';
import type { TextMarks } from './tokenText';

const MOST = 10;

/** The ten strongest tokens of what is hovered or pinned, a column a head; of every query if nothing is. */
export function textTable(
  { strings, locale }: ViewContext,
  shown: readonly ShownMap[],
  heads: readonly string[],
  anchor: Anchor | undefined,
  caption: string,
): HTMLElement {
  const [first] = shown;
  const weights = heads.map((head) =>
    heads.length > 1 ? `${strings.head} ${head}` : strings.weight,
  );
  if (!first) return dataTable(caption, [], []);
  if (anchor) {
    const labels = anchor.direction === 'to' ? first.keyLabels : first.queryLabels;
    const lists = shown.map(({ map }) => anchorWeights(map, anchor.direction, anchor.lines));
    const rows = strongest(meanWeights(lists), MOST).map((line, rank) => [
      String(rank + 1),
      labels[line]?.text ?? '',
      ...lists.map((list) => formatWeight(list[line] ?? 0, locale)),
    ]);
    const name = anchor.direction === 'to' ? strings.key : strings.query;
    return dataTable(caption, [strings.rank, name, ...weights], rows);
  }
  const rows = first.queryLabels.map(({ text }, query) => [
    text,
    ...shown.map(({ map, keyLabels }) => {
      const row = anchorWeights(map, 'to', [query]);
      return strongest(row, MOST)
        .map((key) => `${keyLabels[key]?.text ?? ''} ${formatWeight(row[key] ?? 0, locale)}`)
        .join(', ');
    }),
  ]);
  return dataTable(caption, [strings.query, ...weights], rows);
}

/** One row a link, with the places of both ends and their texts unless they are left out. */
export function linkRows(
  [first]: readonly ShownMap[],
  heads: readonly string[],
  links: readonly HeadLink[],
  omitText: boolean,
): (string | number)[][] {
  const named = (labels: readonly Label[] | undefined, line: number) =>
    omitText ? [line] : [line, labels?.[line]?.text ?? ''];
  const columns = omitText
    ? ['head', 'query', 'key', 'weight']
    : ['head', 'query', 'query_text', 'key', 'key_text', 'weight'];
  return [
    columns,
    ...links.map(({ head, query, key, weight }) => [
      heads[head] ?? '',
      ...named(first?.queryLabels, query),
      ...named(first?.keyLabels, key),
      weight,
    ]),
  ];
}

/** Room for a text's marks around its tokens, CSS pixels. */
const MARGIN = 8;

export interface SceneBlock {
  readonly labels: readonly Label[];
  readonly boxes: readonly Box[];
  readonly marks: TextMarks;
}

/** The texts as they stand on the page, with their shading and links. */
export function textScene(
  { colours }: ViewContext,
  blocks: readonly SceneBlock[],
  links: readonly Shape[],
  omitText: boolean,
): Scene {
  const { theme, weights: table } = colours;
  const all = blocks.flatMap(({ boxes }) => boxes);
  const shapes = blocks.flatMap(({ labels, boxes, marks }) =>
    boxes.flatMap((box, line): Shape[] => {
      const { left: x, top: y, width, height } = box;
      const weight = marks.weights?.[line] ?? 0;
      const level = 255 * Math.sqrt(Math.min(1, weight));
      const name = omitText ? String(line) : (labels[line]?.text ?? '');
      const size = Math.round(height * 0.55);
      const text = { x: x + 2, y: y + height * 0.7, text: name, fill: theme.foreground, size };
      const anchored = marks.anchors?.has(line) === true;
      return [
        // A bar rather than a ground, so that the text can be read whatever the colour.
        ...(weight > 0
          ? ([
              {
                shape: 'rect',
                x,
                y: y + height - 3,
                width,
                height: 3,
                fill: cssColour(table, level),
              },
            ] as const)
          : []),
        ...(anchored
          ? ([{ shape: 'rect', x, y, width, height, stroke: theme.focus }] as const)
          : []),
        { shape: 'text', ...text },
      ];
    }),
  );
  return {
    width: Math.max(0, ...all.map(({ left, width }) => left + width)) + MARGIN,
    height: Math.max(0, ...all.map(({ top, height }) => top + height)) + 2 * MARGIN,
    background: theme.background,
    font: theme.font,
    shapes: [...links, ...shapes],
  };
}
