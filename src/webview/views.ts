import type { PanelStrings } from '../protocol/panelStrings';
import { createAlignmentView } from './alignment/view';
import { createFlowView } from './flow/view';
import { createMatrixView } from './matrix/view';
import { createModelView } from './model/view';
import { createOverviewView } from './overview/view';
import { createStepsView } from './steps/view';
import { createTextView } from './text/view';
import type { View } from './view';

/** The views in the order of their tabs. */
export function createViews(strings: PanelStrings): readonly View[] {
  return [
    createOverviewView(strings),
    createMatrixView(strings),
    createTextView(strings),
    createAlignmentView(strings),
    createStepsView(strings),
    createFlowView(strings),
    createModelView(strings),
  ];
}
