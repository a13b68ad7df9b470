import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import type { View } from '../view';

export function createModelView(strings: PanelStrings): View {
  return {
    id: 'model',
    root: element('div', { 'aria-label': strings.table }),
    show: () => undefined,
  };
}
