import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import type { View } from '../view';

export function createTextView(strings: PanelStrings): View {
  return {
    id: 'text',
    root: element('div', { 'aria-label': strings.table }),
    show: () => undefined,
  };
}
