import type { AttentionRun } from '../../protocol/attentionRun';
import type { AttentionKind } from '../../attention/headMetrics';
import type { PanelStrings } from '../../protocol/panelStrings';
import { visibleToken } from '../dom';
import { fill, formatMetric, formatShare, formatWeight } from '../format';
import { headLabel } from '../headMarks';
import { rankOf, type Plane } from './plane';

/** A cell of the plane, by row and column of what is shown. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

interface Words {
  readonly run: AttentionRun;
  readonly kind: AttentionKind;
  readonly strings: PanelStrings;
  readonly locale: string;
}

/** Exactly what a cell holds, without its head: the line under the map and the tooltip. */
export function describeCell(plane: Plane, place: CellPlace, words: Words): string {
  const { strings, locale } = words;
  const { map, excluded } = plane.shown;
  const [query, key] = linesAt(plane, place);
  const weight = map.weights[query * map.keys + key] ?? 0;
  const who = `${describeQuery(plane, place, words)} ${describeKey(plane, place, strings)}`;
  if (key >= (plane.shown.reach[query] ?? 0)) return `${who} ${sentence(strings.future)}`;
  const visible = plane.visible[place.row] ?? 1;
  const parts = [
    `${capital(strings.weight)} ${formatWeight(weight, locale)}`,
    `${formatMetric(weight * visible, locale)} ${strings.timesUniform}`,
    `${strings.rank} ${rankOf(map, query, key)}`,
  ];
  const entropy = formatMetric(plane.entropy[place.row] ?? 0, locale);
  const received = formatMetric(plane.received[place.column] ?? 0, locale);
  const special = formatShare(excluded[query] ?? 0, locale);
  const rest = [
    capital(fill(strings.rowEntropy, entropy)),
    fill(strings.excluded, special),
    `${strings.key} ${fill(strings.received, received)}`,
  ];
  return `${who} ${sentence(parts.join(', '))} ${sentence(rest.join(', '))}`;
}

/** As a screen reader says it: which head, then the cell. Several heads side by side give a weight each. */
export function speakCell(planes: readonly Plane[], place: CellPlace, words: Words): string {
  const { strings, locale } = words;
  const [first] = planes;
  if (!first) return '';
  const [query, key] = linesAt(first, place);
  const heads = first.heads.map(headLabel).join(', ');
  const [only] = first.heads;
  const title =
    planes.length === 1 && first.heads.length === 1 && only
      ? `${strings[words.kind]}, ${strings.layer} ${only.layer + 1}, ${
          only.head < 0 ? strings.meanOfHeads : `${strings.head} ${only.head + 1}`
        }.`
      : `${strings[words.kind]}, ${planes.length === 1 ? heads : planes.map((plane) => plane.heads.map(headLabel).join(', ')).join('; ')}.`;
  if (planes.length === 1) return `${title} ${describeCell(first, place, words)}`;
  const weights = planes.map((plane) => {
    const { map } = plane.shown;
    const weight = map.weights[query * map.keys + key] ?? 0;
    return `${plane.heads.map(headLabel).join(', ')}: ${formatWeight(weight, locale)}`;
  });
  const who = `${describeQuery(first, place, words)} ${describeKey(first, place, strings)}`;
  return `${title} ${who} ${sentence(`${capital(strings.weight)} ${weights.join(', ')}`)}`;
}

export function linesAt(plane: Plane, { row, column }: CellPlace): [query: number, key: number] {
  return [plane.rows[row] ?? 0, plane.columns[column] ?? 0];
}

/** A decoder's row has two names: what it predicts, and the input it stands at. */
function describeQuery(plane: Plane, { row }: CellPlace, words: Words): string {
  const { strings, run, kind } = words;
  const line = plane.rows[row] ?? 0;
  const label = plane.shown.queryLabels[line];
  const reads = plane.shown.rows === 'input';
  const name = kind === 'encoder' ? strings.query : reads ? strings.reads : strings.predicts;
  const place = fill(strings.place, line + 1, plane.shown.queryLabels.length);
  const first = label?.tokens[0] ?? 0;
  const [word, side] = reads ? [strings.predicts, run.predicted] : [strings.input, run.target];
  const other =
    kind === 'encoder' ? '' : ` (${lower(word)} ${visibleToken(side[first]?.text ?? '')})`;
  return sentence(`${name} ${label?.text ?? ''}${other}, ${place}`);
}

function describeKey(plane: Plane, { column }: CellPlace, strings: PanelStrings): string {
  const line = plane.columns[column] ?? 0;
  const place = fill(strings.place, line + 1, plane.shown.keyLabels.length);
  return sentence(`${strings.key} ${plane.shown.keyLabels[line]?.text ?? ''}, ${place}`);
}

function sentence(text: string): string {
  return `${capital(text)}.`;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
