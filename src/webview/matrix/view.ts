import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import type { View } from '../view';

export function createMatrixView(strings: PanelStrings): View {
  return {
    id: 'matrix',
    root: element('div', { 'aria-label': strings.table }),
    show: () => undefined,
  };
}
