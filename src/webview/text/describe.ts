import type { PanelStrings } from '../../protocol/panelStrings';
import { fill, formatShare, formatWeight } from '../format';
import type { ShownMap } from '../view';
import type { Anchor } from './anchor';
import { strongest } from './anchors';
import type { LinkChoice } from './links';

/** What is shown, in words: the anchors and the three strongest lines of the other block. */
export function describeAnchor(
  strings: PanelStrings,
  locale: string,
  { queryLabels, keyLabels }: ShownMap,
  anchor: Anchor,
  weights: Float32Array,
): string {
  const to = anchor.direction === 'to';
  const [from, other] = to ? [queryLabels, keyLabels] : [keyLabels, queryLabels];
  const names = anchor.lines.map((line) => `“${from[line]?.text ?? ''}”`).join(' ');
  const most = strongest(weights, 3).map(
    (line) => `“${other[line]?.text ?? ''}” ${formatWeight(weights[line] ?? 0, locale)}`,
  );
  return `${fill(to ? strings.anchorTo : strings.anchorBy, names)}: ${most.join(', ')}.`;
}

/** The share of the anchors' rows that the filters leave; nothing where they take nothing. */
export function describeKept(
  strings: PanelStrings,
  locale: string,
  { kept }: ShownMap,
  anchor: Anchor,
): string {
  if (anchor.direction !== 'to') return '';
  const sum = anchor.lines.reduce((total, line) => total + (kept[line] ?? 1), 0);
  const share = sum / anchor.lines.length;
  return share > 0.9995 ? '' : `${fill(strings.kept, formatShare(share, locale))}.`;
}

export function describeLinks(
  strings: PanelStrings,
  locale: string,
  { links, total }: LinkChoice,
): string {
  const number = new Intl.NumberFormat(locale);
  return `${fill(strings.linksShown, number.format(links.length), number.format(total))}.`;
}
