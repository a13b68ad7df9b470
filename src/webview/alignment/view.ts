import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import type { View } from '../view';

export function createAlignmentView(strings: PanelStrings): View {
  return {
    id: 'alignment',
    root: element('div', { 'aria-label': strings.table }),
    show: () => undefined,
  };
}
