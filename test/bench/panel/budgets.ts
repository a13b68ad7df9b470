/** What the panel has to keep to on a machine of two cores without a GPU; 33.4 ms are two frames of a screen with 60. */
export interface Budget {
  readonly name: string;
  /** Milliseconds at most, or mebibytes. */
  readonly most: number;
  readonly statistic: 'median' | 'p95' | 'value';
}

export const BUDGETS = {
  pictures: { name: 'overview: pictures of 144 heads', most: 4, statistic: 'median' },
  overview: { name: 'overview, complete redraw', most: 33.4, statistic: 'median' },
  paint: { name: 'head: levels through the table of colours', most: 2, statistic: 'median' },
  decode: { name: 'head: half to single precision', most: 2, statistic: 'median' },
  matrix: { name: 'head view, complete redraw', most: 33.4, statistic: 'median' },
  restyle: { name: 'restyle of both texts', most: 2, statistic: 'median' },
  pointer: { name: 'frame while the pointer moves over the map', most: 33.4, statistic: 'p95' },
  zoom: { name: 'frame while zooming', most: 33.4, statistic: 'p95' },
  pan: { name: 'frame while panning', most: 33.4, statistic: 'p95' },
  openHead: { name: 'open a head, from key to screen', most: 100, statistic: 'p95' },
  openPanel: { name: 'open the panel, from load to first answer', most: 1500, statistic: 'median' },
  heap: { name: 'heap of the page with 64 heads (MiB)', most: 120, statistic: 'value' },
  metrics: { name: 'metrics of 144 maps, in the engine', most: 1000, statistic: 'median' },
  thumbnails: { name: 'thumbnails of 144 maps, in the engine', most: 500, statistic: 'median' },
  rollout: { name: 'encoder rollout, in the engine', most: 500, statistic: 'median' },
  openHeadEditor: {
    name: 'open a head in VS Code, from key to screen',
    most: 100,
    statistic: 'p95',
  },
  echo: { name: 'hover in the panel to mark in the editor', most: 50, statistic: 'p95' },
} as const satisfies Record<string, Budget>;

export type BudgetName = keyof typeof BUDGETS;
