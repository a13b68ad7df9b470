import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import type { View } from '../view';

export function createOverviewView(strings: PanelStrings): View {
  return {
    id: 'overview',
    root: element('div', { 'aria-label': strings.table }),
    show: () => undefined,
  };
}
