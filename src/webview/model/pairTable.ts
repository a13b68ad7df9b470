import type { HeadDetail } from '../../protocol/attentionQueries';
import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import { fill } from '../format';
import { dataTable } from '../table';
import { formatFixed } from './part';

export interface PairLook {
  readonly strings: PanelStrings;
  readonly locale: string;
  readonly query: string;
  readonly name: string;
}

/** A query and one key, channel by channel: the products that add up to the score, and what the key's value adds to the output. */
export function pairTable(detail: HeadDetail, key: number, look: PairLook): HTMLElement {
  const { strings, locale, query, name } = look;
  const size = detail.queryVector.length;
  const valueSize = detail.output.length;
  const weight = detail.weights[key] ?? 0;
  const number = (value: number | undefined): string =>
    value === undefined ? '' : formatFixed(value, locale);
  const rows = Array.from({ length: Math.max(size, valueSize) }, (_, channel) => {
    const q = detail.queryVector[channel];
    const k = channel < size ? detail.keyVectors[key * size + channel] : undefined;
    const v = channel < valueSize ? detail.valueVectors[key * valueSize + channel] : undefined;
    return [
      String(channel + 1),
      number(q),
      number(k),
      q === undefined || k === undefined ? '' : number(q * k),
      number(v),
      v === undefined ? '' : number(weight * v),
      number(detail.output[channel]),
    ];
  });
  const sum = [strings.modelSum, '', '', number(detail.scores[key]), '', '', ''];
  const columns = [strings.modelChannel, 'q', 'k', 'q × k', 'v', 'a × v', 'Σ a v'];
  const caption = fill(strings.modelStepPair, query, name);
  const table = dataTable(caption, columns, [sum, ...rows]);
  table.classList.add('pair-table');
  return element('div', {}, table);
}
