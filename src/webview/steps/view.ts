import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import type { View } from '../view';

export function createStepsView(strings: PanelStrings): View {
  return {
    id: 'steps',
    root: element('div', { 'aria-label': strings.table }),
    show: () => undefined,
  };
}
