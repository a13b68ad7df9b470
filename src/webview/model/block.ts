import type { ModelBlock } from '../../protocol/attentionQueries';
import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import { fill } from '../format';
import { formatCount, formatShape } from './part';

export interface BlockLook {
  readonly strings: PanelStrings;
  readonly locale: string;
  /** Of all parameters, 0 to 1. */
  readonly share: number;
  /** How many equal blocks the box stands for. */
  readonly times: number;
  readonly tiedName: string | undefined;
}

export function blockName({ kind }: ModelBlock, strings: PanelStrings): string {
  return strings[`modelBlock_${kind}`];
}

/** A box of the diagram: what it is, what it gives, and how many parameters it has. */
export function blockButton(block: ModelBlock, look: BlockLook): HTMLButtonElement {
  const { strings } = look;
  const shapes = [block.inner ? formatShape(block.inner) : '', formatShape(block.shape)];
  const bar = element('span', { class: 'share', 'aria-hidden': 'true' });
  bar.style.width = `${(100 * look.share).toFixed(2)}%`;
  return element(
    'button',
    { type: 'button', class: `box kind-${block.kind}`, 'aria-pressed': 'false' },
    element('span', { class: 'box-name' }, blockName(block, strings)),
    element('span', { class: 'box-shape' }, shapes.filter((shape) => shape !== '').join(' → ')),
    element('span', { class: 'box-count' }, countText(block, look)),
    bar,
  );
}

function countText(block: ModelBlock, { strings, locale, times, tiedName }: BlockLook): string {
  if (tiedName !== undefined) return fill(strings.modelTied, tiedName);
  if (block.parameters === 0) return strings.modelNone;
  const count = formatCount(block.parameters, locale);
  const text = fill(strings.modelParameterCount, count);
  return times > 1 ? fill(strings.modelEach, text) : text;
}
