import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import type { View } from '../view';

export function createFlowView(strings: PanelStrings): View {
  return {
    id: 'flow',
    root: element('div', { 'aria-label': strings.table }),
    show: () => undefined,
  };
}
