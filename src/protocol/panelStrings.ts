import type { ModelStrings } from './modelStrings';
import type { ReadingStrings } from './readingStrings';
import type { ShellStrings } from './shellStrings';

/** Texts of the panel in the display language; the webview has no access to the editor's localization. */
export interface PanelStrings extends ShellStrings, ReadingStrings, ModelStrings {
  readonly encoder: string;
  readonly decoder: string;
  readonly cross: string;
  readonly layer: string;
  readonly head: string;
  readonly table: string;
  readonly source: string;
  readonly output: string;
  readonly query: string;
  readonly key: string;
  readonly weight: string;
  readonly rank: string;
  readonly sortBy: string;
  readonly position: string;
  readonly entropy: string;
  readonly confidence: string;
  readonly previous: string;
  readonly self: string;
  readonly next: string;
  readonly sinkMass: string;
  readonly normalizedEntropy: string;
  readonly effectiveKeys: string;
  readonly previousShare: string;
  readonly nextShare: string;
  readonly diagonality: string;
  readonly uniformDiagonality: string;
  readonly monotonicity: string;
  readonly distance: string;
  readonly sinkKey: string;
  readonly specialMass: string;
  readonly firstMass: string;
  readonly scale: string;
  readonly caveat: string;
  readonly waiting: string;
}
