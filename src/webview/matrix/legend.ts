import type { PanelStrings } from '../../protocol/panelStrings';
import type { ColourTable } from '../colour';
import { element } from '../dom';
import { fill, formatWeight } from '../format';
import type { ColourRange } from '../levels';
import { paint } from '../paint';

const LEVELS = Uint8Array.from({ length: 256 }, (_, level) => level);

/** What the colours stand for: scale and range, always. */
export class Legend {
  readonly root: HTMLElement;
  private readonly bar = element('canvas', { class: 'legend-bar', 'aria-hidden': true });
  private readonly text = element('span');

  constructor(private readonly strings: PanelStrings) {
    this.root = element('p', { class: 'legend' }, this.bar, this.text);
  }

  show(range: ColourRange, colours: ColourTable, weighted: boolean, locale: string): void {
    const table = range.scale === 'uniform' ? colours.diverging : colours.weights;
    paint(this.bar, LEVELS, 1, LEVELS.length, table);
    this.text.textContent = legendText(range, this.strings, weighted, locale);
  }
}

export function legendText(
  { scale, domain, top, bottom }: ColourRange,
  strings: PanelStrings,
  weighted: boolean,
  locale: string,
): string {
  const ownRow = Number.isNaN(top);
  const least = scale === 'log' && ownRow ? '10⁻⁴ ×' : formatWeight(ownRow ? 0 : bottom, locale);
  const most = ownRow ? strings.domain_row : formatWeight(top, locale);
  const [low, high] =
    scale === 'uniform' && !ownRow
      ? [`${least} ${strings.timesUniform}`, `${most} ${strings.timesUniform}`]
      : [least, most];
  const text = fill(strings.legend, strings[`scale_${scale}`], low, high);
  const where = domain === 'fixed' ? strings.legendFixed : strings[`domain_${domain}`];
  return `${text} (${where}${weighted ? `, ${strings.legendWeighted}` : ''})`;
}
