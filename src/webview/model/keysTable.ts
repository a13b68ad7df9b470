import type { HeadDetail } from '../../protocol/attentionQueries';
import type { PanelStrings } from '../../protocol/panelStrings';
import type { Table } from '../colour';
import { element } from '../dom';
import { fill, formatWeight } from '../format';
import { formatFixed } from './part';
import { strip } from './strip';

/** So many rows are read at a glance; there is a button for the others. */
const MOST_KEYS = 40;

export interface KeysLook {
  readonly strings: PanelStrings;
  readonly locale: string;
  readonly keys: readonly string[];
  readonly query: string;
  /** The key that is looked at number by number. */
  readonly key: number;
  readonly all: boolean;
  /** Value at the ends of the strips' scale. */
  readonly limit: number;
  readonly colours: Table;
  readonly choose: (key: number) => void;
  readonly showAll: () => void;
}

/** The `count` keys of the largest weights, the largest first. */
export function strongestKeys(weights: Float32Array, count: number): number[] {
  return [...weights.keys()]
    .sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b)
    .slice(0, count);
}

/** A line for each key: its vector, score, scaled score, mask, softmax and value. */
export function keysTable(detail: HeadDetail, look: KeysLook): HTMLElement {
  const { strings, all, query } = look;
  const count = detail.weights.length;
  const shown = all || count <= MOST_KEYS ? count : MOST_KEYS;
  const rows = strongestKeys(detail.weights, shown)
    .sort((a, b) => a - b)
    .map((key) => keyRow(detail, key, look));
  const heads = [
    strings.key,
    strings.modelKeyVector,
    strings.modelScore,
    strings.modelScaled,
    strings.modelMask,
    strings.modelSoftmax,
    strings.modelValueVector,
  ].map((name) => element('th', { scope: 'col' }, name));
  const caption = fill(strings.modelKeysTable, query);
  const table = element(
    'table',
    { class: 'keys-table' },
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  );
  const region = { class: 'table', role: 'region', tabindex: 0, 'aria-label': caption };
  const root = element('div', {}, element('div', region, table));
  if (shown < count) {
    const button = element('button', { type: 'button', class: 'link' }, strings.modelAllKeys);
    button.addEventListener('click', look.showAll);
    const note = fill(strings.modelShownKeys, shown, count);
    root.prepend(element('p', { class: 'muted' }, `${note} `, button));
  }
  return root;
}

function keyRow(detail: HeadDetail, key: number, look: KeysLook): HTMLElement {
  const { strings, locale, limit, colours } = look;
  const vector = (all: Float32Array): HTMLElement => {
    const size = all.length / detail.weights.length;
    return strip(all.subarray(key * size, (key + 1) * size), limit, colours);
  };
  const visible = detail.mask[key] === 1;
  const weight = detail.weights[key] ?? 0;
  const bar = element('span', { class: 'measure-bar', 'aria-hidden': 'true' });
  bar.style.width = `${Math.round(60 * weight)}px`;
  const name = element(
    'button',
    {
      type: 'button',
      class: 'link key-name',
      'data-key': key,
      'aria-pressed': String(key === look.key),
    },
    `${key + 1}: ${look.keys[key] ?? ''}`,
  );
  name.addEventListener('click', () => look.choose(key));
  return element(
    'tr',
    { class: visible ? '' : 'hidden-key' },
    element('th', { scope: 'row' }, name),
    element('td', {}, vector(detail.keyVectors)),
    element('td', { class: 'number' }, formatFixed(detail.scores[key] ?? 0, locale)),
    element('td', { class: 'number' }, formatFixed(detail.scaled[key] ?? 0, locale)),
    element('td', {}, visible ? strings.modelVisible : `−∞ ${strings.modelHidden}`),
    element('td', { class: 'with-bar' }, formatWeight(weight, locale), bar),
    element('td', {}, vector(detail.valueVectors)),
  );
}
